import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { SlipwayError } from '@slipway/core';
import { toCycloneDx } from '../output/cyclonedx.ts';
import { toSpdx } from '../output/spdx.ts';
import { scoreSbom } from '../score/score.ts';
import { scoreSbomFile } from '../score/score-file.ts';
import { findDanglingIds, findDanglingRefs, validateCycloneDx, validateSpdx } from '../validate.fixture.ts';
import { makeProjectSbom } from './project-sbom.ts';
import { readLockfile, readProjectGraph } from './read-graph.ts';

const REPOSITORY = join(import.meta.dirname, '..', '..', '..', '..');
let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'sbom-tree-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (path: string, content: object | string): void => {
	mkdirSync(dirname(join(folder, path)), { recursive: true });
	writeFileSync(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content));
};

const read = async (root = folder, development = true) =>
	makeProjectSbom({
		project: await readProjectGraph(root),
		development,
		epoch: 1_700_000_000,
		tool: { name: 'slipway', version: '0.1.0' },
	});

describe('this repository, as it is installed', () => {
	test('scores at least 8 of 10, and both formats are valid', async () => {
		const sbom = await read(REPOSITORY, false);
		expect(sbom.components.length).toBeGreaterThan(100);
		expect(scoreSbom(sbom).score).toBeGreaterThanOrEqual(8);
		expect(await validateCycloneDx(toCycloneDx(sbom))).toBeNull();
		expect(validateSpdx(toSpdx(sbom))).toEqual([]);
		expect([...findDanglingRefs(toCycloneDx(sbom)), ...findDanglingIds(toSpdx(sbom))]).toEqual([]);
	});

	test('every component that lacks a supplier is named', async () => {
		const sbom = await read(REPOSITORY, false);
		const { missing, rules } = scoreSbom(sbom);
		const suppliers = rules.find(({ id }) => id === 'supplier');
		const named = missing.filter((line) => / supplier\b/.test(line.slice(line.indexOf(':'))));
		expect(named).toHaveLength((suppliers?.of ?? 0) - (suppliers?.met ?? 0));
	});

	test('read back from its file it scores the same', async () => {
		const sbom = await read(REPOSITORY, false);
		expect(scoreSbomFile(toCycloneDx(sbom), 'a').score).toBe(scoreSbom(sbom).score);
	});
});

test('without any lockfile: the folders themselves, with links and nested versions', async () => {
	write('package.json', { name: 'root', version: '1.0.0', dependencies: { a: '1', linked: '1' } });
	write('node_modules/a/package.json', {
		name: 'a',
		version: '1.0.0',
		dependencies: { b: '1' },
		license: 'SEE LICENSE IN LICENCE.txt',
	});
	write('node_modules/a/LICENCE.txt', 'as you like');
	write('node_modules/a/node_modules/b/package.json', { name: 'b', version: '1.0.0' });
	write('node_modules/b/package.json', { name: 'b', version: '2.0.0' });
	write('node_modules/@s/c/package.json', { name: '@s/c', version: '1.0.0' });
	write('node_modules/broken/package.json', '{');
	write('packages/linked/package.json', {
		name: 'linked',
		version: '3.0.0',
		dependencies: { b: '2', '@s/c': '1' },
	});
	symlinkSync('../packages/linked', join(folder, 'node_modules', 'linked'));
	const sbom = await read();
	expect(sbom.dependencies.map(({ from, to }) => `${from} -> ${to}`.replaceAll('pkg:npm/', ''))).toEqual([
		'a@1.0.0 -> b@1.0.0',
		'linked@3.0.0 -> %40s/c@1.0.0',
		'linked@3.0.0 -> b@2.0.0',
		'root@1.0.0 -> a@1.0.0',
		'root@1.0.0 -> linked@3.0.0',
	]);
	expect(sbom.components.find(({ name }) => name === 'a')?.licence).toEqual({
		kind: 'named',
		name: 'SEE LICENSE IN LICENCE.txt',
		text: 'as you like',
	});
});

test('a link that leads out of the project is not followed', async () => {
	write('package.json', { name: 'root', version: '1.0.0' });
	write('node_modules/a/package.json', { name: 'a', version: '1.0.0' });
	symlinkSync('/', join(folder, 'node_modules', 'out'));
	symlinkSync('..', join(folder, 'node_modules', 'up'));
	expect((await read()).components).toEqual([]);
});

test('an installed package of another version adds nothing', async () => {
	write('package-lock.json', {
		lockfileVersion: 3,
		packages: {
			'': { name: 'root', version: '1.0.0', dependencies: { a: '1' } },
			'node_modules/a': { version: '1.0.0' },
		},
	});
	write('node_modules/a/package.json', { name: 'a', version: '6.6.6', author: 'Eve' });
	expect((await read()).components[0]?.supplier).toBeUndefined();
});

test.each([
	['nothing', {}, 'SBOM_SOURCE_MISSING'],
	['a lockfile that is no JSON', { 'package-lock.json': '{' }, 'JSON_INVALID'],
	['an old pnpm-lock.yaml', { 'pnpm-lock.yaml': "lockfileVersion: '5.4'\n" }, 'SBOM_SOURCE_UNSUPPORTED'],
])('a folder with %s is refused', async (_, files, code) => {
	for (const [path, content] of Object.entries(files)) write(path, content);
	await expect(read()).rejects.toThrow(expect.objectContaining({ constructor: SlipwayError, code }));
});

test('a lockfile that is not there is refused', async () => {
	await expect(readLockfile(join(folder, 'package-lock.json'))).rejects.toThrow(
		expect.objectContaining({ constructor: SlipwayError, code: 'SBOM_SOURCE_MISSING' }),
	);
});

test('the SBOM is bound to the bytes of the lockfile', async () => {
	const { digest } = await read(REPOSITORY);
	const { createHash } = await import('node:crypto');
	expect(digest).toBe(
		createHash('sha256')
			.update(readFileSync(join(REPOSITORY, 'package-lock.json')))
			.digest('hex'),
	);
});
