// The plan names where its bytes are kept, and what may not be claimed is refused before anything is frozen.
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directoryStore } from '@slipway/store';
import { testContext } from '@slipway/testing';
import { buildProject } from './build.ts';
import { claimProject, readPlannedPlace } from './claim.ts';
import { type Door, openProject } from './project.ts';

let folder: string;
let door: Door;

const CONFIG = `
deb:
  - name: greet
    architecture: all
    maintainer: Ada Example <ada@example.org>
    copyright: 2026 Ada Example
    files: [{ source: main.js, target: /usr/share/greet/main.js }]
journal: { directory: journal }
targets:
  apt:
    type: apt
    store: { directory: apt }
    url: http://127.0.0.1:9/apt
    suite: stable
    origin: Example
    signing-key: { environment: KEY }
`;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'claim-'));
	await writeFile(
		join(folder, 'package.json'),
		'{"name":"greet","version":"1.0.0","license":"MIT","description":"says hello","private":true}',
	);
	await writeFile(join(folder, 'LICENSE'), 'Permission is hereby granted to any person obtaining a copy.\n');
	await writeFile(join(folder, 'main.js'), 'console.log(1);\n');
	await writeFile(join(folder, 'slipway.yml'), CONFIG);
	door = { folder, environment: { PATH: process.env.PATH, HOME: folder } };
	await buildProject(await openProject(door), testContext(folder), { test: false });
});
afterAll(() => rm(folder, { recursive: true }));

const claim = (more: Partial<Door> = {}, place?: string) =>
	claimProject(
		{ ...door, ...more },
		{ run: { key: 'acme/greet/1/1', actor: 'ada' }, place },
		testContext(folder),
	);

const listJournal = () => directoryStore(join(folder, 'journal')).list('');

test('a Release of another version is not claimed', async () => {
	const releaseFolder = join(folder, '.slipway/releases/1.0.0');
	await expect(claim({ version: '1.1.0', releaseFolder })).rejects.toMatchObject({
		code: 'CLAIM_OTHER_VERSION',
	});
	expect(await listJournal()).toEqual([]);
});

test('a ref that anybody may move claims nothing where the policy says so', async () => {
	const policy = join(folder, 'policy');
	execFileSync('git', ['init', '--quiet', '--initial-branch=main', policy]);
	const git = (...args: readonly string[]) =>
		execFileSync('git', ['-C', policy, '-c', 'user.name=a', '-c', 'user.email=a@b.invalid', ...args]);
	for (const name of ['package.json', 'LICENSE', 'main.js', 'slipway.yml'])
		await writeFile(join(policy, name), await readFile(join(folder, name)));
	await writeFile(join(policy, 'slipway.policy.yml'), 'policy: 1\nprotected: required\n');
	git('add', '.');
	git('commit', '--quiet', '--message=one');
	git('remote', 'add', 'origin', policy);
	const other = { folder: policy, releaseFolder: join(folder, '.slipway/releases/1.0.0') };
	const environment = { ...door.environment, GITHUB_REF: 'refs/heads/topic', GITHUB_REF_PROTECTED: 'false' };
	await expect(claim({ ...other, environment })).rejects.toMatchObject({ code: 'REF_UNPROTECTED' });
});

test('the plan is frozen once, with the place of its bytes and the types of its targets', async () => {
	const place = `github-run:acme/greet/1/gated.tar@sha256:${'a'.repeat(64)}`;
	const claimed = await claim({}, place);
	expect(claimed).toMatchObject({ types: ['apt'], report: { partial: true, state: 'HELD' } });
	expect(await readPlannedPlace({ ...door, version: '1.0.0' })).toBe(place);
	await claim({}, 'elsewhere');
	expect(await readPlannedPlace({ ...door, version: '1.0.0' })).toBe(place);
	await expect(readPlannedPlace({ ...door, version: '2.0.0' })).rejects.toMatchObject({
		code: 'PLAN_MISSING',
	});
});
