import { hashBytes } from '@slipway/archive';
import {
	type Context,
	type Digest,
	isSameDigest,
	SlipwayError,
	type Subject,
	toMessage,
	type Verification,
} from '@slipway/core';
import type { NpmCode } from '../code.ts';
import { toFileStem } from '../package-name.ts';
import { hadProvenance, verifyPublished } from '../provenance/verify-published.ts';
import { parseSha512 } from '../registry/integrity.ts';
import type { Packument, VersionManifest } from '../registry/read-packument.ts';
import { fetchTarball } from './fetch-tarball.ts';
import { isOwnMark } from './marks.ts';
import { type Downloaded, downloadWithNpm } from './npm-client.ts';
import { readPackage } from './read.ts';
import { LATEST } from './tags.ts';
import { type Target, toName, toTarball } from './target.ts';

const BUILT_IN = 'built-in reader';

const failed = (code: NpmCode, message: string, hint: string): SlipwayError =>
	new SlipwayError<NpmCode>(code, message, { hint });

const HINT_WAIT = 'A registry may need minutes to show what it accepted. Run the same command again.';
const HINT_ALARM = 'Do not install it. Withdraw the release and find out who published these bytes.';

const verifyDigest = (what: string, found: Partial<Digest>, expected: Partial<Digest>): void => {
	if (isSameDigest(found, expected)) return;
	const name = found.sha512 !== undefined && expected.sha512 !== undefined ? 'sha512' : 'sha256';
	throw failed(
		'NPM_DIGEST_MISMATCH',
		`${what}: expected ${name} ${expected[name]}, got ${found[name]}`,
		HINT_ALARM,
	);
};

const findManifest = (subject: Subject, packument: Packument | undefined): VersionManifest => {
	const manifest = packument?.version(subject.version);
	if (manifest) return manifest;
	const what = `${toName(subject)}@${subject.version}`;
	throw failed('NPM_NOT_VISIBLE', `expected ${what} on the registry, found none yet`, HINT_WAIT);
};

interface Shown {
	readonly packument: Packument | undefined;
	readonly state: 'hidden' | 'exposed';
	readonly context: Context;
}

/** The registry's own entry and the bytes behind it are those of the plan. */
const verifyBytes = async (
	target: Target,
	subject: Subject,
	{ packument, state, context }: Shown,
): Promise<readonly string[]> => {
	const manifest = findManifest(subject, packument);
	const { digest } = toTarball(subject);
	const what = `${manifest.name}@${manifest.version}`;
	const sha512 = parseSha512(manifest.dist.integrity);
	if (sha512 !== undefined) verifyDigest(`${what}, dist.integrity`, { sha512 }, digest);
	const tarball = await fetchTarball(target, manifest, context);
	if (tarball.state !== 'found')
		throw failed('NPM_NOT_VISIBLE', `expected the tarball of ${what}, found none yet`, HINT_WAIT);
	verifyDigest(`${what}, tarball`, hashBytes(tarball.value).digest, digest);
	const published = {
		manifest,
		sha512: digest.sha512,
		own: await target.provenance(toTarball(subject)),
		isExpected: hadProvenance(packument, [subject.pointer.previous]),
		state,
	};
	return ['packument', 'tarball sha512', ...(await verifyPublished(target, published, context))];
};

const verifyTag = (subject: Subject, packument: Packument | undefined, expected: string | null): void => {
	const { name: tag } = subject.pointer;
	const current = packument?.tags.get(tag) ?? null;
	if (current === expected) return;
	throw failed(
		'NPM_POINTER_WRONG',
		`${toName(subject)}: expected dist-tag ${tag} at ${expected ?? 'nothing'}, got ${current ?? 'nothing'}`,
		HINT_WAIT,
	);
};

/** As a user types it: the default tag is not named. */
const toSpec = (subject: Subject): string =>
	subject.pointer.name === LATEST ? toName(subject) : `${toName(subject)}@${subject.pointer.name}`;

/** Which version of which bytes the real client must get for a subject. */
interface Expectation {
	readonly subject: Subject;
	readonly version: string;
	readonly digest: Partial<Digest>;
}

/** undefined: there is no client that could look without credentials. */
const downloadAll = async (
	target: Target,
	expectations: readonly Expectation[],
	context: Context,
): Promise<Downloaded | undefined> => {
	if (target.access === 'restricted' || expectations.length === 0) return undefined;
	const { registry, environment } = target;
	const specs = expectations.map(({ subject }) => toSpec(subject));
	try {
		return await downloadWithNpm({ specs, registry: registry.url, environment }, context);
	} catch (error) {
		if (!(error instanceof SlipwayError) || error.code !== 'PROCESS_NOT_FOUND') throw error;
		context.log.warning(`${toMessage(error)}: only the built-in reader verifies`);
		return undefined;
	}
};

