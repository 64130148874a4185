import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SlipwayError } from '@slipway/core';
import { toGraphPart } from '../graph/to-part.ts';
import { makeSbom } from '../model/make-sbom.ts';
import { toHex } from '../sample.fixture.ts';
import { readYarnLock } from './read-yarn-lock.ts';
import { MANIFEST, MEMBER, YARN_1, YARN_BERRY } from './yarn.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'sbom-yarn-'));
mkdirSync(join(folder, 'packages', 'member'), { recursive: true });
writeFileSync(join(folder, 'package.json'), JSON.stringify(MANIFEST));
writeFileSync(join(folder, 'packages', 'member', 'package.json'), JSON.stringify(MEMBER));
afterAll(() => rmSync(folder, { recursive: true }));

const read = (text: string) => readYarnLock(text, { source: 'yarn.lock', folder });
const toSbom = (text: string) =>
	makeSbom({
		root: { type: 'application', name: 'root', version: '1.0.0', hashes: [], links: [] },
		parts: [toGraphPart(read(text), '', { development: true })],
		digest: 'ab'.repeat(32),
		epoch: 1,
		tool: { name: 'slipway', version: '0' },
	});

const EDGES = [
	'%40acme/tool@3.0.0 -> b@1.0.0 runtime',
	'a@1.0.0 -> b@1.0.0 runtime',
	'a@1.0.0 -> opt@1.0.0 optional',
	'member@0.1.0 -> b@2.0.0 runtime',
	'root@1.0.0 -> %40acme/tool@3.0.0 development',
	'root@1.0.0 -> a@1.0.0 runtime',
	'root@1.0.0 -> member@0.1.0 runtime',
	'root@1.0.0 -> opt@1.0.0 optional',
	'root@1.0.0 -> real@2.1.0 runtime',
];

test.each([
	['version 1', YARN_1],
	['of Yarn 4', YARN_BERRY],
])('yarn.lock %s: descriptors, aliases, workspaces, dev and optional', (_, text) => {
	const sbom = toSbom(text);
	expect(
		sbom.dependencies.map(({ from, to, kind }) => `${from} -> ${to} ${kind}`.replaceAll('pkg:npm/', '')),
	).toEqual(EDGES);
	expect(sbom.complete).toBe(true);
});

test('version 1: a digest from integrity, else the SHA-1 behind the address', () => {
	const hashes = new Map(
		toSbom(YARN_1).components.map(({ name, version, hashes: all }) => [`${name}@${version}`, all]),
	);
	expect(hashes.get('b@2.0.0')).toEqual([{ algorithm: 'SHA-512', value: toHex('b2') }]);
	expect(hashes.get('a@1.0.0')).toEqual([
		{ algorithm: 'SHA-1', value: '0123456789012345678901234567890123456789' },
	]);
});

test('of Yarn 4: the checksum of its own cache is taken for no digest of a package, and that is said', () => {
	expect(toSbom(YARN_BERRY).components.flatMap(({ hashes }) => hashes)).toEqual([]);
	expect(toSbom(YARN_BERRY).notes).toEqual(["yarn.lock: Yarn keeps no digest of the packages' own bytes"]);
});

test.each([
	['no version', 'a@1:\n  resolved "x"\n', 'SBOM_SOURCE_INVALID'],
	['a key without a value', 'a@1:\n  version\n', 'SBOM_SOURCE_INVALID'],
	['odd indentation', 'a@1:\n   version "1"\n', 'SBOM_SOURCE_INVALID'],
	['a field before an entry', '  version "1"\n', 'SBOM_SOURCE_INVALID'],
	['a version twice', 'a@1:\n  version "1"\n  version "2"\n', 'SBOM_SOURCE_INVALID'],
	['__proto__', 'a@1:\n  version "1"\n  dependencies:\n    __proto__ "1"\n', 'SBOM_SOURCE_INVALID'],
	['an open quote', '"a@1:\n  version "1"\n', 'SBOM_SOURCE_INVALID'],
	['tabs', 'a@1:\n\tversion "1"\n', 'SBOM_SOURCE_INVALID'],
	['a name that turns', '"a\u202e@1":\n  version "1"\n', 'SBOM_NAME_INVALID'],
	['an absurd version', `a@1:\n  version "${'1'.repeat(1000)}"\n`, 'SBOM_VERSION_INVALID'],
	['aliases in YAML', '__metadata:\n  version: 8\n"a@npm:1": *x\n', 'SBOM_SOURCE_INVALID'],
	['an entry that is a list', '__metadata:\n  version: 8\n"a@npm:1":\n  - 1\n', 'SBOM_VERSION_INVALID'],
])('%s is refused', (_, text, code) => {
	expect(() => read(text)).toThrow(expect.objectContaining({ constructor: SlipwayError, code }));
});

test('a megabyte of anything is read or refused in a moment', () => {
	for (const text of [
		'"'.repeat(1e6),
		'a,'.repeat(5e5),
		'a@1:\n'.repeat(2e5),
		`a@1:\n  version "${'\\'.repeat(60_000)}"`,
	]) {
		const start = process.threadCpuUsage();
		try {
			read(text);
		} catch (error) {
			expect(error).toBeInstanceOf(SlipwayError);
		}
		expect(process.threadCpuUsage(start).user / 1000).toBeLessThan(2000);
	}
});
