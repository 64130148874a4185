import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { hashBytes, type Release, toStageRecord, writeRelease, writeStage } from '@slipway/archive';
import { joinReleases } from '@slipway/build';
import { type Context, MANIFEST_MEDIA_TYPE, MEDIA_TYPES } from '@slipway/core';
import { signRelease } from '@slipway/sign';
import { verifyReleaseFolder } from '@slipway/verify';
import { COMMIT, type Signing, signWithKey } from './signed-release.fixture.ts';

const TOOL = { name: 'slipway', version: '0.0.0' };
let root: string;
let context: Context;
let signing: Signing;
beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'joined-'));
	context = {
		log: { debug: () => {}, info: () => {}, warning: () => {} },
		clock: { now: () => Date.now(), sleep: (ms) => sleep(ms) },
		tempDir: root,
		signal: new AbortController().signal,
	};
	signing = await signWithKey(context);
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** What one runner built and tested: one file. */
const buildOn = async (runner: string, ms: number): Promise<string> => {
	const name = `tally-${runner}.bin`;
	const bytes = Buffer.from(`program for ${runner}`);
	await mkdir(join(root, `source-${runner}`));
	await writeFile(join(root, `source-${runner}`, name), bytes);
	const artifact = {
		name,
		path: `artifacts/${name}`,
		mediaType: MEDIA_TYPES.file,
		purl: `pkg:generic/${name}@1.0.0`,
		...hashBytes(bytes),
	};
	const facts = (outputs: object) => ({ tool: TOOL, start: ms, end: ms + 10, notes: [runner], ...outputs });
	const release = await writeRelease(join(root, runner), {
		manifest: {
			mediaType: MANIFEST_MEDIA_TYPE,
			project: 'tally',
			version: '1.0.0',
			source: { repo: null, commit: COMMIT, ref: null },
			artifacts: [artifact],
		},
		files: { [name]: join(root, `source-${runner}`, name) },
		records: [toStageRecord('build', facts({ outputs: [artifact] }))],
		epoch: 1_700_000_000,
	});
	await writeStage(release, 'test', { ...facts({ inputs: [artifact] }), start: ms + 20, end: ms + 30 });
	return release.folder;
};

const toPolicy = () => ({
	...signing.policy,
	policy: {
		...signing.policy.policy,
		require: {
			attestations: ['provenance' as const],
			stages: ['build' as const, 'test' as const, 'sign' as const],
		},
	},
});

const verify = (release: Release) =>
	verifyReleaseFolder(release, { trust: signing.trust, policy: toPolicy(), clock: context.clock });

const joinAndSign = async (): Promise<Release> => {
	const start = Date.now() - 60_000;
	const folders = [
		await buildOn('one', start),
		await buildOn('two', start + 1000),
		await buildOn('three', start + 2000),
	];
	const release = await joinReleases(folders, join(root, 'joined'));
	await signRelease(
		release,
		{ ...signing.means, platform: signing.platform, npm: false, tool: TOOL },
		context,
	);
	return release;
};

test('the records of several runners of one platform are one chain, whatever numbers they got', async () => {
	const verification = await verify(await joinAndSign());
	expect(verification.stages.map(({ stage }) => stage)).toEqual([
		'build',
		'build',
		'build',
		'test',
		'test',
		'test',
		'sign',
	]);
	expect(verification.artifacts).toHaveLength(3);
	for (const { stage, follows } of verification.stages) {
		if (stage === 'test') expect(follows).toHaveLength(1);
		if (stage === 'sign') expect(follows).toHaveLength(6);
	}
});

test('the record of one runner cannot be left out', async () => {
	const release = await joinAndSign();
	const name = `build-${process.platform}-${process.arch}-2`;
	await rm(join(release.folder, `records/${name}.json`));
	await rm(join(release.folder, `attestations/stage-${name}.sigstore.json`));
	await expect(verify(release)).rejects.toMatchObject({
		message: expect.stringContaining(`records/${name}.json`),
	});
});