const verifyDownload = ({ subject, version, digest }: Expectation, { files, client }: Downloaded): void => {
	const file = `${toFileStem(toName(subject))}-${version}.tgz`;
	const found = files.get(file);
	if (!found)
		throw failed(
			'NPM_POINTER_WRONG',
			`expected ${client} to resolve ${toSpec(subject)} to ${version}, got ${[...files.keys()].join(', ') || 'nothing'}`,
			HINT_WAIT,
		);
	verifyDigest(`${file} as ${client} got it`, found, digest);
};

const verifyExposed = async (target: Target, subjects: readonly Subject[], context: Context) => {
	const checks = await Promise.all(
		subjects.map(async (subject) => {
			const packument = await readPackage(target, toName(subject), context);
			const checked = await verifyBytes(target, subject, { packument, state: 'exposed', context });
			verifyTag(subject, packument, subject.pointer.next);
			return checked;
		}),
	);
	const expectations = subjects.map((subject) => {
		const { digest } = toTarball(subject);
		return { subject, version: subject.version, digest };
	});
	const downloaded = await downloadAll(target, expectations, context);
	if (downloaded) for (const expectation of expectations) verifyDownload(expectation, downloaded);
	return subjects.map((subject, index) => ({
		subject,
		client: downloaded?.client ?? BUILT_IN,
		checks: [...(checks[index] ?? []), `${toSpec(subject)} is ${subject.version}`],
	}));
};

/** Where nothing was there before, the first version stays the default and must at least be marked. */
const verifyFirstWithdrawn = (subject: Subject, packument: Packument | undefined): void => {
	if (isOwnMark(packument?.version(subject.version)?.deprecated)) return;
	throw failed(
		'NPM_POINTER_WRONG',
		`${toName(subject)}: expected version ${subject.version}, which stays ${LATEST}, to be deprecated`,
		HINT_WAIT,
	);
};

const verifyWithdrawn = async (target: Target, subjects: readonly Subject[], context: Context) => {
	const expectations: Expectation[] = [];
	for (const subject of subjects) {
		const { name: tag, previous, next } = subject.pointer;
		const packument = await readPackage(target, toName(subject), context);
		if (previous === null && tag === LATEST && packument?.tags.get(tag) === next) {
			verifyFirstWithdrawn(subject, packument);
			continue;
		}
		verifyTag(subject, packument, previous);
		const sha512 = previous === null ? undefined : parseSha512(packument?.version(previous)?.dist.integrity);
		if (previous !== null && sha512 !== undefined)
			expectations.push({ subject, version: previous, digest: { sha512 } });
	}
	const downloaded = await downloadAll(target, expectations, context);
	if (downloaded) for (const expectation of expectations) verifyDownload(expectation, downloaded);
	return subjects.map((subject) => {
		const isExpected = expectations.some((expectation) => expectation.subject === subject);
		const check = `${toSpec(subject)} is ${subject.pointer.previous ?? 'withdrawn'}`;
		return { subject, client: (isExpected && downloaded?.client) || BUILT_IN, checks: [check] };
	});
};

/**
 * hidden: the registry has our bytes. exposed: and its default is ours, for the real client too. withdrawn: the default
 * is what it was before.
 * @throws SlipwayError NPM_NOT_VISIBLE, NPM_POINTER_WRONG, NPM_CLIENT_FAILED (perhaps later), NPM_DIGEST_MISMATCH (never),
 * NPM_PROVENANCE_MISSING (perhaps later), NPM_PROVENANCE_* (never)
 */
export const verify = async (
	target: Target,
	subjects: readonly Subject[],
	{ state, context }: { readonly state: 'hidden' | 'exposed' | 'withdrawn'; readonly context: Context },
): Promise<readonly Verification[]> => {
	if (state === 'exposed') return verifyExposed(target, subjects, context);
	if (state === 'withdrawn') return verifyWithdrawn(target, subjects, context);
	return Promise.all(
		subjects.map(async (subject) => {
			const packument = await readPackage(target, toName(subject), context);
			return {
				subject,
				client: BUILT_IN,
				checks: await verifyBytes(target, subject, { packument, state, context }),
			};
		}),
	);
};
