// H9: every regular expression of the product is linear, as recheck says, or is named with what bounds its input and is
// quick on the worst of that length.
import { collectRegexes } from './regexes/collect.ts';
import { EXCEPTIONS, type RegexException } from './regexes/exceptions.ts';
import { findSlowness, findUnjudged, readJudged, toKey } from './regexes/judged.ts';

const { literals, made } = collectRegexes();
const MOST_MS = 200;

test('every pattern is linear, or named with its bound', async () => {
	expect(literals.length).toBeGreaterThan(400);
	const problems: string[] = [];
	for (const found of findUnjudged(readJudged())) {
		const slowness = await findSlowness(found);
		if (slowness !== undefined) problems.push(`${toKey(found)} in ${found.files.join(', ')}: ${slowness}`);
	}
	expect(problems).toEqual([]);
}, 900_000);

test('recheck tells a slow pattern from a linear one', async () => {
	const judge = (source: string) => findSlowness({ source, flags: '', files: [] });
	expect([await judge('^(a+)+$'), await judge('/+$'), await judge('^a+$')]).toEqual([
		expect.stringMatching('exponential'),
		expect.stringMatching('polynomial'),
		undefined,
	]);
}, 900_000);

test('no exception has outlived its pattern', () => {
	const known = new Set(literals.map(toKey));
	expect(EXCEPTIONS.map(({ pattern }) => toKey(pattern)).filter((key) => !known.has(key))).toEqual([]);
});

const toWorst = ({ most, attack: [start, pump, end] }: RegexException): string =>
	start + pump.repeat(Math.max(0, (most - start.length - end.length) / pump.length)) + end;

test.each(EXCEPTIONS.map((exception) => [exception.pattern, exception] as const))(
	'the worst input of %s is read in time',
	(pattern, exception) => {
		const text = toWorst(exception);
		const start = process.threadCpuUsage();
		text.replace(new RegExp(pattern), '');
		expect(process.threadCpuUsage(start).user / 1000).toBeLessThan(MOST_MS);
	},
);

test('patterns are made of texts only where those are known words', () => {
	expect(made).toEqual([
		'packages/archive/src/release/leftovers.ts',
		'packages/cli/src/init/facts/debian.ts',
		'packages/core/src/digest.ts',
		'packages/deb/src/package/licence-text.ts',
		'packages/deb/src/repository/packages-index.ts',
		'packages/gate/src/packed/read-deb.ts',
		'packages/rehearsal/src/faults/github-faults.ts',
	]);
});
