import { compareVersions } from '@slipway/core';
import fc from 'fast-check';
import { compareLooseVersions } from './loose-version.ts';

const vectors: readonly (readonly [a: string, order: '<' | '=' | '>', b: string])[] = [
	// SemVer 2.0.0, 11
	['1.0.0-alpha', '<', '1.0.0-alpha.1'],
	['1.0.0-alpha.1', '<', '1.0.0-alpha.beta'],
	['1.0.0-alpha.beta', '<', '1.0.0-beta'],
	['1.0.0-beta.2', '<', '1.0.0-beta.11'],
	['1.0.0-beta.11', '<', '1.0.0-rc.1'],
	['1.0.0-rc.1', '<', '1.0.0'],
	['1.0.0+build.1', '=', '1.0.0+build.2'],
	['1.10.0', '>', '1.9.0'],
	// what databases hold
	['v1.2.3', '=', '1.2.3'],
	['1.2', '=', '1.2.0'],
	['1', '<', '1.0.1'],
	['1.2.3.4', '<', '1.2.3.10'],
	['1.2.3', '<', '1.2.3.1'],
	['01.2.3', '=', '1.2.3'],
	['1.0.0beta2', '<', '1.0.0'],
	['1.0.0.beta', '<', '1.0.0'],
	['99999999999999999999.0.0', '>', '99999999999999999998.9.9'],
	['latest', '<', '0.0.0'],
	['', '<', '0.0.1-a'],
	[' 1.0.0 ', '=', '1.0.0'],
];

const SIGNS = { '<': -1, '=': 0, '>': 1 } as const;

test.each(vectors)('%s %s %s', (a, sign, b) => {
	expect(Math.sign(compareLooseVersions(a, b))).toBe(SIGNS[sign]);
	expect(Math.sign(compareLooseVersions(b, a))).toBe(0 - SIGNS[sign]);
});

test('orders what is SemVer as semver does', () => {
	const number = fc.nat({ max: 30 });
	const identifier = fc.oneof(number.map(String), fc.constantFrom('alpha', 'beta', 'rc', 'x-y', 'A'));
	const version = fc
		.tuple(fc.tuple(number, number, number), fc.array(identifier, { maxLength: 3 }))
		.map(([core, pre]) => core.join('.') + (pre.length > 0 ? `-${pre.join('.')}` : ''));
	fc.assert(
		fc.property(version, version, (a, b) => {
			expect(Math.sign(compareLooseVersions(a, b))).toBe(Math.sign(compareVersions(a, b)));
		}),
	);
});

test('any text has its place in one order, soon (H9)', () => {
	fc.assert(
		fc.property(fc.string(), fc.string(), (a, b) => {
			expect(compareLooseVersions(a, b) + compareLooseVersions(b, a)).toBe(0);
		}),
	);
	const started = process.threadCpuUsage();
	for (const text of [
		'1.'.repeat(500_000),
		'1'.repeat(1_000_000),
		`1-${'a.'.repeat(500_000)}`,
		' '.repeat(1_000_000),
	])
		compareLooseVersions(text, `${text}1`);
	expect(process.threadCpuUsage(started).user / 1000).toBeLessThan(2000);
});
