import { generateKeyPairSync } from 'node:crypto';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '@slipway/core';
import { openProject } from './project.ts';
import { makeSignedRelease, signWithKey } from './signed-release.fixture.ts';
import { leavePlanRecord } from './stage-records.ts';

const PLATFORM = `${process.platform}-${process.arch}`;
const RECORD = `records/plan-${PLATFORM}.json`;
const BUNDLE = `attestations/stage-plan-${PLATFORM}.sigstore.json`;
const releaseId = 'a'.repeat(64);
const SERVICES = {
	mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
	caUrls: [],
	oidcUrls: [],
	rekorTlogUrls: [],
	tsaUrls: [],
};

let root: string;
let warnings: string[];
let context: Context;
beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'stage-records-'));
	warnings = [];
	context = {
		log: { debug: () => {}, info: () => {}, warning: (message) => void warnings.push(message) },
		clock: { now: () => Date.now(), sleep: (ms) => sleep(ms) },
		tempDir: root,
		signal: new AbortController().signal,
	};
});
afterEach(() => rm(root, { recursive: true, force: true }));

const makeRelease = async () => {
	const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
	const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
	const wanted = { version: '1.0.0', until: 'gate', context } as const;
	const release = await makeSignedRelease(join(root, 'release'), await signWithKey(context, pem), wanted);
	await writeFile(join(root, 'services.json'), JSON.stringify(SERVICES));
	const open = async (sign: object) => {
		await writeFile(join(root, 'slipway.yml'), JSON.stringify({ project: 'greet', version: '1.0.0', sign }));
		return openProject({
			folder: root,
			releaseFolder: release.folder,
			environment: { PATH: process.env.PATH, HOME: root, KEY: pem },
		});
	};
	const project = await open({ services: 'services.json', key: { environment: 'KEY' } });
	return { release, project, keyless: () => open({ services: 'services.json' }) };
};

const isThere = ({ folder }: { readonly folder: string }, path: string): Promise<boolean> =>
	access(join(folder, path)).then(
		() => true,
		() => false,
	);

test('a record that a killed run left without its signature is signed, and not written anew', async () => {
	const { release, project } = await makeRelease();
	await leavePlanRecord(project, { release, releaseId }, context);
	const record = await readFile(join(release.folder, RECORD));
	await rm(join(release.folder, BUNDLE));
	await leavePlanRecord(project, { release, releaseId }, context);
	expect(await isThere(release, BUNDLE)).toBe(true);
	expect(await readFile(join(release.folder, RECORD))).toEqual(record);
});

test('a job without an identity leaves a signed record as it is, and takes away its own', async () => {
	const { release, project, keyless } = await makeRelease();
	await leavePlanRecord(project, { release, releaseId }, context);
	const other = await keyless();
	await leavePlanRecord(other, { release, releaseId }, context);
	expect([await isThere(release, RECORD), await isThere(release, BUNDLE)]).toEqual([true, true]);
	expect(warnings).toEqual([]);
	await rm(join(release.folder, BUNDLE));
	await leavePlanRecord(other, { release, releaseId }, context);
	expect(await isThere(release, RECORD)).toBe(false);
	expect(warnings.join()).toContain('no record of this stage is left');
});
