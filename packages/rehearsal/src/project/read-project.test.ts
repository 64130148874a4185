import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readProject } from './read-project.ts';

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'slipway-project-'));
});

afterEach(() => {
	rmSync(folder, { recursive: true, force: true });
});

const write = (files: Readonly<Record<string, string | object>>): void => {
	for (const [path, content] of Object.entries(files)) {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		writeFileSync(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content));
	}
};

test('a project with only package.json goes to npm', async () => {
	write({ 'package.json': { name: '@acme/box', version: '1.2.3' } });
	const project = await readProject(folder);
	expect(project).toMatchObject({
		name: 'box',
		version: '1.2.3',
		npmPackages: [{ name: '@acme/box', version: '1.2.3', folder: '.' }],
		needsModules: false,
	});
	expect(project.config.targets).toMatchObject({ npm: { type: 'npm' } });
});

test('a monorepo has a package for each public package.json', async () => {
	write({
		'package.json': { name: 'root', version: '3.0.0', private: true },
		'packages/a/package.json': { name: 'a', version: '1.0.0' },
		'packages/b/package.json': { name: 'b', version: '2.0.0' },
		'packages/c/package.json': { name: 'c', version: '2.0.0', private: true },
		'slipway.yml':
			'npm: { packages: [packages/a, packages/b, packages/c] }\ntargets: { npm: { type: npm } }\n',
	});
	const { npmPackages } = await readProject(folder);
	expect(npmPackages.map(({ name }) => name).sort()).toEqual(['a', 'b']);
});

test.each<[string, Readonly<Record<string, string | object>>, string]>([
	['an empty folder', {}, 'REHEARSAL_PROJECT_INVALID'],
	[
		'nothing public and no target',
		{ 'package.json': { name: 'a', version: '1.0.0', private: true } },
		'REHEARSAL_PROJECT_INVALID',
	],
	['no version', { 'package.json': { name: 'a' } }, 'REHEARSAL_PROJECT_INVALID'],
	['a version that is none', { 'package.json': { name: 'a', version: 'v1' } }, 'REHEARSAL_PROJECT_INVALID'],
	[
		'a name that climbs',
		{ 'package.json': { name: '../../../x', version: '1.0.0' } },
		'REHEARSAL_PROJECT_INVALID',
	],
	[
		'a scope that climbs',
		{ 'package.json': { name: '@../x', version: '1.0.0' } },
		'REHEARSAL_PROJECT_INVALID',
	],
	[
		'a name below a scope that climbs',
		{ 'package.json': { name: '@a/../x', version: '1.0.0' } },
		'REHEARSAL_PROJECT_INVALID',
	],
	[
		'a name that is the folder itself',
		{ 'package.json': { name: '.', version: '1.0.0' } },
		'REHEARSAL_PROJECT_INVALID',
	],
	[
		'a name with a backslash',
		{ 'package.json': { name: '..\\x', version: '1.0.0' } },
		'REHEARSAL_PROJECT_INVALID',
	],
	[
		'a name no Release can have',
		{ 'package.json': { name: '~x', version: '1.0.0' } },
		'REHEARSAL_PROJECT_INVALID',
	],
	[
		'a name that climbs in a workspace',
		{
			'a/package.json': { name: '../../x', version: '1.0.0' },
			'slipway.yml': 'version: 1.0.0\nnpm: { packages: [a] }\ntargets: { npm: { type: npm } }\n',
		},
		'REHEARSAL_PROJECT_INVALID',
	],
	['an unknown key in slipway.yml', { 'slipway.yml': 'projet: a\n' }, 'CONFIG_INVALID'],
])('refuses %s', async (_name, files, code) => {
	write(files);
	await expect(readProject(folder)).rejects.toMatchObject({ name: 'SlipwayError', code });
});
