import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPlainFile } from './read-plain-file.ts';

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'read-plain-file-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('a link to a file is read', async () => {
	await writeFile(join(folder, 'slipway.yml'), 'here');
	await symlink('slipway.yml', join(folder, 'link'));
	expect(String(await readPlainFile(join(folder, 'link')))).toBe('here');
});

test('a link that leads nowhere is not taken for a file that is not there', async () => {
	await symlink('nowhere', join(folder, 'link'));
	await expect(readPlainFile(join(folder, 'link'))).rejects.toMatchObject({ code: 'FILE_NOT_PLAIN' });
	await expect(readPlainFile(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'ENOENT' });
});
