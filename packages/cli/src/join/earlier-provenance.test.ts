import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '@slipway/core';
import { PREDICATE_TYPES, type Statement } from '@slipway/core/attestation';
import { type LocalSigstore, startSigstore } from '@slipway/rehearsal/sigstore';
import { openSigner, parseSigningConfig } from '@slipway/sign';
import { isEarlierProvenance } from './earlier-provenance.ts';
import { type OpenProject, openProject } from './project.ts';

let root: string;
let sigstore: LocalSigstore;
let context: Context;
let project: OpenProject;

beforeAll(async () => {
	root = await mkdtemp(join(tmpdir(), 'earlier-'));
	sigstore = await startSigstore();
	context = {
		log: { debug: () => {}, info: () => {}, warning: () => {} },
		clock: { now: () => Date.now(), sleep: (ms) => sleep(ms) },
		tempDir: root,
		signal: new AbortController().signal,
	};
	const sign = {
		services: 'services.json',
		'trusted-root': 'root.json',
		identity: { environment: 'TOKEN' },
	};
	await writeFile(join(root, 'services.json'), JSON.stringify(sigstore.signingConfig));
	await writeFile(join(root, 'root.json'), JSON.stringify(sigstore.trustedRoot));
	await writeFile(join(root, 'slipway.yml'), JSON.stringify({ project: 'greet', version: '1.0.0', sign }));
	project = await openProject({ folder: root, environment: { TOKEN: sigstore.token() } });
});
afterAll(async () => {
	await sigstore.stop();
	await rm(root, { recursive: true, force: true });
});

interface Said {
	readonly run?: string;
	readonly sha512?: string;
	readonly commit?: string;
	readonly kind?: 'provenance' | 'vsa';
	readonly claims?: Record<string, string>;
}

const toStatement = ({ run = '1', sha512 = 'a', commit = '0', kind = 'provenance' }: Said): Statement => ({
	_type: 'https://in-toto.io/Statement/v1',
	subject: [{ name: 'pkg:npm/greet@1.0.0', digest: { sha512: sha512.repeat(128) } }],
	predicateType: PREDICATE_TYPES[kind],
	predicate: {
		buildDefinition: {
			buildType: 'https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1',
			externalParameters: { workflow: { path: '.github/workflows/release.yml' } },
			resolvedDependencies: [
				{ uri: 'git+https://github.com/acme/greet@x', digest: { gitCommit: commit.repeat(40) } },
			],
		},
		runDetails: {
			builder: { id: 'https://github.com/actions/runner/github-hosted' },
			metadata: { invocationId: `https://github.com/acme/greet/actions/runs/${run}/attempts/1` },
		},
	},
});

const sign = async (said: Said = {}): Promise<Uint8Array> => {
	const services = parseSigningConfig(JSON.stringify(sigstore.signingConfig));
	const identityToken = async () => sigstore.token(said.claims);
	const signer = await openSigner({ services, identityToken, context });
	return signer.attest(toStatement(said));
};

const OTHER_WORKFLOW = {
	workflow_ref: 'mallory/greet/.github/workflows/release.yml@refs/tags/v1.0.0',
	job_workflow_ref: 'mallory/greet/.github/workflows/release.yml@refs/tags/v1.0.0',
};

test.each<[string, Said, boolean]>([
	['of an earlier run', { run: '2' }, true],
	['about other bytes', { sha512: 'b' }, false],
	['of another commit', { commit: '1' }, false],
	['of another workflow', { claims: OTHER_WORKFLOW }, false],
	['that is none', { kind: 'vsa' }, false],
])('a provenance %s', async (_name, said, expected) => {
	const [found, own] = [await sign(said), await sign()];
	expect(await isEarlierProvenance(project, { found, own }, context)).toBe(expected);
});

test('one whose payload was changed, and one in a project that nobody can verify', async () => {
	const [found, own] = [await sign({ run: '2' }), await sign()];
	const bundle = JSON.parse(Buffer.from(found).toString());
	bundle.dsseEnvelope.payload = Buffer.from(JSON.stringify(toStatement({ run: '3' }))).toString('base64');
	const changed = Buffer.from(JSON.stringify(bundle));
	expect(await isEarlierProvenance(project, { found: changed, own }, context)).toBe(false);
	const unsigned = { ...project, config: { ...project.config, sign: undefined } };
	expect(await isEarlierProvenance(unsigned, { found, own }, context)).toBe(false);
});
