import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith, testContext } from '@slipway/testing';
import { readSource } from './source.ts';

let folder: string;
beforeEach(async () => {
	folder = await realpath(await mkdtemp(join(tmpdir(), 'slipway-source-')));
	await writeFile(join(folder, 'a.txt'), 'a');
});
afterEach(() => rm(folder, { recursive: true }));

const environment = { PATH: process.env.PATH, HOME: process.env.HOME };
const read = (more: Record<string, string> = {}, context = testContext(folder)) =>
	readSource(folder, { ...environment, ...more }, context);

test('a folder without git has a fixed time and no source', async () => {
	expect(await read()).toEqual({
		source: { repo: null, commit: null, ref: null },
		epoch: Date.UTC(1980, 0, 1) / 1000,
		epochFrom: 'fixed',
		dirty: false,
	});
});

test('without git on the machine it is the same', async () => {
	expect(await readSource(folder, { PATH: '' }, testContext(folder))).toMatchObject({ epochFrom: 'fixed' });
});

test('SOURCE_DATE_EPOCH wins', async () => {
	expect(await read({ SOURCE_DATE_EPOCH: '1700000000' })).toMatchObject({
		epoch: 1_700_000_000,
		epochFrom: 'SOURCE_DATE_EPOCH',
	});
});

test.each(['yesterday', '-1', '1.5', '1e9', ' 1', '0x10', '123456789012'])(
	'refuses SOURCE_DATE_EPOCH=%j',
	async (text) => {
		await expect(read({ SOURCE_DATE_EPOCH: text })).rejects.toEqual(
			expect.objectContaining({ name: 'SlipwayError', code: 'SOURCE_DATE_INVALID' }),
		);
	},
);

test('a .git that git cannot read is said aloud', async () => {
	await mkdir(join(folder, '.git'));
	const context = testContext(folder);
	expect((await read({}, context)).source.commit).toBeNull();
	expect(context.lines.join()).toContain('git cannot read');
});

describeWith('git', 'with git', () => {
	const git = (...args: string[]): string => {
		const { status, stdout, stderr } = spawnSync(
			'git',
			['-c', 'user.name=a', '-c', 'user.email=a@b.invalid', ...args],
			{ cwd: folder, encoding: 'utf8', env: { ...process.env, GIT_COMMITTER_DATE: '2026-11-20T00:00:00Z' } },
		);
		if (status !== 0) throw new Error(stderr);
		return stdout.trim();
	};
	beforeEach(() => {
		git('init', '-q', '-b', 'main');
		git('add', '.');
		git('commit', '-q', '-m', 'one');
	});

	test('the commit gives source and time', async () => {
		git('remote', 'add', 'origin', 'https://user:token@example.invalid/a/b.git');
		expect(await read()).toEqual({
			source: {
				repo: 'https://example.invalid/a/b.git',
				commit: git('rev-parse', 'HEAD'),
				ref: 'refs/heads/main',
			},
			epoch: Date.UTC(2026, 10, 20) / 1000,
			epochFrom: 'commit',
			dirty: false,
		});
	});

	test('a tag comes before the branch, a detached head has neither', async () => {
		git('checkout', '-q', '--detach');
		expect((await read()).source.ref).toBeNull();
		git('tag', 'v1.0.0');
		expect((await read()).source.ref).toBe('refs/tags/v1.0.0');
	});

	test.each([
		['a change', 'a.txt', true],
		['a new file', 'new.txt', true],
		["Slipway's own folder", join('.slipway', 'x'), false],
	])('%s: dirty %s', async (_name, path, dirty) => {
		await mkdir(join(folder, '.slipway'), { recursive: true });
		await writeFile(join(folder, path), 'other');
		const context = testContext(folder);
		expect((await read({}, context)).dirty).toBe(dirty);
		expect(context.lines.join().includes('not in commit')).toBe(dirty);
	});
});
