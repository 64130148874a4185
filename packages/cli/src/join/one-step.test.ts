import { generateKeyPairSync } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '@slipway/core';
import { generateSigningKey } from '@slipway/deb';
import { type LoopbackServer, serveLoopback, toFolderHandler } from '@slipway/http';
import { type OneStep, releaseInOneStep } from './one-step.ts';

let root: string;
let project: string;
let apt: LoopbackServer;
let context: Context;
let environment: Record<string, string | undefined>;
const RUN = { key: 'acme/greet/1/1', actor: 'ada' };
const STEP: OneStep = { run: RUN, artifacts: [], build: false, allowBuildWithCredentials: false };
const DEB = 'greet_1.0.0-1_all.deb';
const NODE = process.execPath;

const writeProject = async (folder: string, more: object = {}): Promise<void> => {
	await mkdir(folder, { recursive: true });
	const config = {
		project: 'greet',
		version: '1.0.0',
		deb: [
			{
				name: 'greet',
				architecture: 'all',
				summary: 'says hello',
				homepage: 'https://example.org/greet',
				maintainer: 'Ada Example <ada@example.org>',
				copyright: '2026 Ada Example',
				license: 'MIT',
				files: [{ source: 'main.js', target: '/usr/share/greet/main.js' }],
			},
		],
		targets: {
			apt: {
				type: 'apt',
				store: { directory: join(root, 'apt') },
				url: apt.origin,
				origin: 'Example',
				'signing-key': { environment: 'APT_SIGNING_KEY' },
			},
		},
		...more,
	};
	await writeFile(join(folder, 'main.js'), 'hello\n');
	await writeFile(join(folder, 'LICENSE'), 'Permission is hereby granted, free of charge, to any person.\n');
	await writeFile(join(folder, 'slipway.yml'), JSON.stringify(config));
};

const leaveMark = (name: string): string[] => [
	NODE,
	'-e',
	`require('fs').writeFileSync(${JSON.stringify(join(root, name))}, '')`,
];

beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'one-step-'));
	project = join(root, 'project');
	await mkdir(join(root, 'apt'));
	apt = await serveLoopback(toFolderHandler(join(root, 'apt')));
	context = {
		log: { debug: () => {}, info: () => {}, warning: () => {} },
		clock: { now: () => Date.now(), sleep: (ms) => sleep(ms) },
		tempDir: root,
		signal: new AbortController().signal,
	};
	environment = {
		PATH: process.env.PATH,
		HOME: root,
		APT_SIGNING_KEY: (await generateSigningKey({ name: 'Example', email: 'apt@example.org', days: 30 }))
			.privateKey,
	};
});
afterEach(async () => {
	await apt.close();
	await rm(root, { recursive: true, force: true });
});

const COMMANDS = () => ({ build: { commands: [leaveMark('built')] }, test: [leaveMark('tested')] });
const releaseWith = (step: Partial<OneStep>) =>
	releaseInOneStep({ folder: project, environment }, { ...STEP, ...step }, context);
const listMarks = async (): Promise<string[]> =>
	(await readdir(root)).filter((name) => name === 'built' || name === 'tested').sort();

/** A .deb that another job has made. */
const makeReady = async (): Promise<void> => {
	const other = join(root, 'other');
	await writeProject(other);
	await releaseInOneStep({ folder: other, environment }, STEP, context);
	await mkdir(join(project, 'dist'));
	await copyFile(join(other, '.slipway', 'releases', '1.0.0', 'artifacts', DEB), join(project, 'dist', DEB));
	await rm(join(root, 'apt'), { recursive: true });
	await mkdir(join(root, 'apt'));
};

test('a project with build commands is not built unasked', async () => {
	await writeProject(project, COMMANDS());
	await expect(releaseWith({})).rejects.toMatchObject({ code: 'BUILD_NOT_ASKED' });
	expect(await listMarks()).toEqual([]);
	expect(await readdir(join(root, 'apt'))).toEqual([]);
});

test('ready artifacts are released as they are, and no code of the project runs', async () => {
	await writeProject(project, COMMANDS());
	await makeReady();
	environment.ACTIONS_ID_TOKEN_REQUEST_URL = 'http://127.0.0.1:9/';
	const report = await releaseWith({ artifacts: [`dist/*.deb`] });
	expect(report).toMatchObject({ state: 'COMPLETED', version: '1.0.0' });
	expect(report.subjects).toMatchObject([{ subject: 'pkg:deb/greet', state: 'exposed' }]);
	const served = await readFile(join(root, 'apt', 'pool', 'main', 'g', 'greet', DEB));
	expect(served.equals(await readFile(join(project, 'dist', DEB)))).toBe(true);
	expect(await listMarks()).toEqual([]);
	expect(await releaseWith({ artifacts: ['dist/*.deb'] })).toMatchObject({ state: 'COMPLETED' });
});

test('building is refused where code of the project could sign', async () => {
	await writeProject(project, COMMANDS());
	environment.ACTIONS_ID_TOKEN_REQUEST_URL = 'http://127.0.0.1:9/';
	await expect(releaseWith({ build: true })).rejects.toMatchObject({ code: 'BUILD_WITH_CREDENTIALS' });
	expect(await listMarks()).toEqual([]);
});

const PLATFORM = {
	GITHUB_ACTIONS: 'true',
	GITHUB_REPOSITORY: 'acme/greet',
	GITHUB_REPOSITORY_ID: '1',
	GITHUB_REPOSITORY_OWNER_ID: '2',
	GITHUB_WORKFLOW_REF: 'acme/greet/.github/workflows/release.yml@refs/tags/v1.0.0',
	GITHUB_REF: 'refs/tags/v1.0.0',
	GITHUB_SHA: '0'.repeat(40),
	GITHUB_EVENT_NAME: 'push',
	GITHUB_RUN_ID: '1',
	GITHUB_RUN_ATTEMPT: '1',
	RUNNER_ENVIRONMENT: 'github-hosted',
};

/** Signed with a key, so that no service is needed. */
const writeSigned = async (): Promise<void> => {
	const services = {
		mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
		caUrls: [],
		oidcUrls: [],
		rekorTlogUrls: [],
		tsaUrls: [],
	};
	await writeProject(project, {
		...COMMANDS(),
		sign: { services: 'services.json', key: { environment: 'KEY' } },
	});
	await writeFile(join(project, 'services.json'), JSON.stringify(services));
	const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
	environment.KEY = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
	Object.assign(environment, PLATFORM);
};

const readBuilder = async (): Promise<string> => {
	const path = join(project, '.slipway', 'releases', '1.0.0', 'attestations', 'provenance.sigstore.json');
	const { dsseEnvelope } = JSON.parse(await readFile(path, 'utf8'));
	return JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString()).predicate.runDetails.builder.id;
};

test.each([
	{ reachable: true, builder: 'urn:slipway:builder:local' },
	{ reachable: false, builder: 'https://github.com/actions/runner/github-hosted' },
])(
	'build: true, identity reachable: $reachable: built by $builder',
	async ({ reachable, builder }) => {
		await writeSigned();
		if (reachable) environment.ACTIONS_ID_TOKEN_REQUEST_URL = 'http://127.0.0.1:9/';
		const report = await releaseWith({ build: true, allowBuildWithCredentials: reachable });
		expect(report).toMatchObject({ state: 'COMPLETED' });
		expect(await listMarks()).toEqual(['built', 'tested']);
		expect(await readBuilder()).toBe(builder);
	},
	900_000,
);
