import type { ChainSignature, ChainStage, RehearsalChain, RehearsalTampering } from './rehearsal-chain.ts';

const toSha = (name: string): string => Buffer.from(name.repeat(32)).toString('hex').slice(0, 64);

const toSignature = (name: string): ChainSignature => ({
	path: `attestations/stage-${name}-linux-x64.sigstore.json`,
	identity: 'https://github.com/octo-org/greet/.github/workflows/release.yml@refs/tags/v1.0.0',
	issuer: 'http://127.0.0.1:45107',
	signedAt: '2026-11-21T06:12:49.120Z',
	repository: 'https://github.com/octo-org/greet',
	ref: 'refs/tags/v1.0.0',
	commit: '067815fb22052c09f2ea432a4ce7e2906de43754',
	run: 'https://github.com/octo-org/greet/actions/runs/3003/attempts/1',
	runner: 'github-hosted',
});

const NAMES = ['build', 'test', 'reproduce', 'sbom', 'sign', 'gate', 'plan', 'publish'];

const toStage = (name: string, index: number): ChainStage => ({
	name,
	path: `records/${name}-linux-x64.json`,
	sha256: toSha(name),
	tool: 'slipway 0.1.0 on linux x64, Node 24.21.0',
	start: `2026-11-21T06:12:4${index}.120Z`,
	end: `2026-11-21T06:12:4${index}.720Z`,
	inputs: index === 0 ? 0 : 2,
	outputs: index === 1 ? 0 : 2,
	follows: NAMES.slice(0, index).map((each) => ({
		path: `records/${each}-linux-x64.json`,
		sha256: toSha(each),
	})),
	signature: toSignature(name),
});

/** A chain of all stages by one identity. */
export const SAMPLE_CHAIN: RehearsalChain = {
	project: 'greet',
	verifiedWith: 'one process of Slipway in a network of its own with nothing in it (unshare -rn)',
	offline: true,
	policy: toSha('policy'),
	artifacts: [
		{
			name: 'greet-1.0.0.tgz',
			sha256: toSha('tgz'),
			attestations: ['provenance', 'release', 'sbom-cyclonedx', 'sbom-spdx'],
		},
	],
	stages: NAMES.map(toStage),
	signatures: 17,
};

export const SAMPLE_TAMPERING: readonly RehearsalTampering[] = [
	{
		project: 'greet',
		id: 'artifact-bit',
		what: 'one bit of an artifact was flipped',
		code: 'VERIFY_CHAIN_CHANGED',
		message: `artifacts/greet-1.0.0.tgz: expected 5762 bytes with sha256 ${toSha('a')}, got 5762 bytes with sha256 ${toSha('b')}`,
	},
	{
		project: 'greet',
		id: 'log-gone',
		what: 'the entry of the transparency log was taken out',
		code: 'VERIFY_CHAIN_REFUSED',
		message:
			'attestations/provenance.sigstore.json: expected 1 entries in different transparency logs, got 0',
	},
	{
		project: 'tally',
		id: 'artifact-gone',
		what: 'an artifact was taken out',
		code: 'VERIFY_CHAIN_MISSING',
		message: 'artifacts/tally_2.1.0-1_amd64.deb: expected the artifact, found none',
	},
];

const LONG = `${'long-name-'.repeat(30)}<img src=x onerror=alert(1)>`;

/** Unsigned links, and texts that try to be markup or are very long. */
export const HOSTILE_CHAIN: RehearsalChain = {
	...SAMPLE_CHAIN,
	project: LONG,
	offline: false,
	artifacts: [{ name: LONG, sha256: toSha('x'), attestations: [] }],
	stages: SAMPLE_CHAIN.stages.map((stage, index) => ({
		...stage,
		name: index === 0 ? '<script>alert(1)</script>' : stage.name,
		tool: LONG,
		signature:
			index === 2
				? null
				: { ...toSignature('x'), identity: `${LONG}${index}`, run: LONG, issuer: null, signedAt: null },
	})),
};

export const HOSTILE_TAMPERING: readonly RehearsalTampering[] = [
	{ project: LONG, id: 'x', what: LONG, code: 'X'.repeat(80), message: LONG },
];
