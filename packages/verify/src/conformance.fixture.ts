import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type PinnedPolicy, parsePolicy } from '@slipway/core/policy';

/** The folder of the Sigstore conformance suite: named by a variable, else beside the repository. */
export const CONFORMANCE_FOLDER =
	process.env.SLIPWAY_SIGSTORE_CONFORMANCE ??
	resolve(fileURLToPath(new URL('../../../', import.meta.url)), '../shared/third-party/sigstore-conformance');

const CASES = join(CONFORMANCE_FOLDER, 'test/assets/bundle-verify');

export const hasConformance = existsSync(CASES);

export interface ConformanceCase {
	readonly name: string;
	readonly accepted: boolean;
	readonly bundle: string;
	readonly artifact: string;
	readonly sha256: string;
	readonly trustedRoot: string | undefined;
	readonly key: string | undefined;
	readonly identity: string;
	readonly issuer: string;
}

// Defaults by README.md of the folder of cases.
const IDENTITY =
	'https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main';
const ISSUER = 'https://token.actions.githubusercontent.com';

const toCase = (name: string): ConformanceCase => {
	const folder = join(CASES, name);
	const find = (file: string): string | undefined =>
		existsSync(join(folder, file)) ? join(folder, file) : undefined;
	const read = (file: string): string | undefined => {
		const path = find(file);
		return path === undefined ? undefined : readFileSync(path, 'utf8').trim();
	};
	const artifact = find('artifact') ?? join(CASES, 'a.txt');
	return {
		name,
		accepted: !name.endsWith('_fail'),
		bundle: join(folder, 'bundle.sigstore.json'),
		artifact,
		sha256: createHash('sha256').update(readFileSync(artifact)).digest('hex'),
		trustedRoot: find('trusted_root.json'),
		key: find('key.pub'),
		identity: read('identity') ?? IDENTITY,
		issuer: read('issuer') ?? ISSUER,
	};
};

export const conformanceCases = (): ConformanceCase[] =>
	readdirSync(CASES, { withFileTypes: true })
		.filter((entry) => entry.isDirectory())
		.map(({ name }) => toCase(name));

/** What the suite asks of a verifier: one log, one certificate log, any proof of time. */
export const toConformancePolicy = ({ key, identity, issuer }: ConformanceCase): PinnedPolicy => {
	const signer = key
		? { name: 'key', key: readFileSync(key, 'utf8'), thresholds: { 'transparency-logs': 1 } }
		: { name: 'identity', issuer, identity };
	const policy = { policy: 1, signers: [signer], thresholds: { timestamps: 0 } };
	return parsePolicy(new TextEncoder().encode(JSON.stringify(policy)), 'the policy');
};
