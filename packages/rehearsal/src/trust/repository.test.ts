import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readProject } from '../project/read-project.ts';
import { readRepository } from './repository.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-repository-'));
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, files: Readonly<Record<string, object>>): string => {
	for (const [path, json] of Object.entries(files)) {
		mkdirSync(join(folder, name, path, '..'), { recursive: true });
		writeFileSync(join(folder, name, path), JSON.stringify(json));
	}
	return join(folder, name);
};

test.each([
	['git+https://github.com/Ada/greet.git', 'Ada/greet', true],
	['https://github.com/ada/greet', 'ada/greet', true],
	['https://example.org/ada/greet.git', 'rehearsal/small', false],
	['git@github.com:ada/greet.git', 'rehearsal/small', false],
	['https://github.com/ada', 'rehearsal/small', false],
	['https://github.com.example.org/ada/greet', 'rehearsal/small', false],
])('%s', async (url, name, isNamed) => {
	const project = write('small', {
		'package.json': { name: 'small', version: '1.0.0', repository: { type: 'git', url } },
	});
	expect(await readRepository(await readProject(project))).toMatchObject({
		name,
		isNamed,
		url: url.replace(/^git\+/, ''),
	});
});

test('packages that name different repositories name none', async () => {
	const toPackage = (name: string) => ({
		name,
		version: '1.0.0',
		repository: `https://github.com/ada/${name}`,
	});
	const project = write('many', {
		'packages/a/package.json': toPackage('a'),
		'packages/b/package.json': toPackage('b'),
		'slipway.yml': {
			project: 'many',
			version: '1.0.0',
			npm: { packages: ['packages/*'] },
			targets: { npm: { type: 'npm' } },
		},
	});
	expect(await readRepository(await readProject(project))).toEqual({
		name: 'rehearsal/many',
		isNamed: false,
		url: 'https://github.com/rehearsal/many.git',
	});
});
