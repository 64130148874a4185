import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { findExecutable, findNpmCli } from './find.ts';

let folder: string;
beforeAll(async () => {
	folder = await realpath(await mkdtemp(join(tmpdir(), 'slipway-find-')));
	await writeFile(join(folder, 'tool'), '');
	await chmod(join(folder, 'tool'), 0o755);
	await writeFile(join(folder, 'plain'), '');
	await mkdir(join(folder, 'folder'));
	await mkdir(join(folder, 'lib', 'npm', 'bin'), { recursive: true });
	await writeFile(join(folder, 'lib', 'npm', 'bin', 'npm-cli.js'), '');
	await mkdir(join(folder, 'bin'));
	await symlink(join('..', 'lib', 'npm', 'bin', 'npm-cli.js'), join(folder, 'bin', 'npm'));
});
afterAll(() => rm(folder, { recursive: true }));

test('finds an executable file in a folder of the path', () => {
	expect(findExecutable('tool', ['/nonexistent', folder].join(delimiter))).toBe(join(folder, 'tool'));
});

test.each(['plain', 'folder', 'missing'])('%s is not an executable', (name) => {
	expect(findExecutable(name, folder)).toBeUndefined();
});

test('never looks in relative folders, an empty path, or no path', () => {
	for (const path of ['.', '', `.${delimiter}`, undefined])
		expect(findExecutable('tool', path)).toBeUndefined();
});

test("npm's JavaScript file is found behind the npm on the PATH", () => {
	expect(findNpmCli({ PATH: join(folder, 'bin') })).toEqual([
		process.execPath,
		join(folder, 'lib', 'npm', 'bin', 'npm-cli.js'),
	]);
});

test('the npm that runs us comes first, another package manager never', () => {
	const own = join(folder, 'lib', 'npm', 'bin', 'npm-cli.js');
	expect(findNpmCli({ PATH: '', npm_execpath: own })[1]).toBe(own);
	expect(findNpmCli({ PATH: join(folder, 'bin'), npm_execpath: join(folder, 'tool') })[1]).toBe(own);
});
