import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from '@slipway/testing';
import { makeHistory } from './history.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-history-'));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;

const write = (files: readonly string[]) => {
	count += 1;
	const original = join(folder, `original-${count}`);
	for (const path of files) {
		mkdirSync(join(original, path, '..'), { recursive: true });
		writeFileSync(join(original, path), path);
	}
	return { original, copy: join(folder, `copy-${count}`) };
};

const toRequest = (place: { original: string; copy: string }, path = process.env.PATH) => {
	cpSync(place.original, place.copy, { recursive: true, filter: (from) => !from.endsWith('.git') });
	const environment = { PATH: path, HOME: folder };
	return {
		...place,
		version: '1.2.3',
		url: 'https://github.com/ada/greet.git',
		sourceDate: '1700000000',
		environment,
	};
};

describeWith('git', 'a copy with a history', () => {
	const git = (cwd: string, ...args: string[]) =>
		spawnSync('git', ['-C', cwd, ...args], {
			encoding: 'utf8',
			env: { PATH: process.env.PATH, HOME: folder },
		}).stdout;

	test('has one commit of a known time, the tag and the address', async () => {
		const request = toRequest(write(['a', 'b/c']));
		const commit = await makeHistory(request);
		expect(commit).toMatch(/^[0-9a-f]{40}$/);
		expect(git(request.copy, 'log', '--format=%H %ct %D').trim()).toBe(
			`${commit} 1700000000 HEAD -> main, tag: v1.2.3`,
		);
		expect(git(request.copy, 'remote', 'get-url', 'origin').trim()).toBe('https://github.com/ada/greet.git');
		expect(git(request.copy, 'status', '--porcelain')).toBe('');
	});

	test('has what the project keeps, without what it ignores, wherever it says so', async () => {
		const place = write(['kept', 'built/out', 'odd [name]!/x', 'new file']);
		git(place.original, 'init', '--quiet');
		writeFileSync(join(place.original, '.git', 'info', 'exclude'), 'built\nodd*\n');
		git(place.original, 'add', 'kept');
		const request = toRequest(place);
		await makeHistory(request);
		expect(git(request.copy, 'ls-files').trim().split('\n')).toEqual(['kept', 'new file']);
		expect(git(request.copy, 'status', '--porcelain')).toBe('');
	});

	test('leaves dependencies out where nothing says what is kept', async () => {
		const request = toRequest(write(['a', 'node_modules/x/index.js']));
		await makeHistory(request);
		expect(git(request.copy, 'ls-files').trim()).toBe('a');
		expect(git(request.copy, 'status', '--porcelain')).toBe('');
	});
});

test('there is none without git', async () => {
	expect(await makeHistory(toRequest(write(['a']), folder))).toBeUndefined();
});
