import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { hashFile, verifyArchiveFile } from '@slipway/archive';
import { type Context, SlipwayError, toPrintable } from '@slipway/core';
import { BUNDLE_SUFFIX } from '@slipway/core/attestation';
import type { FileVerification, OfferedBundle } from '@slipway/verify';
import type { Door, JoinCode } from './project.ts';
import { openMeans, type TrustOptions, type VerifyMeans } from './verify-means.ts';

/** A file that was verified, with what it was verified by. */
export interface VerifiedFile {
	readonly kind: 'file' | 'npm' | 'deb';
	readonly means: VerifyMeans;
	readonly verification: FileVerification;
	/** What else was looked at, one short phrase each. */
	readonly checks: readonly string[];
	readonly notes: readonly string[];
}

export interface FileOptions extends TrustOptions {
	readonly file: string;
	/** Files with bundles about it; one may hold several, one a line. Default: those found beside it. */
	readonly bundles: readonly string[];
}

interface Offered {
	readonly bundles: readonly OfferedBundle[];
	readonly origin: 'named' | 'found';
}

const MAX_BUNDLE_BYTES = 64 * 1024 * 1024;
const MAX_FOUND = 10_000;

const unreadable = (path: string, cause?: unknown): SlipwayError =>
	new SlipwayError<JoinCode>('PROJECT_UNREADABLE', `cannot read ${toPrintable(path, 300)}`, {
		hint: 'Correct the name of the file.',
		cause,
	});

/** JSON lines hold one bundle a line; everything else is one bundle. */
const split = (path: string, bytes: Buffer): OfferedBundle[] => {
	if (!path.endsWith('.jsonl')) return [{ path, bytes }];
	const lines = bytes
		.toString('utf8')
		.split('\n')
		.filter((line) => line.trim() !== '');
	return lines.map((line, index) => ({ path: `${path}:${index + 1}`, bytes: Buffer.from(line) }));
};

const readBundles = async (path: string): Promise<OfferedBundle[]> => {
	const { size } = await stat(path).catch((cause) => {
		throw unreadable(path, cause);
	});
	if (size > MAX_BUNDLE_BYTES) throw unreadable(`${path}: more than ${MAX_BUNDLE_BYTES} bytes`);
	return split(path, await readFile(path));
};

const listIn = async (folder: string): Promise<string[]> =>
	(await readdir(folder).catch(() => []))
		.filter((name) => name.endsWith(BUNDLE_SUFFIX) || name.endsWith('.jsonl'))
		.sort()
		.slice(0, MAX_FOUND)
		.map((name) => join(folder, name));

/**
 * What lies beside a file: one bundle of its name, or a folder attestations/ beside it, above it, or beside the pool of an
 * apt repository.
 */
const findBundles = async (file: string): Promise<Offered> => {
	const own = `${file}${BUNDLE_SUFFIX}`;
	const [folder, above] = [dirname(file), dirname(dirname(file))];
	const pool = /^(.*)[\\/]pool[\\/]/.exec(file)?.[1];
	const places = [folder, above, ...(pool === undefined ? [] : [pool])].map((place) =>
		join(place, 'attestations'),
	);
	const isThere = await stat(own).then(
		() => true,
		() => false,
	);
	const found = await Promise.all([...new Set(places)].map(listIn));
	const bundles = await Promise.all([...(isThere ? [own] : []), ...found.flat()].map(readBundles));
	return { bundles: bundles.flat(), origin: 'found' };
};

const offer = async (file: string, named: readonly string[]): Promise<Offered> => {
	if (named.length === 0) return findBundles(file);
	const bundles = await Promise.all(named.map((path) => readBundles(resolve(path))));
	return { bundles: bundles.flat(), origin: 'named' };
};

/** Bundles that were named are what is asked about; where they were found, the policy says what has to be among them. */
export const toRequired = ({ policy, isByName }: VerifyMeans, origin: Offered['origin']) =>
	isByName || origin === 'named'
		? []
		: policy.policy.require.attestations.filter((kind) => kind !== 'stage' && kind !== 'revocation');

/** A policy that wants more than the named bundles can show is not met by them, and nobody shall think so. */
const toNotes = (
	{ policy, isByName }: VerifyMeans,
	{ origin, seen }: { origin: Offered['origin']; seen: readonly (string | undefined)[] },
) => {
	const missing = policy.policy.require.attestations.filter((kind) => !seen.includes(kind));
	if (isByName || origin === 'found' || missing.length === 0) return [];
	return [`only the named bundles were looked at: the policy also wants ${missing.join(', ')}`];
};

interface DebChecks {
	readonly kind: VerifiedFile['kind'];
	readonly checks: readonly string[];
}

/** A .deb says in its control file which package it is; a subject that is a purl has to say the same. */
const checkDeb = async (path: string, { attestations }: FileVerification): Promise<DebChecks> => {
	if (!path.endsWith('.deb')) return { kind: 'file', checks: [] };
	const { readDebControl, toDebPurl } = await import('@slipway/deb');
	await verifyArchiveFile(path, { maxEntries: 200_000, absoluteLinks: true });
	const { name, version, architecture } = await readDebControl(await readFile(path));
	const purl = toDebPurl(name, version, architecture);
	const named = attestations.flatMap(({ attestation }) =>
		attestation.statement.subject.map((subject) => subject.name ?? ''),
	);
	const other = named.find((text) => text.startsWith('pkg:') && text !== purl);
	if (other === undefined) return { kind: 'deb', checks: [`control file: ${purl}`] };
	throw new SlipwayError<'VERIFY_CHAIN_MISMATCH'>(
		'VERIFY_CHAIN_MISMATCH',
		`${basename(path)}: its control file says ${purl}, but an attestation speaks of ${toPrintable(other, 300)}`,
		{ hint: 'Do not install it; ask whoever signed which package they meant.' },
	);
};

/**
 * Verifies one file by its attestations: bundles that were named, or found beside it by the file's digest.
 * @throws SlipwayError VERIFY_*, POLICY_*, PROJECT_UNREADABLE, JSON_*
 */
export const verifyOneFile = async (
	door: Door,
	{ file, bundles, ...options }: FileOptions,
	context: Context,
): Promise<VerifiedFile> => {
	const path = resolve(file);
	const { digest } = await hashFile(path).catch((cause) => {
		throw unreadable(path, cause);
	});
	const offered = await offer(path, bundles);
	const means = await openMeans(door, options, context);
	const { verifyFile } = await import('@slipway/verify');
	const { trust, policy, revocations } = means;
	const verification = verifyFile({
		name: basename(path),
		digest: { sha256: digest.sha256, sha512: digest.sha512 ?? '' },
		...offered,
		trust,
		policy,
		revocations,
		clock: context.clock,
		require: toRequired(means, offered.origin),
	});
	const seen = verification.attestations.map(({ kind }) => kind);
	const notes = toNotes(means, { origin: offered.origin, seen });
	return { means, verification, notes, ...(await checkDeb(path, verification)) };
};
