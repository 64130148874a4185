import { SlipwayError } from '@slipway/core';
import { toGraphPart } from '../graph/to-part.ts';
import { makeSbom } from '../model/make-sbom.ts';
import { toHex } from '../sample.fixture.ts';
import { PNPM_6, PNPM_9 } from './pnpm.fixture.ts';
import { readPnpmLock } from './read-pnpm-lock.ts';

const read = (text: string) => readPnpmLock(text, { source: 'pnpm-lock.yaml', folder: '/nowhere' });

const toSbom = (text: string) =>
	makeSbom({
		root: { type: 'application', name: 'root', version: '1.0.0', hashes: [], links: [] },
		parts: [toGraphPart(read(text), '', { development: true })],
		digest: 'ab'.repeat(32),
		epoch: 1,
		tool: { name: 'slipway', version: '0' },
	});

const listEdges = (text: string) =>
	toSbom(text).dependencies.map(({ from, to, kind }) =>
		`${from} -> ${to} ${kind}`.replaceAll('pkg:npm/', ''),
	);

test('version 9: importers, aliases, links, peers, addresses', () => {
	expect(listEdges(PNPM_9)).toEqual([
		'fromgit@0.0.1?download_url=https:%2F%2Fcodeload.example.org%2Facme%2Ffromgit%2Ftar.gz%2F0123456 -> %40acme/scoped@1.0.0 runtime',
		'member -> fromgit@0.0.1?download_url=https:%2F%2Fcodeload.example.org%2Facme%2Ffromgit%2Ftar.gz%2F0123456 runtime',
		'react-dom@18.2.0 -> react@18.2.0 runtime',
		'root@1.0.0 -> member runtime',
		'root@1.0.0 -> opt@1.0.0 optional',
		'root@1.0.0 -> react-dom@18.2.0 runtime',
		'root@1.0.0 -> real@2.1.0 runtime',
		'root@1.0.0 -> tool@3.0.0 development',
	]);
	expect(toSbom(PNPM_9).complete).toBe(true);
	const real = toSbom(PNPM_9).components.find(({ name }) => name === 'real');
	expect(real?.hashes).toEqual([{ algorithm: 'SHA-512', value: toHex('real') }]);
});

test('version 6: keys with a slash, peers in brackets', () => {
	expect(listEdges(PNPM_6)).toEqual([
		'%40acme/scoped@1.0.0 -> peer@2.0.0 runtime',
		'root@1.0.0 -> %40acme/scoped@1.0.0 runtime',
		'root@1.0.0 -> real@2.1.0 runtime',
		'root@1.0.0 -> tool@3.0.0 development',
	]);
});

const bomb = `a: &a [x,x]\nb: &b [*a,*a]\nlockfileVersion: '9.0'\n`;

test.each([
	['version 5', "lockfileVersion: '5.4'\n", 'SBOM_SOURCE_UNSUPPORTED'],
	['no version', 'packages: {}\n', 'SBOM_SOURCE_INVALID'],
	['nothing', '', 'SBOM_SOURCE_INVALID'],
	['a bomb of aliases', bomb, 'SBOM_SOURCE_INVALID'],
	['a merge key', "lockfileVersion: '9.0'\n<<: *x\n", 'SBOM_SOURCE_INVALID'],
	['a tag', "lockfileVersion: !!js/function 'x'\n", 'SBOM_SOURCE_INVALID'],
	['duplicate keys', "lockfileVersion: '9.0'\nlockfileVersion: '9.0'\n", 'SBOM_SOURCE_INVALID'],
	['__proto__', "lockfileVersion: '9.0'\npackages:\n  __proto__: {}\n", 'SBOM_SOURCE_INVALID'],
	['deep brackets', `lockfileVersion: ${'['.repeat(100_000)}`, 'SBOM_SOURCE_INVALID'],
	['deep brackets on many lines', `a: [\n${' [\n'.repeat(100_000)}`, 'SBOM_SOURCE_INVALID'],
	[
		'deep indentation',
		Array.from({ length: 2000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
		'SBOM_SOURCE_INVALID',
	],
	['deep lists', `a: ${'- '.repeat(10_000)}`, 'SBOM_SOURCE_INVALID'],
	['control characters', "lockfileVersion: '9.0\u0007'\n", 'SBOM_SOURCE_INVALID'],
	['two documents', "lockfileVersion: '9.0'\n---\nlockfileVersion: '9.0'\n", 'SBOM_SOURCE_INVALID'],
	['a name that turns', PNPM_6.replace('/real@2.1.0:', "'/re\u202eal@2.1.0':"), 'SBOM_NAME_INVALID'],
])('%s is refused at once', (_, text, code) => {
	const start = process.threadCpuUsage();
	expect(() => read(text)).toThrow(expect.objectContaining({ constructor: SlipwayError, code }));
	expect(process.threadCpuUsage(start).user / 1000).toBeLessThan(2000);
});
