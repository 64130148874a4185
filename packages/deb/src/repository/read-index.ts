import { SlipwayError } from '@slipway/core';
import { toAptError } from './error.ts';
import { type IndexBlock, readBlocks, toBlocks } from './gzip-blocks.ts';
import { toSha256 } from './packages-index.ts';
import { toByHashPath, toIndexFolder, toSuitePath } from './paths.ts';
import type { Suite } from './read-suite.ts';
import type { ListedFile, Release } from './release-file.ts';
import type { Repository } from './repository.ts';

/** One Packages index of a suite, as its Release file lists it, checked against the hashes there. */
export interface PackagesIndex {
	readonly architecture: string;
	/** Relative to the suite's folder, for example `main/binary-amd64`. */
	readonly folder: string;
	/** None where the Release lists no such index. */
	readonly blocks: readonly IndexBlock[];
	/** In the form that Slipway serves. */
	readonly hasGzip: boolean;
	readonly isListed: boolean;
}

const toBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const tampered = (path: string, listed: ListedFile, bytes: Uint8Array) =>
	toAptError(
		'APT_REPOSITORY_TAMPERED',
		`${path}: expected ${listed.size} bytes with sha256 ${listed.sha256} as signed, got ${bytes.length} bytes with ${toSha256(bytes)}`,
		'Find out who changed the file. Put back the signed bytes before you release.',
	);

interface Place {
	readonly suite: string;
	readonly folder: string;
	readonly file: string;
	readonly listed: ListedFile;
}

/** By-hash is what clients read, and the plain path may already be that of a publish that was cut off. */
const readListed = async ({ store }: Repository, place: Place): Promise<Buffer | undefined> => {
	const { suite, folder, file, listed } = place;
	for (const path of [toByHashPath(suite, folder, listed.sha256), toSuitePath(suite, `${folder}/${file}`)]) {
		const found = await store.read(path);
		if (!found) continue;
		if (found.bytes.length !== listed.size || toSha256(found.bytes) !== listed.sha256)
			throw tampered(path, listed, found.bytes);
		return toBuffer(found.bytes);
	}
	return undefined;
};

const missing = (suite: string, folder: string) =>
	toAptError(
		'APT_REPOSITORY_TAMPERED',
		`dists/${suite}/${folder}/Packages: expected the index that the signed Release lists, found none`,
		'Put the file back: without it every package in it would be dropped.',
	);

/** The text of one index, in blocks. */
export type ReadIndex = Pick<PackagesIndex, 'blocks' | 'hasGzip'>;

/**
 * Reads the index of one architecture, checked against the signed Release: the compressed form, which is all that Slipway
 * keeps, or the plain one where another tool wrote no other. null: none is listed.
 * @throws SlipwayError APT_REPOSITORY_TAMPERED, APT_INDEX_INVALID, STORE_*
 */
export const readIndex = async (
	repository: Repository,
	{ suite, release }: { readonly suite: string; readonly release: Release },
	folder: string,
): Promise<ReadIndex | null> => {
	const read = (file: string): Promise<Buffer | undefined> => {
		const listed = release.files.get(`${folder}/${file}`);
		return listed ? readListed(repository, { suite, folder, file, listed }) : Promise.resolve(undefined);
	};
	const listed = release.files.get(`${folder}/Packages`);
	if (!listed) return null;
	const gzip = await read('Packages.gz');
	if (gzip) return { blocks: readBlocks(gzip, listed.size), hasGzip: true };
	const plain = await read('Packages');
	if (!plain) throw missing(suite, folder);
	return { blocks: toBlocks(plain), hasGzip: false };
};

/** Architectures of the published suite and of the configuration, in this order. */
export const toArchitectures = (repository: Repository, { release }: Suite): readonly string[] => [
	...new Set([...(release?.architectures ?? []), ...repository.architectures]),
];

/**
 * Reads the indexes of a component: one for each architecture, published or configured.
 * @throws SlipwayError APT_REPOSITORY_TAMPERED, STORE_*
 */
export const readIndexes = (
	repository: Repository,
	suite: Suite,
	component: string,
): Promise<readonly PackagesIndex[]> =>
	Promise.all(
		toArchitectures(repository, suite).map(async (architecture) => {
			const folder = toIndexFolder(component, architecture);
			const { release, name } = suite;
			const found = release && (await readIndex(repository, { suite: name, release }, folder));
			return {
				architecture,
				folder,
				blocks: found?.blocks ?? [],
				hasGzip: found?.hasGzip ?? false,
				isListed: found !== null,
			};
		}),
	);

/**
 * What an older Release names: nothing where its index is gone or no longer what was signed, since nobody can read names from
 * it then. A store that does not answer has not said that it is gone: what it may name must not be taken for unnamed.
 */
export const orNothing = async <T>(read: Promise<T>, nothing: T): Promise<T> => {
	try {
		return await read;
	} catch (thrown) {
		if (thrown instanceof SlipwayError && !thrown.code.startsWith('STORE_')) return nothing;
		throw thrown;
	}
};
