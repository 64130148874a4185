import { SlipwayError } from '@slipway/core';
import { toLicenceReader } from '../licence/parse-licence.ts';
import { readNpmLock } from '../npm/read-npm-lock.ts';
import { NPM_LOCK, toHex, toSampleSbom } from '../sample.fixture.ts';

const read = (lock: object) =>
	readNpmLock(JSON.stringify(lock), { source: 'package-lock.json', readLicence: toLicenceReader() });
const withPackages = (packages: object): object => ({ lockfileVersion: 3, packages });

const sbom = toSampleSbom();
const find = (name: string, version?: string) =>
	sbom.components.find(
		(component) => component.name === name && (version === undefined || component.version === version),
	);
const edgesOf = (ref: string): string[] =>
	sbom.dependencies.filter(({ from }) => from === ref).map(({ to, kind }) => `${to} ${kind}`);

test('edges are resolved by place: nested versions, links, aliases, cycles', () => {
	expect(edgesOf('pkg:npm/%40acme/member@0.1.0')).toEqual([
		'pkg:npm/b@2.0.0 runtime',
		'pkg:npm/member-tool@1.0.0 development',
	]);
	expect(edgesOf('pkg:npm/a@1.0.0')).toEqual([
		'pkg:npm/b@1.0.0 runtime',
		'pkg:npm/cycle@1.0.0 runtime',
		'pkg:npm/peer@1.0.0 runtime',
	]);
	expect(edgesOf('pkg:npm/cycle@1.0.0')).toEqual(['pkg:npm/a@1.0.0 runtime']);
	expect(edgesOf(sbom.root.ref)).toContain('pkg:npm/real@2.1.0 runtime');
	expect(edgesOf(sbom.root.ref)).toContain('pkg:npm/%40acme/member@0.1.0 runtime');
});

test('a package has its own name, not its alias, and a purl that says where it is from', () => {
	expect(find('alias')).toBeUndefined();
	expect(find('tarball')?.purl).toBe(
		'pkg:npm/tarball@4.0.0?download_url=https:%2F%2Fexample.org%2Fdownloads%2Ft.tgz',
	);
	expect(find('scoped')).toMatchObject({
		group: '@acme',
		purl: 'pkg:npm/%40acme/scoped@1.0.0-rc.1%2Bbuild.5',
	});
});

test('hashes come from integrity, and only from there', () => {
	expect(find('peer')?.hashes).toEqual([{ algorithm: 'SHA-512', value: toHex('peer@1.0.0') }]);
	expect(find('bundled')).toMatchObject({ hashes: [], bundled: true });
});

test('nobody is named a supplier where no manifest was read', () => {
	expect(sbom.components.filter(({ supplier }) => supplier)).toEqual([]);
});

test('what is asked for and not there is said', () => {
	expect(sbom.notes).toEqual(['package-lock.json: 1 peer dependencies are asked for and not installed']);
	expect(sbom.complete).toBe(true);
	const lost = structuredClone(NPM_LOCK) as unknown as { packages: Record<string, object> };
	delete lost.packages['node_modules/cycle'];
	const graph = read(lost);
	expect(graph.unresolved).toEqual([{ from: 'node_modules/a', name: 'cycle', range: '*' }]);
});

test('the same package at two places is one component with the edges of both', () => {
	const graph = read(
		withPackages({
			'': { name: 'x', version: '1.0.0', dependencies: { p: '*', q: '*' } },
			'node_modules/p': { version: '1.0.0', dependencies: { s: '*' } },
			'node_modules/q': { version: '1.0.0', dependencies: { s: '*' } },
			'node_modules/p/node_modules/s': { version: '1.0.0' },
			'node_modules/q/node_modules/s': { version: '1.0.0' },
		}),
	);
	expect([...graph.nodes.keys()].length).toBe(5);
});

test.each([
	['version 1', { lockfileVersion: 1, dependencies: {} }, 'SBOM_SOURCE_UNSUPPORTED'],
	['no packages', { lockfileVersion: 3 }, 'SBOM_SOURCE_UNSUPPORTED'],
	['packages that are a list', { lockfileVersion: 3, packages: [1] }, 'SBOM_SOURCE_INVALID'],
	[
		'a name that turns the direction of writing',
		withPackages({ 'node_modules/\u202egnp': { version: '1.0.0' } }),
		'SBOM_NAME_INVALID',
	],
	[
		'a name with a Cyrillic letter',
		withPackages({ 'node_modules/l\u043edash': { version: '1.0.0' } }),
		'SBOM_NAME_INVALID',
	],
	[
		'a name with a blank of no width',
		withPackages({ 'node_modules/a': { name: 'a\u200b', version: '1.0.0' } }),
		'SBOM_NAME_INVALID',
	],
	[
		'a name that climbs',
		withPackages({ 'node_modules/a': { name: '@x/..', version: '1.0.0' } }),
		'SBOM_NAME_INVALID',
	],
	[
		'an absurd version',
		withPackages({ 'node_modules/a': { version: '9'.repeat(300) } }),
		'SBOM_VERSION_INVALID',
	],
	[
		'a version with a line break',
		withPackages({ 'node_modules/a': { version: '1\n2' } }),
		'SBOM_VERSION_INVALID',
	],
	[
		'a place with a control character',
		withPackages({ 'node_modules/a\u0000': { version: '1' } }),
		'SBOM_SOURCE_INVALID',
	],
	['a place that is absolute', withPackages({ '/etc': { version: '1' } }), 'SBOM_SOURCE_INVALID'],
	[
		'a place of 1,000 folders',
		withPackages({ [Array(1000).fill('a').join('/')]: { version: '1' } }),
		'SBOM_SOURCE_INVALID',
	],
])('%s is refused', (_, lock, code) => {
	expect(() => read(lock)).toThrow(expect.objectContaining({ constructor: SlipwayError, code }));
});

test.each([
	['duplicate keys', '{"lockfileVersion":3,"packages":{"a":{},"a":{}}}', 'JSON_UNSAFE'],
	['__proto__', '{"lockfileVersion":3,"packages":{"__proto__":{}}}', 'JSON_UNSAFE'],
	['depth', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'JSON_UNSAFE'],
	['no JSON', '{', 'JSON_INVALID'],
])('%s is refused by the reader of JSON', (_, text, code) => {
	const options = { source: 'package-lock.json', readLicence: toLicenceReader() };
	expect(() => readNpmLock(text, options)).toThrow(
		expect.objectContaining({ constructor: SlipwayError, code }),
	);
});
