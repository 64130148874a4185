import { readArchive, readCompressedTar } from '@slipway/archive';
import { type Artifact, MEDIA_TYPES, parsePurl, SlipwayError } from '@slipway/core';
import type { GateCode } from '../code.ts';
import type { GateFinding, GateRequest } from '../gate.ts';
import { type Control, parseControl } from './control.ts';
import { type PackageJson, type ReadPackageJson, readPackageJson } from './package-json.ts';
import { type PackedFile, toPackedFile } from './packed-file.ts';
import { readDeb, type Unxz } from './read-deb.ts';

interface Package {
	readonly artifact: Artifact;
	/** The package without its version, so that it names the same thing in every release: `npm/@acme/greet`. */
	readonly label: string;
	readonly files: readonly PackedFile[];
}

/** An artifact with what lies in it. */
export type Packed =
	| (Package & {
			readonly kind: 'npm';
			readonly packageJson: PackageJson;
			readonly problems: ReadPackageJson['problems'];
	  })
	| (Package & { readonly kind: 'deb'; readonly control: Control })
	/** Something else: its one file is itself. */
	| (Package & { readonly kind: 'file' });
export type PackedNpm = Extract<Packed, { readonly kind: 'npm' }>;
export type PackedDeb = Extract<Packed, { readonly kind: 'deb' }>;

export const isNpm = ({ mediaType }: Artifact): boolean => mediaType === MEDIA_TYPES.npm;

export const isDeb = ({ mediaType }: Artifact): boolean => mediaType === MEDIA_TYPES.deb;

export const toLabel = ({ purl }: Artifact): string => {
	const { type, namespace, name, qualifiers = {} } = parsePurl(purl);
	return [type, namespace, name, qualifiers.arch].filter((part) => part !== undefined).join('/');
};

const missing = (what: string, file: string) =>
	new SlipwayError<GateCode>('GATE_PACKAGE_INVALID', `${what}: expected a ${file}, found none`, {
		hint: 'Build the package again.',
	});

const MAX_NPM_BYTES = 1024 ** 3;

/** As npm does, the first folder is taken off, whatever it is called. */
const readNpm = async (bytes: Uint8Array): Promise<readonly PackedFile[]> => {
	const limits = { maxTotalBytes: MAX_NPM_BYTES, maxEntryBytes: MAX_NPM_BYTES };
	const { entries } = await readCompressedTar('gzip', bytes, limits);
	return entries
		.filter(({ path }) => path.includes('/'))
		.map((entry) => toPackedFile(entry, (path) => path.slice(path.indexOf('/') + 1)));
};

const findBytes = (files: readonly PackedFile[], path: string): Uint8Array | undefined =>
	files.find((file) => file.type === 'file' && file.path === path)?.bytes;

/**
 * Reads these bytes as the package that `artifact` says they are; they may be those of another version of it.
 * @throws SlipwayError ARCHIVE_*, GATE_PACKAGE_INVALID
 */
export const readPacked = async (artifact: Artifact, bytes: Uint8Array, unxz?: Unxz): Promise<Packed> => {
	const { name: what, size } = artifact;
	const label = toLabel(artifact);
	if (isNpm(artifact)) {
		const files = await readNpm(bytes);
		const text = findBytes(files, 'package.json');
		if (!text) throw missing(what, 'package.json');
		return { kind: 'npm', artifact, label, files, ...readPackageJson(text, what) };
	}
	if (isDeb(artifact)) {
		const files = await readDeb(bytes, { what, unxz });
		const text = findBytes(files, 'DEBIAN/control');
		if (!text) throw missing(what, 'control file');
		return { kind: 'deb', artifact, label, files, control: parseControl(text, what) };
	}
	const file = { path: what, place: what, type: 'file', mode: 0o644, size, bytes } as const;
	return { kind: 'file', artifact, label, files: [file] };
};

/** Where a file of a package is, for findings. */
export const toWhere = ({ artifact, kind }: Packed, { place }: PackedFile, line?: number) => ({
	file: kind === 'file' ? artifact.path : `${artifact.path}!/${place}`,
	...(line === undefined ? {} : { line }),
});

/** A package that cannot be read is found by every gate that looks into it: none passes what it has not seen. */
const toUnreadable = (artifact: Artifact, error: unknown): GateFinding => {
	if (!(error instanceof SlipwayError) || /^(PROCESS_ABORTED|RELEASE_)/.test(error.code)) throw error;
	return {
		id: `${toLabel(artifact)}:unreadable`,
		severity: 'error',
		message: `${artifact.name} cannot be looked into: ${error.code}: ${error.message}`,
		where: { file: artifact.path },
		hint: error.hint,
	};
};

/**
 * Looks into every artifact of a release, or those that are wanted, one after the other, so that one at a time is in memory.
 * @throws SlipwayError RELEASE_* for a release that changed meanwhile
 */
export const lookIntoEach = async (
	{ release, unxz }: GateRequest,
	look: (packed: Packed) => readonly GateFinding[] | Promise<readonly GateFinding[]>,
	wants: (artifact: Artifact) => boolean = () => true,
): Promise<readonly GateFinding[]> => {
	const findings: GateFinding[] = [];
	for (const artifact of release.manifest.artifacts.filter(wants)) {
		try {
			const bytes = await readArchive(release.folder, artifact);
			findings.push(...(await look(await readPacked(artifact, bytes, unxz))));
		} catch (error) {
			findings.push(toUnreadable(artifact, error));
		}
	}
	return findings;
};
