import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Release } from '@slipway/archive';
import type { Context } from '@slipway/core';
import type { Boundary } from '@slipway/release';
import { toBoundary } from './boundary.ts';
import { openProject } from './project.ts';
import { makeSignedRelease, type Signing, signWithKey } from './signed-release.fixture.ts';

let root: string;
let context: Context;
let signing: Signing;
let release: Release;
let look: Boundary;
beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'boundary-join-'));
	context = {
		log: { debug: () => {}, info: () => {}, warning: () => {} },
		clock: { now: () => Date.now(), sleep: (ms) => sleep(ms) },
		tempDir: root,
		signal: new AbortController().signal,
	};
	const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
	const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
	signing = await signWithKey(context, pem);
	const services = {
		mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
		caUrls: [],
		oidcUrls: [],
		rekorTlogUrls: [],
		tsaUrls: [],
	};
	const policy = { ...signing.policy.policy, require: { stages: ['build', 'sbom', 'sign', 'gate'] } };
	const config = {
		project: 'greet',
		version: '1.0.0',
		sign: { services: 'services.json', key: { environment: 'KEY' } },
	};
	await writeFile(join(root, 'services.json'), JSON.stringify(services));
	await writeFile(join(root, 'slipway.policy.yml'), JSON.stringify(policy));
	await writeFile(join(root, 'slipway.yml'), JSON.stringify(config));
	release = await makeSignedRelease(join(root, 'release'), signing, {
		version: '1.0.0',
		until: 'gate',
		context,
	});
	const environment = { PATH: process.env.PATH, HOME: root, KEY: pem };
	look = toBoundary(await openProject({ folder: root, releaseFolder: release.folder, environment }));
});
afterEach(() => rm(root, { recursive: true, force: true }));

type Adopted = Parameters<Boundary>[1];

/** A plan of the Release, as far as the boundary looks at it. */
const toAdopted = (change: Partial<Adopted['plan']> = {}, policy = 'a'.repeat(64)): Adopted => {
	const { project, version, artifacts } = release.manifest;
	const plan = {
		source: { repo: null, commit: null, ref: null },
		project,
		version,
		subjects: [{ artifacts }],
		evidence: { policy: { sha256: policy, from: 'somewhere' }, report: null, gates: [] },
		...change,
	};
	return { plan: plan as unknown as Adopted['plan'], releaseId: 'b'.repeat(64) };
};

const readAll = async (): Promise<Record<string, string>> => {
	const files: Record<string, string> = {};
	for (const path of await readdir(release.folder, { recursive: true }))
		if ((await stat(join(release.folder, path))).isFile())
			files[path] = await readFile(join(release.folder, path), 'latin1');
	return files;
};

test('the Release of the plan is verified, and a summary of it is left', async () => {
	const findings = await look('upload', toAdopted(), context);
	expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
	expect(Object.keys(await readAll())).toEqual(
		expect.arrayContaining([
			'attestations/vsa.sigstore.json',
			`records/plan-${process.platform}-${process.arch}.json`,
		]),
	);
});

test.each([
	['another version', { version: '0.9.0' }],
	['another project', { project: 'welcome' }],
	[
		'other bytes',
		{
			subjects: [
				{ artifacts: [{ name: 'greet-1.0.0.tgz', digest: { sha256: 'c'.repeat(64) } }] },
			] as unknown as Adopted['plan']['subjects'],
		},
	],
])('a folder that holds %s is no Release of this plan, and is left as it is', async (_, change) => {
	const before = await readAll();
	for (const moment of ['upload', 'expose'] as const)
		expect(await look(moment, toAdopted(change), context)).toContainEqual(
			expect.objectContaining({ severity: 'error', code: 'RELEASE_MANIFEST_MISSING' }),
		);
	expect(await readAll()).toEqual(before);
});

test('a policy that changed since the plan is told, one that is gone stops', async () => {
	const toCodes = async () =>
		(await look('upload', toAdopted(), context)).map(({ severity, code }) => `${severity} ${code}`);
	expect(await toCodes()).toEqual(['warning POLICY_UNPROTECTED', 'warning POLICY_CHANGED']);
	await rm(join(root, 'slipway.policy.yml'));
	expect(await toCodes()).toEqual(['error POLICY_CHANGED']);
});
