import { gunzipSync } from 'node:zlib';
import type { Context } from '@slipway/core';
import { compareDebianVersions } from '../package/debian-version.ts';
import { toAptError } from '../repository/error.ts';
import { findStanzas, type IndexStanza, toSha256 } from '../repository/packages-index.ts';
import { toByHashPath, toIndexFolder, toSuitePath } from '../repository/paths.ts';
import { type ListedFile, parseRelease, type Release } from '../repository/release-file.ts';
import { verifyClearsigned } from '../repository/verify-signature.ts';
import type { RepositoryClient, Sight, Source, Wanted } from './client.ts';
import { openServedFiles, type ServedFiles } from './served-files.ts';

const MEBIBYTE = 1024 * 1024;
const MAX_RELEASE = 16 * MEBIBYTE;
const MAX_INDEX = 512 * MEBIBYTE;
const MAX_DEB = 4096 * MEBIBYTE;
/** As apt: Acquire::Max-FutureTime. */
const MAX_AHEAD_MS = 10_000;

const refuse = (message: string) =>
	toAptError('APT_CLIENT_FAILED', message, 'This is what users of the repository see now.');

interface Reading {
	readonly source: Source;
	readonly served: ServedFiles;
	readonly context: Context;
}

const fetchFile = async (
	{ served, context }: Reading,
	path: string,
	maxBytes: number,
): Promise<Uint8Array> => {
	const bytes = await served.get(path, { maxBytes, signal: context.signal });
	if (!bytes) throw refuse(`${path}: expected the file, got 404`);
	return bytes;
};

const checkDates = ({ date, validUntil }: Release, now: number): void => {
	if (date > now + MAX_AHEAD_MS)
		throw refuse(`the Release file is not valid yet: dated ${new Date(date).toISOString()}`);
	if (validUntil !== null && validUntil < now)
		throw refuse(`the Release file is expired: valid until ${new Date(validUntil).toISOString()}`);
};

const readRelease = async (reading: Reading): Promise<Release> => {
	const { source, context } = reading;
	const now = context.clock.now();
	const bytes = await fetchFile(reading, toSuitePath(source.suite, 'InRelease'), MAX_RELEASE);
	const release = parseRelease((await verifyClearsigned(bytes, { keys: [source.key], now })).text);
	if (release.suite !== source.suite && release.codename !== source.suite)
		throw refuse(`expected the Release file of ${source.suite}, got that of ${release.suite}`);
	checkDates(release, now);
	return release;
};

const verifyListed = (path: string, bytes: Uint8Array, listed: ListedFile): Uint8Array => {
	if (bytes.length === listed.size && toSha256(bytes) === listed.sha256) return bytes;
	throw refuse(
		`${path}: Hash Sum mismatch, expected ${listed.size} bytes with sha256 ${listed.sha256}, got ${bytes.length} with ${toSha256(bytes)}`,
	);
};

/** By-hash first, then the plain path, as apt does. */
const readListed = async (reading: Reading, path: string, listed: ListedFile): Promise<Uint8Array> => {
	const { source, served, context } = reading;
	const folder = path.split('/').slice(0, -1).join('/');
	const options = { maxBytes: Math.min(listed.size + 1, MAX_INDEX), signal: context.signal };
	const byHash = await served.get(toByHashPath(source.suite, folder, listed.sha256), options);
	const bytes = byHash ?? (await fetchFile(reading, toSuitePath(source.suite, path), options.maxBytes));
	return verifyListed(path, bytes, listed);
};

const readIndex = async (reading: Reading, release: Release, architecture: string): Promise<Buffer> => {
	const folder = toIndexFolder(reading.source.component, architecture);
	const plain = release.files.get(`${folder}/Packages`);
	if (!plain) throw refuse(`the Release file lists no ${folder}/Packages`);
	const compressed = release.files.get(`${folder}/Packages.gz`);
	if (!compressed) return Buffer.from(await readListed(reading, `${folder}/Packages`, plain));
	const packed = await readListed(reading, `${folder}/Packages.gz`, compressed);
	const bytes = gunzipSync(packed, { maxOutputLength: Math.min(plain.size + 1, MAX_INDEX) });
	verifyListed(`${folder}/Packages`, bytes, plain);
	return bytes;
};

const findHighest = (stanzas: readonly IndexStanza[]): IndexStanza | undefined =>
	stanzas.toSorted((a, b) => compareDebianVersions(a.version, b.version)).at(-1);

const lookAt = async (reading: Reading, index: Buffer, { name, architecture }: Wanted): Promise<Sight> => {
	const stanzas = findStanzas(index, name).filter(
		(stanza) => stanza.architecture === architecture || stanza.architecture === 'all',
	);
	const versions = stanzas.map(({ version }) => version);
	const highest = findHighest(stanzas);
	if (!highest) return { resolved: undefined, versions };
	const bytes = await fetchFile(reading, highest.filename, MAX_DEB);
	const sha256 = toSha256(bytes);
	if (sha256 !== highest.sha256)
		throw refuse(`${highest.filename}: Hash Sum mismatch, expected sha256 ${highest.sha256}, got ${sha256}`);
	return { resolved: { version: highest.version, sha256 }, versions };
};

/** Reads the repository as apt does, for machines without apt: signature, suite, dates, hashes, highest version. */
export const builtInClient: RepositoryClient = {
	name: 'built-in reader (no apt on this machine)',
	look: async (source, wanted, context) => {
		const reading = { source, served: openServedFiles(source.url), context };
		const release = await readRelease(reading);
		const sights: Sight[] = [];
		const indexes = new Map<string, Buffer>();
		for (const wish of wanted) {
			const { architecture } = wish;
			const index = indexes.get(architecture) ?? (await readIndex(reading, release, architecture));
			indexes.set(architecture, index);
			sights.push(await lookAt(reading, index, wish));
		}
		return sights;
	},
};
