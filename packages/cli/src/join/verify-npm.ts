import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { hashBytes } from '@slipway/archive';
import { type Context, parsePurl, SlipwayError, toPrintable } from '@slipway/core';
import type { PublishedPackage } from '@slipway/npm';
import type { FileVerification } from '@slipway/verify';
import type { Door, JoinCode } from './project.ts';
import { toRequired, type VerifiedFile } from './verify-file.ts';
import { openMeans, type TrustOptions } from './verify-means.ts';

export interface NpmOptions extends TrustOptions {
	/** `npm:NAME@VERSION`, `npm:NAME` (latest), or a package URL. */
	readonly spec: string;
	/** Default: what npm's configuration names here. */
	readonly registry?: string | undefined;
	/** A file with the registry's own keys, to verify its own attestation with. */
	readonly registryKeys?: string | undefined;
}

interface Wanted {
	readonly name: string;
	readonly version: string | undefined;
}

const invalid = (spec: string): SlipwayError =>
	new SlipwayError<JoinCode>(
		'TARGET_UNKNOWN',
		`expected npm:NAME@VERSION, got ${JSON.stringify(toPrintable(spec, 200))}`,
		{ hint: 'For example npm:@acme/greet@1.2.0, or pkg:npm/%40acme/greet@1.2.0.' },
	);

/** @throws SlipwayError TARGET_UNKNOWN, PURL_INVALID */
export const parseNpmSpec = (spec: string): Wanted => {
	if (spec.startsWith('pkg:npm/')) {
		const { namespace, name, version } = parsePurl(spec);
		return { name: namespace === undefined ? name : `${namespace}/${name}`, version };
	}
	const [, name, version] = /^npm:((?:@[^@/\s]+\/)?[^@/\s]+)(?:@([^@/\s]+))?$/.exec(spec) ?? [];
	if (name === undefined) throw invalid(spec);
	return { name, version };
};

const fetchPackage = async (
	{ folder, environment, onSecret }: Door,
	{ spec, registry }: NpmOptions,
	context: Context,
): Promise<{ readonly registry: string; readonly published: PublishedPackage }> => {
	const { askNpmForRegistry, readNpmConfig, readPublished, toNpmCredentials } = await import('@slipway/npm');
	const config = readNpmConfig({ projectFolder: folder, home: environment.HOME ?? homedir(), environment });
	const address = registry ?? config.registry ?? (await askNpmForRegistry(folder, environment));
	const credentials = toNpmCredentials({
		registry: address,
		authorization: config.authorizationFor(address),
		idToken: undefined,
		onSecret,
	});
	const wanted = parseNpmSpec(spec);
	const published = await readPublished({ registry: address, credentials }, wanted, context);
	if (published) return { registry: address, published };
	throw new SlipwayError<JoinCode>(
		'TARGET_UNKNOWN',
		`expected ${wanted.name}@${wanted.version ?? 'latest'} at ${address}, found none`,
		{ hint: 'Correct the name or version, or name the registry with --registry.' },
	);
};

interface RegistryWord {
	readonly checks: readonly string[];
	readonly notes: readonly string[];
}

/** What the registry itself attests: that it published these bytes. */
const checkRegistryWord = async (
	{ name, version, bytes, attestations = [] }: PublishedPackage,
	registryKeys: string | undefined,
	{ clock }: Context,
): Promise<RegistryWord> => {
	const own = attestations.filter(({ byRegistry }) => byRegistry);
	if (own.length === 0) return { checks: [], notes: ['the registry attests nothing of its own'] };
	if (registryKeys === undefined)
		return {
			checks: [],
			notes: ['what the registry attests itself was not verified: name its keys with --registry-keys'],
		};
	const { parseRegistryKeys, verifyPublishAttestation } = await import('@slipway/verify');
	const keys = parseRegistryKeys(await readFile(resolve(registryKeys)), registryKeys);
	const subject = { name, version, sha512: hashBytes(bytes).digest.sha512 ?? '', now: clock.now() };
	const ids = own.map(({ bundle }) => verifyPublishAttestation(bundle, keys, subject));
	return { checks: ids.map((id) => `published by the registry, key ${toPrintable(id, 100)}`), notes: [] };
};

const differs = (what: string, problem: string, cause?: unknown): SlipwayError =>
	new SlipwayError<'VERIFY_CHAIN_MISMATCH'>('VERIFY_CHAIN_MISMATCH', `${what}: ${problem}`, {
		hint: 'Do not install it: the registry gives bytes of one package or version as those of another.',
		cause,
	});

const readPurl = async ({ name, version, bytes }: PublishedPackage): Promise<string | undefined> => {
	const { npmIdentity } = await import('@slipway/npm');
	try {
		return (await npmIdentity('published.tgz', bytes))?.purl;
	} catch (cause) {
		throw differs(`${name}@${version}`, 'its tarball does not say which package it is', cause);
	}
};

/** Signed bytes under another name, or an old version as a new one, are not what was asked for. */
const checkIdentity = async (
	published: PublishedPackage,
	{ attestations }: FileVerification,
): Promise<string> => {
	const { toNpmPurl } = await import('@slipway/npm');
	const { name, version } = published;
	const expected = toNpmPurl(name, version);
	const subjects = attestations.flatMap(({ attestation }) => attestation.statement.subject);
	const named = subjects.map((subject) => subject.name ?? '').filter((text) => text.startsWith('pkg:'));
	for (const purl of [await readPurl(published), ...named])
		if (purl !== expected)
			throw differs(
				`${name}@${version}`,
				`expected ${expected}, but its bytes are those of ${toPrintable(purl ?? 'no npm package', 300)}`,
			);
	return `package.json: ${expected}`;
};

/** npm takes one kind of statement beside its own; SBOMs lie with the release. */
const toNpmRequired = (required: ReturnType<typeof toRequired>) =>
	required.filter((kind) => kind === 'provenance');

/**
 * Verifies a package that lies on a registry: its tarball against the digest that the registry names, and every
 * attestation of it under the policy; the name and version that were asked for against those in its package.json; what the
 * registry attests itself by the registry's keys. All of it comes from the registry's own address.
 * @throws SlipwayError NPM_*, VERIFY_*, POLICY_*, TARGET_UNKNOWN
 */
export const verifyNpmPackage = async (
	door: Door,
	options: NpmOptions,
	context: Context,
): Promise<VerifiedFile> => {
	const means = await openMeans(door, options, context);
	const { registry, published } = await fetchPackage(door, options, context);
	const { digest } = hashBytes(published.bytes);
	const others = (published.attestations ?? []).filter(({ byRegistry }) => !byRegistry);
	const word = await checkRegistryWord(published, options.registryKeys, context);
	const { verifyFile } = await import('@slipway/verify');
	const { trust, policy, revocations } = means;
	const what = `${published.name}@${published.version}`;
	const verification = verifyFile({
		name: what,
		digest: { sha256: digest.sha256, sha512: digest.sha512 ?? '' },
		bundles: others.map(({ bundle }, index) => ({
			path: `attestation ${index + 1} of ${what}`,
			bytes: bundle,
		})),
		origin: 'named',
		trust,
		policy,
		revocations,
		clock: context.clock,
		require: toNpmRequired(toRequired(means, 'found')),
	});
	const checks = [
		`tarball of ${new URL(registry).host}, ${published.integrity ?? 'no integrity named'}`,
		await checkIdentity(published, verification),
		...word.checks,
	];
	return { kind: 'npm', means, verification, checks, notes: word.notes };
};
