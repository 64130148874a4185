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
		{ path: 'a.yml', text: 'a', seen: 'old' },
		{ path: '.github/workflows/b.yml', text: 'b', seen: undefined },
	]);
	expect(await readFile(join(folder, 'a.yml'), 'utf8')).toBe('a');
	expect(await readFile(join(folder, '.github/workflows/b.yml'), 'utf8')).toBe('b');
	expect(await readdir(folder)).toEqual(['.github', 'a.yml']);
});

test('writes none where one cannot be written, and leaves nothing behind', async () => {
	await writeFile(join(folder, 'a.yml'), 'old');
	const files = [
		{ path: 'a.yml', text: 'a', seen: 'old' },
		{ path: 'new.yml', text: 'b', seen: undefined },
		{ path: `${'x'.repeat(300)}.yml`, text: 'c', seen: undefined },
	];
	await expect(writeFiles(folder, files)).rejects.toMatchObject({ code: 'INIT_NOT_WRITTEN' });
	expect(await readdir(folder)).toEqual(['a.yml']);
	expect(await readFile(join(folder, 'a.yml'), 'utf8')).toBe('old');
});

test.each([
	['was edited', 'mine', 'theirs'],
	['came into being', 'mine', undefined],
])('writes none where one %s meanwhile', async (_, present, seen) => {
	await writeFile(join(folder, 'b.yml'), present);
	const files = [
		{ path: 'a.yml', text: 'a', seen: undefined },
		{ path: 'b.yml', text: 'b', seen },
	];
	await expect(writeFiles(folder, files)).rejects.toMatchObject({ code: 'INIT_FILE_CHANGED' });
	expect(await readdir(folder)).toEqual(['b.yml']);
	expect(await readFile(join(folder, 'b.yml'), 'utf8')).toBe(present);
});
