import { gunzipSync } from 'node:zlib';
import type { Context } from '@slipway/core';
import { findPathProblem, toPrintable } from '@slipway/core';
import { MAX_ATTESTATION_BYTES, parseAttestations, toAttestationsPath } from './attestations.ts';
import { toAptError } from './error.ts';
import { toSha256 } from './packages-index.ts';
import { type ListedDeb, parsePackages } from './parse-packages.ts';
import { toByHashPath, toSuitePath } from './paths.ts';
import { readSettled } from './read-settled.ts';
import { type ListedFile, parseRelease, type Release } from './release-file.ts';
import { verifyClearsigned } from './verify-signature.ts';

/** The files of a repository as anybody gets them: from a folder, or over HTTP. */
export interface RepositoryFiles {
	/** null: not there. @throws what reading throws */
	get(
		path: string,
		options: { readonly maxBytes: number; readonly signal: AbortSignal },
	): Promise<Uint8Array | null>;
}

export interface RepositoryCheck {
	readonly suite: string;
	/** Armored public keys, of which one must have signed. */
	readonly keys: readonly string[];
	/** Called with each package file in turn, its bytes checked; what it throws ends the check. */
	readonly onDeb?: (deb: VerifiedDeb) => Promise<void>;
}

/** A package file whose bytes are those that the signed index names. */
export interface VerifiedDeb extends ListedDeb {
	readonly bytes: Uint8Array;
	/** Sigstore bundles that lie beside the pool for this digest, not verified; none where the repository has none. */
	readonly bundles: readonly Uint8Array[];
}

/** A suite of which every file was fetched and compared. */
export interface VerifiedRepository {
	readonly suite: string;
	readonly origin: string;
	/** Of the key that signed. */
	readonly fingerprint: string;
	/** Milliseconds since 1970. */
	readonly date: number;
	readonly validUntil: number | null;
	readonly components: readonly string[];
	readonly architectures: readonly string[];
	/** Indexes whose hash was compared. */
	readonly indexes: number;
	readonly debs: readonly ListedDeb[];
}

const MEBIBYTE = 1024 * 1024;
const MAX_RELEASE = 16 * MEBIBYTE;
const MAX_INDEX = 512 * MEBIBYTE;
const MAX_DEB = 4096 * MEBIBYTE;
/** As apt: Acquire::Max-FutureTime. */
const MAX_AHEAD_MS = 10_000;

const HINT = 'Install nothing from it until you know who changed it.';

interface Checking {
	readonly files: RepositoryFiles;
	readonly check: RepositoryCheck;
	readonly context: Context;
}

/** What a server says where a file is missing may be longer than the file would be. */
export const toMaxBytes = (size: number, most: number): number =>
	Math.min(Math.max(size + 1, 64 * 1024), most);

const get = ({ files, context }: Checking, path: string, maxBytes: number): Promise<Uint8Array | null> =>
	files.get(path, { maxBytes, signal: context.signal });

const checkDates = ({ date, validUntil }: Release, now: number): void => {
	if (date > now + MAX_AHEAD_MS)
		throw toAptError(
			'APT_DATE_AHEAD',
			`the Release file is dated ${new Date(date).toISOString()}, which is in the future`,
			'Set the clock of this machine, or wait.',
		);
	if (validUntil !== null && validUntil < now)
		throw toAptError(
			'APT_REPOSITORY_EXPIRED',
			`the Release file was valid until ${new Date(validUntil).toISOString()}`,
			'Ask its publisher for a newer one: a repository that is held back looks like this.',
		);
};

const readRelease = async (checking: Checking) => {
	const { check, context } = checking;
	const { suite, keys } = check;
	const now = context.clock.now();
	const path = toSuitePath(suite, 'InRelease');
	const bytes = await get(checking, path, MAX_RELEASE);
	if (!bytes)
		throw toAptError(
			'APT_SUITE_UNKNOWN',
			`expected ${path}, found none`,
			'Correct the address or the suite.',
		);
	const signed = await verifyClearsigned(bytes, { keys, now });
	const release = parseRelease(signed.text);
	if (release.suite !== suite && release.codename !== suite)
		throw toAptError(
			'APT_REPOSITORY_OTHER_SUITE',
			`expected the Release file of ${suite}, got a validly signed one of ${toPrintable(release.suite, 200)}`,
			HINT,
		);
	checkDates(release, now);
	return { release, fingerprint: signed.fingerprint, mark: toSha256(bytes) };
};

