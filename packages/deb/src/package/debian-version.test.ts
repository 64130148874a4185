import { spawnSync } from 'node:child_process';
import { describeWith } from '@slipway/testing';
import fc from 'fast-check';
import { compareDebianVersions, parseDebianVersion, toVersionWithoutEpoch } from './debian-version.ts';

const vectors: readonly [a: string, order: '<' | '=' | '>', b: string][] = [
	['1.0-1', '<', '2.0-2'],
	['2.2~rc-4', '<', '2.2-1'],
	['1.0000-1', '=', '1.0-1'],
	['1', '=', '0:1'],
	['0', '=', '0:0-0'],
	['1.0', '=', '1.0-0'],
	['2:2.5', '>', '1:7.5'],
	['1:0foo', '<', '2:0foo'],
	['0foo', '<', '0foo-1'],
	['0foo~foo+Bar', '<', '0foo~foo+bar'],
	['0foo~~', '<', '0foo~'],
	['0foo~', '<', '0foo'],
	['0foo.bar', '>', '0foo1bar'],
	['0foo-0', '=', '0foo'],
	['0foo2.0', '<', '0foo2.0.1'],
	['1.09', '=', '1.9'],
	['1.0.8+nmu1', '>', '1.0.8'],
	['3.11', '>', '3.10+nmu1'],
	['0.9j-20080306-4', '<', '0.9k-20070324-2'],
	['1.2.0~b7-1', '>', '1.2.0~b6-1'],
	['1.011-1', '>', '1.06-2'],
	['1:3.8.1-1', '>', '3.8.GA-1'],
	['1.0.1+gpl-1', '<', '1.0.1+gpm-2'],
	['1a', '<', '1000a'],
	['1.0-rc1', '>', '1.0'],
	['1.2.0+really1.1.0-1', '>', '1.2.0-1'],
	['1.2.0+really1.1.0-1', '<', '1.2.1-1'],
	[`1.${'9'.repeat(40)}`, '<', `1.1${'0'.repeat(40)}`],
	['9007199254740993', '>', '9007199254740992'],
];
const SYMBOLS = { lt: '<', eq: '=', gt: '>' } as const;
const toRelation = (order: number): keyof typeof SYMBOLS => (order < 0 ? 'lt' : order > 0 ? 'gt' : 'eq');

test.each(vectors)('%s %s %s', (a, order, b) => {
	expect(SYMBOLS[toRelation(compareDebianVersions(a, b))]).toBe(order);
	const mirrored = { '<': '>', '=': '=', '>': '<' }[order];
	expect(SYMBOLS[toRelation(compareDebianVersions(b, a))]).toBe(mirrored);
});

describeWith('dpkg', 'dpkg --compare-versions', () => {
	type Claim = readonly [a: string, relation: string, b: string];

	const isTrueForDpkg = (claim: Claim): boolean =>
		spawnSync('dpkg', ['--compare-versions', ...claim]).status === 0;

	/** xargs starts hundreds of dpkg in a second and fails when one of them does; then each is asked again. */
	const findDisputed = (claims: readonly Claim[]): readonly Claim[] => {
		const input = claims.flat().join('\0');
		const { status } = spawnSync('xargs', ['-0', '-n', '3', 'dpkg', '--compare-versions'], { input });
		return status === 0 ? [] : claims.filter((claim) => !isTrueForDpkg(claim));
	};

	test('agrees with every vector', () => {
		const claims = vectors.map(([a, order, b]): Claim => [a, { '<': 'lt', '=': 'eq', '>': 'gt' }[order], b]);
		expect(findDisputed(claims)).toEqual([]);
	});

	test('disagrees where it should', () => {
		expect(findDisputed([...Array<Claim>(3).fill(['1', 'lt', '2']), ['1', 'gt', '2']])).toEqual([
			['1', 'gt', '2'],
		]);
	});

	test('agrees with 500 generated pairs', () => {
		const part = fc.stringMatching(/^(?:[0-9]{1,3}|[a-zA-Z]{1,2}|[.+~]|~~|00[1-9]){0,5}$/);
		const version = fc
			.tuple(fc.constantFrom('', '0:', '1:'), fc.nat(2), part, fc.option(fc.tuple(fc.nat(1), part)))
			.map(
				([epoch, digit, upstream, revision]) =>
					`${epoch}${digit}${upstream}${revision ? `-${revision.join('')}` : ''}`,
			);
		const claims = fc
			.sample(fc.tuple(version, version), 500)
			.map(([a, b]): Claim => [a, toRelation(compareDebianVersions(a, b)), b]);
		expect(findDisputed(claims)).toEqual([]);
	});
});

const parsed: readonly [text: string, epoch: number, upstream: string, revision: string | undefined][] = [
	['0', 0, '0', undefined],
	['0:0-0', 0, '0', '0'],
	['1:2.0-3', 1, '2.0', '3'],
	['1:2:0-3', 1, '2:0', '3'],
	['1.2-3-4', 0, '1.2-3', '4'],
	['2147483647:1', 2_147_483_647, '1', undefined],
	['1.2.0~rc.1-1', 0, '1.2.0~rc.1', '1'],
];
test.each(parsed)('splits %s', (text, epoch, upstream, revision) => {
	expect(parseDebianVersion(text)).toEqual({ epoch, upstream, revision });
	expect(toVersionWithoutEpoch(parseDebianVersion(text))).toBe(text.replace(/^[0-9]+:/, ''));
});

const invalid = [
	'',
	'0:',
	':1.0',
	'1.0-',
	'-1:0-1',
	'a:0-0',
	'1a:0-0',
	'-0',
	'0:-0',
	'2147483648:1',
	'999999999999999999:1',
	'1 0',
	' 1',
	'1\n',
	'0:0 0-1',
	'a',
	'.5',
	'1.0_1',
	'1.0-1_2',
	'1/0',
	'1é',
];
test.each(invalid)('refuses %j', (text) => {
	expect(() => parseDebianVersion(text)).toThrow(expect.objectContaining({ code: 'DEB_VERSION_INVALID' }));
});

test.each([
	['1_0:1', 'the epoch is not a number'],
	['2147483648:1', 'the epoch is too large'],
	['0:-1', 'the upstream version is empty'],
	['1.0-', 'the revision is empty'],
	['v1', 'the upstream version does not start with a digit'],
	['1_0', 'a character is not allowed'],
	['1-0_1', 'a character of the revision is not allowed'],
])('%j is refused because %s', (text, problem) => {
	expect(() => parseDebianVersion(text)).toThrow(`"${text}": ${problem}`);
});

test('a version has at most 1,024 characters', () => {
	expect(parseDebianVersion('1'.repeat(1024)).upstream).toHaveLength(1024);
	expect(() => parseDebianVersion('1'.repeat(1025))).toThrow('longer than 1024 characters');
});

test.each([
	['1.0', '1_0'],
	['1_0', '1.0'],
])('%s is not compared with %s', (a, b) => {
	expect(() => compareDebianVersions(a, b)).toThrow(expect.objectContaining({ code: 'DEB_VERSION_INVALID' }));
});

test('a megabyte of digits or hyphens is refused at once', () => {
	const start = process.threadCpuUsage();
	for (const text of ['1', '-', '~', ':'].map((character) => `1${character.repeat(1_000_000)}`))
		expect(() => parseDebianVersion(text)).toThrow();
	expect(process.threadCpuUsage(start).user / 1000).toBeLessThan(200);
});
