import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '@slipway/core';
import { openPolicy } from './policy.ts';
import { openProject } from './project.ts';
import { signStageRecords } from './sign.ts';
import { makeSignedRelease, signWithKey } from './signed-release.fixture.ts';
import { checkRelease, signSummary } from './verify.ts';
import { verifyFolder } from './verify-folder.ts';

let root: string;
let warnings: string[];
let context: Context;
beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'verify-join-'));
	warnings = [];
	context = {
		log: { debug: () => {}, info: () => {}, warning: (message) => void warnings.push(message) },
		clock: { now: () => Date.now(), sleep: (ms) => sleep(ms) },
		tempDir: root,
		signal: new AbortController().signal,
	};
});
afterEach(() => rm(root, { recursive: true, force: true }));

const NO_SERVICES = {
	mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
	caUrls: [],
	oidcUrls: [],
	rekorTlogUrls: [],
	tsaUrls: [],
};

/** A project with a Release that has passed its gate, signed with a key of its own. */
const prepare = async (sign: object = { services: 'services.json', key: { environment: 'KEY' } }) => {
	const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
	const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
	const signing = await signWithKey(context, pem);
	const policy = { ...signing.policy.policy, require: { stages: ['build', 'sbom', 'sign', 'gate'] } };
	await writeFile(join(root, 'services.json'), JSON.stringify(NO_SERVICES));
	await writeFile(join(root, 'slipway.policy.yml'), JSON.stringify(policy));
	await writeFile(join(root, 'slipway.yml'), JSON.stringify({ project: 'greet', version: '1.0.0', sign }));
	const release = await makeSignedRelease(join(root, 'release'), signing, {
		version: '1.0.0',
		until: 'gate',
		context,
	});
	const environment = { PATH: process.env.PATH, HOME: root, KEY: pem };
	const door = { folder: root, releaseFolder: release.folder, environment };
	const project = await openProject(door);
	const opened = await openPolicy(project);
	if (!opened) throw new Error('expected a policy');
	return { door, project, release, policy: opened };
};

const VSA = 'attestations/vsa.sigstore.json';

test('a Release is checked where it leaves, and a summary of it is signed that holds for everybody', async () => {
	const { door, project, release, policy } = await prepare();
	expect(await checkRelease(project, { release, policy }, context)).toMatchObject({
		version: '1.0.0',
		gatePolicy: { isSame: false },
	});
	await signSummary(project, { release, policy }, context);
	const { verification } = await verifyFolder(door, { folder: release.folder }, context);
	expect(verification.attestations.map(({ path }) => path)).toContain(VSA);
	expect(verification.attestations.filter(({ kind }) => kind === 'vsa')).toHaveLength(1);
});

test('a summary that is no longer true is refused by others, and made anew by the project', async () => {
	const { door, project, release, policy } = await prepare();
	await signSummary(project, { release, policy }, context);
	const gate = `attestations/stage-gate-${process.platform}-${process.arch}.sigstore.json`;
	await rm(join(release.folder, gate));
	await signStageRecords(project, release, context);
	await expect(verifyFolder(door, { folder: release.folder }, context)).rejects.toMatchObject({
		code: 'VERIFY_CHAIN_MISMATCH',
		message: expect.stringMatching(`${VSA}: rests on "${gate}"`),
	});
	await signSummary(project, { release, policy }, context);
	await verifyFolder(door, { folder: release.folder }, context);
});

test('what comes after the check is demanded of others, not of the check', async () => {
	const { door, project, release } = await prepare();
	const file = join(root, 'slipway.policy.yml');
	const policy = JSON.parse(await readFile(file, 'utf8'));
	policy.require = { stages: ['build', 'publish'], attestations: ['sbom-spdx', 'vsa'] };
	await writeFile(file, JSON.stringify(policy));
	const opened = await openPolicy(project);
	if (!opened) throw new Error('expected a policy');
	await signSummary(project, { release, policy: opened }, context);
	const refusal = verifyFolder(door, { folder: release.folder }, context);
	await expect(refusal).rejects.toThrow(/requires a record of publish, found none/);
	policy.require.stages.push('plan');
	await writeFile(file, JSON.stringify(policy));
	const stricter = await openPolicy(project);
	if (!stricter) throw new Error('expected a policy');
	await expect(checkRelease(project, { release, policy: stricter }, context)).rejects.toThrow(
		/requires a record of plan, found none/,
	);
});

test('a project that is not signed has nothing to show', async () => {
	const { project, release, policy } = await prepare();
	await rm(join(release.folder, 'attestations'), { recursive: true });
	await expect(checkRelease(project, { release, policy }, context)).rejects.toMatchObject({
		code: expect.stringMatching(/^VERIFY_CHAIN_/),
		message: expect.stringContaining('attestations/provenance.sigstore.json'),
	});
});

test('a job without an identity verifies, and says that it leaves no summary', async () => {
	const { project, release, policy } = await prepare({ services: 'services.json' });
	await signSummary(project, { release, policy }, context);
	expect(warnings.join()).toContain('no summary of the verification is left');
});