const verifyBytes = (path: string, bytes: Uint8Array, expected: ListedFile): void => {
	const sha256 = toSha256(bytes);
	if (bytes.length === expected.size && sha256 === expected.sha256) return;
	throw toAptError(
		'APT_BYTES_CHANGED',
		`${path}: expected ${expected.size} bytes with sha256 ${expected.sha256} as signed, got ${bytes.length} bytes with ${sha256}`,
		HINT,
	);
};

/** Both copies are compared where both are there: clients read either. */
const readListed = async (
	checking: Checking,
	path: string,
	listed: ListedFile,
): Promise<Uint8Array | undefined> => {
	const { suite } = checking.check;
	const folder = path.split('/').slice(0, -1).join('/');
	const maxBytes = toMaxBytes(listed.size, MAX_INDEX);
	let found: Uint8Array | undefined;
	for (const copy of [toByHashPath(suite, folder, listed.sha256), toSuitePath(suite, path)]) {
		const bytes = await get(checking, copy, maxBytes);
		if (!bytes) continue;
		verifyBytes(copy, bytes, listed);
		found = bytes;
	}
	return found;
};

/** A Packages file is there plain or compressed; a repository may list forms that it does not keep. */
const readPackages = async (
	checking: Checking,
	release: Release,
	path: string,
): Promise<{ readonly plain: Uint8Array; readonly count: number }> => {
	const [plainListed, gzipListed] = [release.files.get(path), release.files.get(`${path}.gz`)];
	const plain = plainListed && (await readListed(checking, path, plainListed));
	const gzip = gzipListed && (await readListed(checking, `${path}.gz`, gzipListed));
	const count = [plain, gzip].filter((bytes) => bytes !== undefined).length;
	if (plain) return { plain, count };
	if (!gzip || !plainListed)
		throw toAptError(
			'APT_BYTES_MISSING',
			`${toSuitePath(checking.check.suite, path)}: expected the index that the Release file lists, found none`,
			HINT,
		);
	const unpacked = gunzipSync(gzip, { maxOutputLength: Math.min(plainListed.size + 1, MAX_INDEX) });
	verifyBytes(path, unpacked, plainListed);
	return { plain: unpacked, count };
};

const listDebs = async (checking: Checking, release: Release) => {
	const debs = new Map<string, ListedDeb>();
	let indexes = 0;
	for (const path of [...release.files.keys()].filter((name) => /(?:^|\/)Packages$/.test(name))) {
		const { plain, count } = await readPackages(checking, release, path);
		indexes += count;
		for (const deb of parsePackages(plain, path)) {
			const other = debs.get(deb.filename);
			if (other && (other.sha256 !== deb.sha256 || other.size !== deb.size))
				throw toAptError(
					'APT_INDEX_INVALID',
					`${toPrintable(deb.filename, 300)}: two indexes name other bytes for it`,
					HINT,
				);
			debs.set(deb.filename, deb);
		}
	}
	return { debs: [...debs.values()], indexes };
};

const readDeb = async (checking: Checking, deb: ListedDeb): Promise<VerifiedDeb> => {
	const problem = findPathProblem(deb.filename);
	if (problem) throw toAptError('APT_INDEX_INVALID', `an index names a file that ${problem}`, HINT);
	const bytes = await get(checking, deb.filename, toMaxBytes(deb.size, MAX_DEB));
	if (!bytes)
		throw toAptError(
			'APT_BYTES_MISSING',
			`${deb.filename}: expected the package that the index names, found none`,
			HINT,
		);
	verifyBytes(deb.filename, bytes, deb);
	const path = toAttestationsPath(deb.sha256);
	const beside = await get(checking, path, MAX_ATTESTATION_BYTES);
	return { ...deb, bytes, bundles: beside ? parseAttestations(beside, path) : [] };
};

/**
 * Checks a whole suite as anybody may: the signature of InRelease, its dates, the hash of every Packages index and of every
 * package file that they name. While others publish, what is newest counts.
 * @throws SlipwayError APT_*, DEB_STANZA_INVALID, and what reading throws
 */
export const verifyRepository = async (
	files: RepositoryFiles,
	check: RepositoryCheck,
	context: Context,
): Promise<VerifiedRepository> => {
	const checking = { files, check, context };
	const {
		release: { release, fingerprint },
		value: { debs, indexes },
	} = await readSettled(
		() => readRelease(checking),
		(head) => listDebs(checking, head.release),
		context,
	);
	for (const deb of debs) {
		context.signal.throwIfAborted();
		const found = await readDeb(checking, deb);
		await check.onDeb?.(found);
	}
	const { origin, date, validUntil, components, architectures } = release;
	return {
		suite: check.suite,
		origin,
		fingerprint,
		date,
		validUntil,
		components,
		architectures,
		indexes,
		debs,
	};
};
