import { type Artifact, type Context, parsePurl, type Subject, type Verification } from '@slipway/core';
import { toAptError } from '../repository/error.ts';
import { mergeKeys } from '../repository/merge-keys.ts';
import { findDefault, parsePointer } from '../repository/offers.ts';
import { toSha256 } from '../repository/packages-index.ts';
import { toPoolPath } from '../repository/paths.ts';
import { readControl } from '../repository/pool-deb.ts';
import { toTrustedKeys } from '../repository/repository.ts';
import { findAptClient } from './apt-client.ts';
import { builtInClient } from './built-in-client.ts';
import type { RepositoryClient, Sight, Source, Wanted } from './client.ts';
import { parseDebPurl } from './deb-purl.ts';
import { type Apt, parsePointerName } from './options.ts';

const differs = (what: string, expected: string, got: string) =>
	toAptError(
		'APT_VERIFICATION_FAILED',
		`${what}: expected ${expected}, got ${got}`,
		'Wait for caches on the way to the repository and verify again; if it stays, find out what serves these bytes.',
	);

const verifyPoolFile = async (apt: Apt, artifact: Artifact, { signal }: Context): Promise<void> => {
	const identity = parseDebPurl(artifact.purl);
	const path = toPoolPath(apt.options.target.component, identity);
	const bytes = await apt.served.get(path, { maxBytes: artifact.size + 1, signal });
	if (!bytes) throw differs(path, 'the uploaded .deb', '404');
	const sha256 = toSha256(bytes);
	if (sha256 !== artifact.digest.sha256) throw differs(path, `sha256 ${artifact.digest.sha256}`, sha256);
	await readControl(bytes, identity);
};

/**
 * Fetches every .deb from the repository's address and hashes it.
 * @throws SlipwayError APT_VERIFICATION_FAILED, APT_SERVER_UNREACHABLE, APT_ARTIFACT_INVALID
 */
export const verifyHidden = (
	apt: Apt,
	subjects: readonly Subject[],
	context: Context,
): Promise<readonly Verification[]> =>
	Promise.all(
		subjects.map(async (subject) => {
			await Promise.all(subject.artifacts.map((artifact) => verifyPoolFile(apt, artifact, context)));
			return {
				subject,
				client: 'built-in reader',
				checks: subject.artifacts.map(({ name }) => `${name} fetched, sha256 and control file as built`),
			};
		}),
	);

const findClient = async ({ options }: Apt, context: Context): Promise<RepositoryClient> => {
	const client = options.client === 'built-in' ? undefined : await findAptClient(context);
	if (client) return client;
	if (options.client !== 'apt') return builtInClient;
	throw toAptError('APT_CLIENT_FAILED', 'expected apt-get on the PATH, found none', 'Install apt.');
};

const toSource = async ({ options, repository }: Apt, pointerName: string): Promise<Source> => ({
	...parsePointerName(pointerName),
	url: options.target.url,
	architectures: options.target.architectures,
	key: await mergeKeys(toTrustedKeys(repository)),
});

/** On which architectures a user would look for the package: those of its .debs; "all" is looked up on one. */
const toArchitectures = ({ options }: Apt, { artifacts, pointer }: Subject): readonly string[] => {
	const [machine = ''] = options.target.architectures;
	const offered = parsePointer(pointer.previous).map(({ architecture }) => architecture);
	const built = artifacts.map(({ purl }) => parseDebPurl(purl).architecture);
	return [...new Set([...built, ...offered].map((name) => (name === 'all' ? machine : name)))];
};

type Check = (subject: Subject, architecture: string, sight: Sight) => string | undefined;

/** The .deb of this release for an architecture; undefined where only older releases have one. */
const findArtifact = ({ artifacts }: Subject, architecture: string): Artifact | undefined =>
	artifacts.find(({ purl }) => [architecture, 'all'].includes(parseDebPurl(purl).architecture));

const checkExposed: Check = (subject, architecture, { resolved }) => {
	const artifact = findArtifact(subject, architecture);
	if (!artifact) return undefined;
	const what = `${parsePurl(subject.id).name} on ${architecture}`;
	if (resolved?.version !== subject.version)
		throw differs(what, `version ${subject.version} by default`, resolved?.version ?? 'no version');
	if (resolved.sha256 !== artifact.digest.sha256)
		throw differs(what, `sha256 ${artifact.digest.sha256}`, resolved.sha256);
	return `${what}: ${subject.version} by default, sha256 as built`;
};

const checkWithdrawn: Check = (subject, architecture, { resolved, versions }) => {
	const offers = parsePointer(subject.pointer.previous);
	const expected = findDefault(offers, architecture);
	const what = `${parsePurl(subject.id).name} on ${architecture}`;
	if (versions.includes(subject.version) && !offers.some(({ version }) => version === subject.version))
		throw differs(what, `${subject.version} no longer offered`, `versions ${versions.join(', ')}`);
	if (resolved?.version !== expected?.version)
		throw differs(
			what,
			`version ${expected?.version ?? '(none)'} by default`,
			resolved?.version ?? 'no version',
		);
	if (expected && resolved?.sha256 !== expected.sha256)
		throw differs(what, `sha256 ${expected.sha256}`, resolved?.sha256 ?? 'none');
	return expected
		? `${what}: ${expected.version} by default, sha256 as before`
		: `${what}: no longer offered`;
};

const verifySource = async (
	apt: Apt,
	{ subjects, pointerName, check }: { subjects: readonly Subject[]; pointerName: string; check: Check },
	{ client, context }: { readonly client: RepositoryClient; readonly context: Context },
): Promise<readonly Verification[]> => {
	const wishes = subjects.flatMap((subject) =>
		toArchitectures(apt, subject).map((architecture) => ({ subject, architecture })),
	);
	const wanted = wishes.map(({ subject, architecture }): Wanted => {
		return { name: parsePurl(subject.id).name, architecture };
	});
	const sights = await client.look(await toSource(apt, pointerName), wanted, context);
	const checks = wishes.map(({ subject, architecture }, at) => ({
		subject,
		text: check(subject, architecture, sights[at] ?? { resolved: undefined, versions: [] }),
	}));
	return subjects.map((subject) => ({
		subject,
		client: client.name,
		checks: checks.flatMap((item) => (item.subject === subject && item.text !== undefined ? item.text : [])),
	}));
};

/**
 * Asks the real client, which starts from nothing, what the packages resolve to by default, and hashes what it
 * downloads. 'withdrawn': what `pointer.previous` says, and no longer our version.
 * @throws SlipwayError APT_CLIENT_FAILED, APT_VERIFICATION_FAILED, and of the built-in reader APT_REPOSITORY_*
 */
export const verifyByClient = async (
	apt: Apt,
	{ subjects, state }: { readonly subjects: readonly Subject[]; readonly state: 'exposed' | 'withdrawn' },
	context: Context,
): Promise<readonly Verification[]> => {
	const client = await findClient(apt, context);
	const check = state === 'exposed' ? checkExposed : checkWithdrawn;
	const found: Verification[] = [];
	for (const [pointerName, group] of Map.groupBy(subjects, ({ pointer }) => pointer.name))
		found.push(...(await verifySource(apt, { subjects: group, pointerName, check }, { client, context })));
	return subjects.flatMap((subject) => found.find((item) => item.subject === subject) ?? []);
};
