import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFolder } from './open-folder.ts';

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'slipway-out-'));
});

afterEach(() => {
	rmSync(folder, { recursive: true, force: true });
});

test('empties the folder of an earlier rehearsal', async () => {
	await openFolder(join(folder, 'new'));
	writeFileSync(join(folder, 'new', 'result.json'), '{}');
	await openFolder(join(folder, 'new'));
	expect(readdirSync(join(folder, 'new'))).toEqual(['.gitignore', '.slipway-rehearsal']);
});

test("never empties somebody else's folder", async () => {
	writeFileSync(join(folder, 'thesis.txt'), 'the only copy');
	await expect(openFolder(folder)).rejects.toMatchObject({ code: 'REHEARSAL_FOLDER_FOREIGN' });
	expect(existsSync(join(folder, 'thesis.txt'))).toBe(true);
});
