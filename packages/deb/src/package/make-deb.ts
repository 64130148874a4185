import { toAr, toGzip, toTarSize } from '@slipway/archive';
import { type Context, toPrintable } from '@slipway/core';
import type { DebPackage } from '@slipway/core/config';
import { toDebianArchitecture } from './architecture.ts';
import { collectFiles } from './collect-files.ts';
import { compressMember, ENDINGS } from './compress-member.ts';
import { toControlFields, toControlText } from './control.ts';
import { toControlTar } from './control-tar.ts';
import { type DataTar, toDataTar } from './data-tar.ts';
import { toDebFileName, toDebPurl } from './deb-name.ts';
import { toDocuments } from './documents.ts';
import { readMaintainerScripts } from './maintainer-scripts.ts';
import { withMd5Sums } from './md5-sums.ts';
import { type Metadata, toMetadata } from './metadata.ts';
import { readPackageJson } from './package-json.ts';
import { toDebianVersion } from './release-version.ts';
import { type TreeItem, toDataEntries } from './tree.ts';

export interface DebRequest {
	readonly definition: DebPackage;
	/** Absolute; sources and package.json are read from it. */
	readonly projectFolder: string;
	/** The release's version, SemVer. */
	readonly version: string;
	/** SOURCE_DATE_EPOCH: seconds since 1970; the time of everything in the package. */
	readonly sourceDateEpoch: number;
	/** For the changelog, one text a change. Default: one line that names the release. */
	readonly changes?: readonly string[];
}

export interface MadeDeb {
	/** NAME_VERSION_ARCHITECTURE.deb, the version without its epoch. */
	readonly fileName: string;
	readonly bytes: Buffer;
	readonly name: string;
	/** Debian version. */
	readonly version: string;
	readonly architecture: string;
	readonly purl: string;
}

/** Everything of a package but its two tars. */
interface Identity {
	readonly version: string;
	readonly architecture: string;
	readonly metadata: Metadata;
}

const toDataItems = async (request: DebRequest, { version, metadata }: Identity): Promise<TreeItem[]> => {
	const { definition, projectFolder, sourceDateEpoch: time } = request;
	const { name, copyright } = definition;
	const items = await collectFiles(definition, projectFolder);
	const taken = new Set(items.map(({ path }) => path));
	const changes = request.changes ?? [`Release ${definition.supersedes ?? request.version}.`];
	const facts = { name, debianVersion: version, metadata, copyright, time, changes };
	return [...items, ...(await toDocuments(facts, projectFolder, (path) => taken.has(path)))];
};

/** A package may carry programs for other machines; mostly it is a mistake. */
const warnOfForeign = (programs: DataTar['programs'], { architecture }: Identity, { log }: Context): void => {
	for (const [path, architectures] of programs)
		if (!architectures.includes(architecture))
			log.warning(
				`/${toPrintable(path)} is a program for ${architectures.join(' or ')}, but the package says ${architecture}`,
			);
};

interface Tars {
	readonly control: Buffer;
	/** Compressed. */
	readonly data: Buffer;
}

/** data.tar is compressed while the sums of its files, that control.tar needs, are still being made. */
const toTars = async (request: DebRequest, identity: Identity, context: Context): Promise<Tars> => {
	const { definition, projectFolder, sourceDateEpoch: mtime } = request;
	const scripts = await readMaintainerScripts(definition.scripts, projectFolder);
	const entries = toDataEntries(await toDataItems(request, identity));
	return withMd5Sums(toTarSize(entries), async (sums) => {
		const tar = toDataTar(entries, { mtime, sums });
		warnOfForeign(tar.programs, identity, context);
		const [data, md5sums] = await Promise.all([
			compressMember(tar.bytes, definition.compression, context),
			tar.md5sums,
		]);
		const { installedSize } = tar;
		const control = toControlText(toControlFields(definition, { ...identity, installedSize }));
		return { control: toControlTar({ control, md5sums, scripts }, mtime), data };
	});
};

const toBytes = (tars: Tars, { definition, sourceDateEpoch: mtime }: DebRequest): Buffer => {
	const members = [
		{ name: 'debian-binary', content: [Buffer.from('2.0\n')] },
		{ name: 'control.tar.gz', content: [toGzip(tars.control)] },
		{ name: `data.tar.${ENDINGS[definition.compression]}`, content: [tars.data] },
	];
	return Buffer.concat([...toAr(members, { mtime })]);
};

/**
 * Makes one .deb byte for byte (deb(5)), without dpkg: the same bytes for every run, user, umask, folder and time zone.
 * @throws SlipwayError DEB_*, JSON_*, PROCESS_*
 */
export const makeDeb = async (request: DebRequest, context: Context): Promise<MadeDeb> => {
	const { definition, projectFolder } = request;
	const { name } = definition;
	const version = toDebianVersion({ ...definition, version: request.version });
	const architecture = toDebianArchitecture(definition.architecture);
	const metadata = toMetadata(definition, await readPackageJson(projectFolder));
	const tars = await toTars(request, { version, architecture, metadata }, context);
	return {
		fileName: toDebFileName(name, version, architecture),
		bytes: toBytes(tars, request),
		name,
		version,
		architecture,
		purl: toDebPurl(name, version, architecture),
	};
};
