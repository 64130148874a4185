import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '@slipway/process';
import { COMPILE_CACHE } from '@slipway/testing';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'sbom-command-'));
	const packages = {
		'': { name: 'demo', version: '1.0.0', dependencies: { a: '1' }, devDependencies: { t: '1' } },
		'node_modules/a': { version: '1.0.0' },
		'node_modules/t': { version: '1.0.0', dev: true },
	};
	await writeFile(join(folder, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }));
});
afterEach(() => rm(folder, { recursive: true }));

const slipway = (...args: string[]) =>
	run([process.execPath, MAIN, 'sbom', ...args], {
		cwd: folder,
		environment: {
			PATH: process.env.PATH,
			HOME: folder,
			SOURCE_DATE_EPOCH: '1700000000',
			NODE_COMPILE_CACHE: COMPILE_CACHE,
		},
	});

test('a folder on standard output, as a document and nothing else', async () => {
	const { code, stdout } = await slipway('.');
	expect(code).toBe(0);
	expect(
		JSON.parse(stdout).components.map(
			({ name, scope }: { name: string; scope: string }) => `${name} ${scope}`,
		),
	).toEqual(['a required', 't excluded']);
});

test('a lockfile into a file, without what only development needs, with the score', async () => {
	const { code, stdout } = await slipway(
		'package-lock.json',
		'--format',
		'spdx',
		'--omit',
		'dev',
		'--out',
		'bom.json',
		'--json',
	);
	expect(code).toBe(0);
	expect(JSON.parse(stdout)).toMatchObject({
		out: 'bom.json',
		components: 1,
		score: { score: expect.any(Number) },
	});
	const document = JSON.parse(await readFile(join(folder, 'bom.json'), 'utf8'));
	expect(document).toMatchObject({
		spdxVersion: 'SPDX-2.3',
		creationInfo: { created: '2023-11-14T22:13:20Z' },
	});
});

test('a file that is no lockfile: what was expected, and no stack', async () => {
	await writeFile(join(folder, 'package-lock.json'), '{"lockfileVersion":1}');
	const { code, stderr } = await slipway('package-lock.json');
	expect(code).toBe(1);
	expect(stderr).toMatch(/SBOM_SOURCE_UNSUPPORTED/);
	expect(stderr).not.toMatch(/ at .*\.ts:/);
});

test('an unknown format is an error of usage', async () => {
	expect((await slipway('.', '--format', 'xml')).code).toBe(2);
});
