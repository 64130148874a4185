import {
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { copyProject, writeVersions } from './copy-project.ts';
import { readProject } from './read-project.ts';

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'slipway-copy-'));
	const files = {
		'package.json': '{ "name": "a", "version": "1.0.0" }',
		'src/main.js': 'main',
		'.git/HEAD': 'ref',
		'.slipway/journal/plan.json': '{}',
		'node_modules/tool/index.js': 'tool',
		'out/rehearsal/result.json': '{}',
		'out/kept.txt': 'kept',
	};
	for (const [path, text] of Object.entries(files)) {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		writeFileSync(join(folder, path), text);
	}
	symlinkSync('src/main.js', join(folder, 'link.js'));
});

afterEach(() => {
	rmSync(folder, { recursive: true, force: true });
});

const copy = async (): Promise<string[]> => {
	const target = join(folder, 'out/rehearsal/a/project');
	await copyProject(await readProject(folder), target, join(folder, 'out/rehearsal'));
	return (readdirSync(target, { recursive: true, withFileTypes: true }) ?? [])
		.filter((entry) => !entry.isDirectory())
		.map((entry) => join(entry.parentPath, entry.name).slice(target.length + 1))
		.sort();
};

test('copies what a release is made of, also when the copy lies inside the project', async () => {
	expect(await copy()).toEqual(['link.js', 'out/kept.txt', 'package.json', 'src/main.js']);
});

test('brings node_modules where the project builds', async () => {
	writeFileSync(join(folder, 'slipway.yml'), 'build: { commands: [[node, build.js]] }\n');
	expect(await copy()).toContain('node_modules/tool/index.js');
});

test('writes versions and nothing else', async () => {
	await writeVersions(folder, [{ folder: '.', version: '0.9.0' }]);
	expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).toEqual({
		name: 'a',
		version: '0.9.0',
	});
});
