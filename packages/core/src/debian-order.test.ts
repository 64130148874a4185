import { spawnSync } from 'node:child_process';
import { describeWith } from '@slipway/testing';
import fc from 'fast-check';
import { compareDebianOrder } from './debian-order.ts';

const vectors: readonly (readonly [a: string, order: '<' | '=' | '>', b: string])[] = [
	['1.0-1', '<', '2.0-2'],
	['2.2~rc-4', '<', '2.2-1'],
	['1', '=', '0:1'],
	['1.0', '=', '1.0-0'],
	['2:2.5', '>', '1:7.5'],
	['0foo~~', '<', '0foo~'],
	['0foo~', '<', '0foo'],
	['1.09', '=', '1.9'],
	['2.36-9+deb12u13', '<', '2.36-9+deb12u14'],
	['2.36-9', '<', '2.36-9+deb12u1'],
	['1.2.0~b7-1', '>', '1.2.0~b6-1'],
	['1:3.8.1-1', '>', '3.8.GA-1'],
	['9007199254740993', '>', '9007199254740992'],
	['0', '<', '0.1'],
	// what dpkg refuses and databases hold
	['', '<', '1'],
	['x', '<', 'y'],
	['a:1', '=', 'a:1'],
];
const SIGNS = { '<': -1, '=': 0, '>': 1 } as const;

test.each(vectors)('%s %s %s', (a, sign, b) => {
	expect(Math.sign(compareDebianOrder(a, b))).toBe(SIGNS[sign]);
	expect(Math.sign(compareDebianOrder(b, a))).toBe(0 - SIGNS[sign]);
});

describeWith('dpkg', 'dpkg', () => {
	test('orders versions in the same way', () => {
		const part = fc.stringMatching(/^[0-9][0-9a-b.+~]{0,5}$/);
		const version = fc
			.tuple(fc.constantFrom('', '0:', '1:'), part, fc.option(part))
			.map(([epoch, upstream, revision]) => `${epoch}${upstream}${revision === null ? '' : `-${revision}`}`);
		const isLess = (a: string, b: string): boolean =>
			spawnSync('dpkg', ['--compare-versions', a, 'lt', b]).status === 0;
		fc.assert(
			fc.property(version, version, (a, b) => {
				expect(compareDebianOrder(a, b) < 0).toBe(isLess(a, b));
			}),
			{ numRuns: 40 },
		);
	});
});

test('the longest texts that get this far are ordered soon (H9)', () => {
	const started = process.threadCpuUsage();
	for (const text of ['1a', '~', '1', ':', '-', '0', '.'].map((part) => part.repeat(2048 / part.length)))
		for (let time = 0; time < 20; time += 1) compareDebianOrder(text, `${text}1`);
	expect(process.threadCpuUsage(started).user / 1000).toBeLessThan(1500);
});
