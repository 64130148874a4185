import { SlipwayError } from '@slipway/core';
import fc from 'fast-check';
import { parseJobs } from './notice-jobs.ts';

const GOOD = JSON.stringify({
	build: { result: 'success', outputs: { version: '1.2.0' } },
	publish: { result: 'failure', outputs: {} },
});

test('what GitHub writes', () => {
	expect(parseJobs(GOOD)).toEqual({
		jobs: [
			{ id: 'build', result: 'success' },
			{ id: 'publish', result: 'failure' },
		],
		version: '1.2.0',
	});
});

/** Either it is read, and holds nothing but ids, results and a version; or it is refused by name. */
const check = (text: string): void => {
	try {
		const { jobs, version } = parseJobs(text);
		expect(jobs.every(({ id }) => /^[A-Za-z_][A-Za-z0-9_-]*$/.test(id))).toBe(true);
		expect(jobs.every(({ result }) => /^[a-z]+$/.test(result))).toBe(true);
		expect(version ?? '1.0.0').toMatch(/^\d+\.\d+\.\d+/);
	} catch (thrown) {
		expect(thrown).toBeInstanceOf(SlipwayError);
	}
};

test('whatever else comes is refused by name, and nothing of it gets through', () => {
	fc.assert(fc.property(fc.string(), check), { numRuns: 500 });
	fc.assert(
		fc.property(fc.nat(GOOD.length), fc.string({ maxLength: 8 }), (at, text) =>
			check(GOOD.slice(0, at) + text + GOOD.slice(at + text.length)),
		),
		{ numRuns: 500 },
	);
	fc.assert(fc.property(fc.json({ maxDepth: 4 }), check), { numRuns: 300 });
});

test('a megabyte is read or refused at once (H9)', () => {
	const start = process.threadCpuUsage();
	expect(() =>
		parseJobs(`{"a":{"result":"success","outputs":{"version":"${'1.'.repeat(500_000)}"}}}`),
	).not.toThrow();
	expect(() => parseJobs('['.repeat(1_000_000))).toThrow(SlipwayError);
	expect(process.threadCpuUsage(start).user / 1000).toBeLessThan(1000);
});
