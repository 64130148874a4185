import { type Finding, toPrintable } from '@slipway/core';
import { findField, parseStanzas } from '../package/deb822.ts';
import { type AptCode, toAptError } from './error.ts';
import { toSuitePath } from './paths.ts';
import { parseRelease, type Release } from './release-file.ts';
import { type RepositoryFiles, toMaxBytes } from './verify-repository.ts';
import { verifyClearsigned } from './verify-signature.ts';

/** A suite as another tool published it, its signature verified. */
export interface ServedSuite {
	readonly name: string;
	readonly release: Release;
	/** InRelease as it is served. */
	readonly bytes: Uint8Array;
}

export interface Survey extends ServedSuite {
	/** What takes no part from now on; nothing of it stands in the way. */
	readonly findings: readonly Finding[];
}

export interface SurveyRequest {
	readonly suite: string;
	/** Armored public keys, of which one must have signed. */
	readonly keys: readonly string[];
	/** Of the key that signs from now on. */
	readonly signer: string;
	/** Milliseconds since 1970. */
	readonly now: number;
	readonly signal: AbortSignal;
}

const MAX_RELEASE = 16 * 1024 * 1024;
const MAX_INDEX = 512 * 1024 * 1024;

const refuse = (suite: string, [code, problem, hint]: readonly [AptCode, string, string]) =>
	toAptError(code, `dists/${suite}: ${problem}`, hint);

/** Later tools trust neither MD5 nor SHA-1 (apt: "provides only weak security information"). */
const checkHashes = (suite: string, text: string): void => {
	const [stanza] = parseStanzas(text, 'the Release file');
	if (stanza && findField(stanza, 'SHA256') === undefined)
		throw refuse(suite, [
			'APT_HASHES_WEAK',
			'expected SHA256 sums in the Release file, got none',
			'Let the tool that wrote it write SHA256 sums first: apt refuses weaker ones.',
		]);
};

const checkLayout = (suite: string, { components, architectures }: Release): void => {
	if (components.length > 0 && architectures.length > 0) return;
	throw refuse(suite, [
		'APT_LAYOUT_FLAT',
		'expected Components and Architectures in the Release file, got a flat repository without them',
		'Begin a repository with suites beside it, and let users change their sources.',
	]);
};

/** A Release may name who signs the next one: apt refuses every other key (apt-secure, Signed-By). */
const checkSigner = (suite: string, { others }: Release, signer: string): void => {
	const pinned = others.find(([name]) => name.toLowerCase() === 'signed-by')?.[1];
	const keys = (pinned ?? signer).split(/[\s,]+/).map((key) => key.replace(/!$/, '').toUpperCase());
	if (keys.includes(signer)) return;
	throw refuse(suite, [
		'APT_SIGNER_PINNED',
		`expected a Release that lets ${signer} sign the next one, got Signed-By ${toPrintable(pinned ?? '', 300)}`,
		'Publish once more with the old tool, without Signed-By or with the new key in it, and wait until users have fetched that.',
	]);
};

const readIndexNames = ({ files }: Release): readonly string[] =>
	[...files.keys()].flatMap((path) => /^(.+)\/Packages$/.exec(path)?.[1] ?? []);

const checkCompression = async (
	files: RepositoryFiles,
	{ name, release }: ServedSuite,
	signal: AbortSignal,
): Promise<void> => {
	for (const folder of readIndexNames(release)) {
		if (release.files.has(`${folder}/Packages.gz`)) continue;
		const path = toSuitePath(name, `${folder}/Packages`);
		const maxBytes = toMaxBytes(release.files.get(`${folder}/Packages`)?.size ?? 0, MAX_INDEX);
		if (await files.get(path, { maxBytes, signal })) continue;
		throw refuse(name, [
			'APT_INDEX_COMPRESSION',
			`${folder}: expected the index plain or as Packages.gz, got neither`,
			'Let the tool write it so once more (reprepro: `DebIndices: Packages Release . .gz`).',
		]);
	}
};

/** What stays as it is, byte for byte: kept, listed and signed, but never changed again. */
const LEFT_ALONE: readonly (readonly [what: string, pattern: RegExp])[] = [
	['source packages', /(?:^|\/)Sources(?:\.|$)/],
	['Contents indexes', /(?:^|\/)Contents-/],
	['translations', /(?:^|\/)i18n\//],
	['installer packages', /\/debian-installer\//],
	['AppStream data', /(?:^|\/)dep11\//],
];

const findLeftAlone = ({ name, release }: ServedSuite): readonly Finding[] =>
	LEFT_ALONE.flatMap(([what, pattern]) => {
		const count = [...release.files.keys()].filter((path) => pattern.test(path)).length;
		if (count === 0) return [];
		return {
			severity: 'warning',
			code: 'APT_LEFT_ALONE' satisfies AptCode,
			message: `dists/${name}: ${count} files of ${what} stay as they are: Slipway does not change them`,
			hint: 'Keep them where they are good as they are, or take them out with the old tool first.',
		} as const;
	});

/**
 * Looks at a suite that another tool published: whether Slipway can go on with it, and what it would leave alone.
 * @throws SlipwayError APT_SUITE_UNKNOWN, APT_HASHES_WEAK, APT_LAYOUT_FLAT, APT_SIGNER_PINNED, APT_INDEX_COMPRESSION, and as
 * verifyClearsigned and parseRelease
 */
export const surveySuite = async (files: RepositoryFiles, request: SurveyRequest): Promise<Survey> => {
	const { suite: name, keys, now, signal } = request;
	const path = toSuitePath(name, 'InRelease');
	const bytes = await files.get(path, { maxBytes: MAX_RELEASE, signal });
	if (!bytes)
		throw refuse(name, [
			'APT_SUITE_UNKNOWN',
			'expected InRelease, found none',
			'Correct the suite; where there is only Release.gpg, let the old tool sign InRelease too.',
		]);
	const { text } = await verifyClearsigned(bytes, { keys, now });
	checkHashes(name, text);
	const served = { name, bytes, release: parseRelease(text) };
	checkLayout(name, served.release);
	checkSigner(name, served.release, request.signer);
	await checkCompression(files, served, signal);
	return { ...served, findings: findLeftAlone(served) };
};
