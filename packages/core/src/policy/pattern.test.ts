import fc from 'fast-check';
import { findPatternProblem, MAX_PATTERN_INPUT, toPatternMatcher } from './pattern.ts';

const REPOSITORY = 'https://forge.example/acme/greet/.github/workflows/release.yml@refs/tags/v1.2.3';

describe('matches whole texts', () => {
	test.each([
		['https://forge\\.example/acme/.*', REPOSITORY, true],
		['acme', REPOSITORY, false],
		['.', REPOSITORY, false],
		['.*refs/tags/v\\d+\\.\\d+\\.\\d+', REPOSITORY, true],
		['^.*refs/tags/v[0-9.]+$', REPOSITORY, true],
		['refs/(heads/main|tags/v1)', 'refs/tags/v1', true],
		['refs/(heads/main|tags/v1)', 'refs/tags/v1x', false],
		['a|b', 'ab', false],
		['a|', '', true],
		['(a+)+', 'aaaa', true],
		['(a*)*b', 'aaab', true],
		['x{2,3}', 'xx', true],
		['x{2,3}', 'xxxx', false],
		['x{0}', '', true],
		['x{2,}', 'xxxxx', true],
		['[^/]+', 'a/b', false],
		['[a-c\\-\\d]+', 'a-7', true],
		['[a-]+', 'a-', true],
		['a\\$', 'a$', true],
		['a\\\\$', 'a\\', true],
		['a.b', 'a\nb', false],
		['\\w+\\s\\S', 'ab c', true],
		['ä.', 'äö', true],
	])('%j and %j: %s', (pattern, text, expected) => {
		expect(toPatternMatcher(pattern)(text)).toBe(expected);
	});
});

describe('refuses what cannot be matched in linear time, and what is no pattern', () => {
	test.each([
		['(a)\\1', 'back references'],
		['(?<n>a)\\k<n>', '(?: is allowed'],
		['(?=a)', '(?: is allowed'],
		['(?!a)', '(?: is allowed'],
		['(?<=a)', '(?: is allowed'],
		['(?i)a', '(?: is allowed'],
		['a**', 'repetition of a repetition'],
		['a*?', 'repetition of a repetition'],
		['a{1,2}{3}', 'repetition of a repetition'],
		['*a', 'nothing before it'],
		['(a', 'no )'],
		['a)', 'no ('],
		['[a', 'more after'],
		['[]', 'empty'],
		['[z-a]', 'wrong way round'],
		['[\\d-z]', 'wrong way round'],
		['a{2,1}', 'wrong way round'],
		['a{101}', 'up to 100'],
		['a{x}', '{n}'],
		['a^b', 'at the ends'],
		['a$b', 'at the ends'],
		['\\bword', 'not allowed'],
		['\\p{L}', 'not allowed'],
		['\\', 'more after'],
		['((a{100}){100}){100}', 'repeats too much'],
		['('.repeat(30) + ')'.repeat(30), 'nested deeper'],
	])('%j', (pattern, problem) => {
		expect(findPatternProblem(pattern)).toContain(problem);
	});
});

describe('evil patterns on the longest text', () => {
	test.each([
		'(a+)+b',
		'(a|a)*b',
		'(a|aa)+b',
		'(.*a){12}b',
		'((a*)*)*b',
		'.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*.*b',
		'(a?){40}a{40}b',
		'(([^x]*)*y?)*b',
	])('%s takes no long time', (pattern) => {
		const matches = toPatternMatcher(pattern);
		const start = process.threadCpuUsage();
		expect(matches('a'.repeat(MAX_PATTERN_INPUT))).toBe(false);
		const { user, system } = process.threadCpuUsage(start);
		expect((user + system) / 1000).toBeLessThan(200);
	});

	test('a longer text never matches', () => {
		expect(toPatternMatcher('a*')('a'.repeat(MAX_PATTERN_INPUT + 1))).toBe(false);
	});
});

test('agrees with the engine of the language on what both take', () => {
	const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', 'x', '\\.');
	const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
		pattern: fc.oneof(
			{ maxDepth: 4 },
			atom,
			fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => a + b),
			fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `(${a}|${b})`),
			fc
				.tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{0,2}', '{1,}'))
				.map(([a, b]) => `(?:${a})${b}`),
		),
	}));
	const text = fc.string({ unit: fc.constantFrom('a', 'b', 'x', '1', '.', '\n'), maxLength: 7 });
	fc.assert(
		fc.property(pattern, text, (source, input) => {
			expect(toPatternMatcher(source)(input)).toBe(new RegExp(`^(?:${source})$`).test(input));
		}),
		{ numRuns: 3000 },
	);
});

test('a hostile pattern is refused or compiled, never more', () => {
	fc.assert(
		fc.property(
			fc.string({ unit: fc.constantFrom(...'ab()[]{}|*+?\\^$-,.019:=!<'), maxLength: 60 }),
			(source) => {
				const problem = findPatternProblem(source);
				if (problem !== undefined) expect(() => toPatternMatcher(source)).toThrow(SyntaxError);
			},
		),
		{ numRuns: 3000 },
	);
});
