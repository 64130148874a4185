import { CHARACTERS, toCharacter, toCharacterIndex } from '@slipway/testing';
import fc from 'fast-check';
import { parse } from 'yaml';
import { toExpression } from './starters/callers.ts';
import { noted, type Tree, toYamlText } from './yaml.ts';

const NASTY = [
	'a: b',
	'# no comment',
	'x\n- y: z',
	toExpression('secrets.NPM_TOKEN'),
	"' } , evil: [",
	'&anchor *alias !tag',
	'\u0000\u0007\u001b[31m',
	'\u2028\u2029\u0085',
	'yes',
	'null',
	'0x1f',
	'1.0',
	' trailing ',
	'%YAML 1.1',
	'---',
	'...',
	'"',
	'|',
	'>',
	'@',
	'`',
	'?',
	'',
];

const text = fc.oneof(
	fc.constantFrom(...NASTY),
	fc.string({ unit: 'grapheme' }),
	fc.string({ unit: fc.nat(CHARACTERS - 1).map(toCharacter, toCharacterIndex) }),
);
const isCarried = (value: string): boolean => value.isWellFormed();

test.each(NASTY)('%j comes back as it was, as a value, an item and a note beside one', (value) => {
	const tree = {
		a: value,
		list: [value, noted(value, { behind: 'why' })],
		flow: noted([value], { flow: true }),
		b: 1,
	};
	expect(parse(toYamlText(tree, 'head'))).toEqual({ a: value, list: [value, value], flow: [value], b: 1 });
});

test('whatever a value holds, it stays that value and adds nothing', () => {
	fc.assert(
		fc.property(
			fc.array(text.filter(isCarried), { minLength: 1, maxLength: 6 }),
			text.filter(isCarried),
			(items, comment) => {
				const tree: Record<string, Tree> = {
					first: noted(items, { above: comment, apart: true }),
					flow: noted({ inner: noted(items[0] ?? '', { behind: comment }) }, { apart: true }),
					last: 'end',
				};
				expect(parse(toYamlText(tree, comment))).toEqual({
					first: items,
					flow: { inner: items[0] },
					last: 'end',
				});
			},
		),
		{ numRuns: 200, interruptAfterTimeLimit: 5000, markInterruptAsFailure: false },
	);
});

test('notes stand where a person looks for them', () => {
	const written = toYamlText(
		{
			name: noted('x', { apart: true }),
			gone: undefined,
			uses: noted('a/b@c', { behind: 'v1' }),
			jobs: noted({ one: noted({ if: true }, { above: 'two\nlines' }) }, { apart: true }),
		},
		'head',
	);
	expect(written).toBe(
		'# head\n\nname: x\nuses: a/b@c # v1\n\njobs:\n  # two\n  # lines\n  one:\n    if: true\n',
	);
});
