import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFiles } from './write-files.ts';

let folder: string;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'slipway-write-'));
});

afterEach(() => rm(folder, { recursive: true }));

test('writes every file, over those that are there', async () => {
	await writeFile(join(folder, 'a.yml'), 'old');
	await writeFiles(folder, [
		{ path: 'a.yml', text: 'a' },
		{ path: '.github/workflows/b.yml', text: 'b' },
	]);
	expect(await readFile(join(folder, 'a.yml'), 'utf8')).toBe('a');
	expect(await readFile(join(folder, '.github/workflows/b.yml'), 'utf8')).toBe('b');
	expect(await readdir(folder)).toEqual(['.github', 'a.yml']);
});

test('writes none where one cannot be written, and leaves nothing behind', async () => {
	await writeFile(join(folder, 'a.yml'), 'old');
	const files = [
		{ path: 'a.yml', text: 'a' },
		{ path: 'new.yml', text: 'b' },
		{ path: `${'x'.repeat(300)}.yml`, text: 'c' },
	];
	await expect(writeFiles(folder, files)).rejects.toMatchObject({ code: 'INIT_NOT_WRITTEN' });
	expect(await readdir(folder)).toEqual(['a.yml']);
	expect(await readFile(join(folder, 'a.yml'), 'utf8')).toBe('old');
});
