import { toDescription, toSynopsis } from './description.ts';

const cases: readonly [name: string, long: string, expected: string][] = [
	['one line', 'Says hello.', ' Says hello.'],
	['paragraphs', 'One.\n\nTwo.\n \n\nThree.\n', ' One.\n .\n Two.\n .\n Three.'],
	['lines that belong together', 'One\ntwo\nthree.', ' One two three.'],
	['an indented list', 'Can:\n\n  - hello\n  - bye', ' Can:\n .\n    - hello\n    - bye'],
	['a line that starts with a dot', '.config is read.', '  .config is read.'],
	['a fake field', 'x\nEssential: yes', ' x Essential: yes'],
	['Windows line ends', 'One.\r\n\r\nTwo.\r\n', ' One.\n .\n Two.'],
];
test.each(cases)('formats %s', (_name, long, expected) => {
	expect(toDescription('short', long)).toBe(`short\n${expected}`);
});

test('long paragraphs are wrapped at 80 columns, words are never broken', () => {
	const lines = toDescription('s', `${'word '.repeat(60)}${'x'.repeat(100)}`).split('\n');
	expect(lines).toHaveLength(6);
	expect(lines.slice(1, 5).every((line) => line.length <= 80)).toBe(true);
});

test('an empty text is refused', () => {
	expect(() => toDescription('s', ' \n\n')).toThrow(expect.objectContaining({ code: 'DEB_CONTROL_INVALID' }));
});

test.each([
	['Says hello.', 'Says hello'],
	[' Says\n hello ', 'Says hello'],
	['', undefined],
	['x'.repeat(81), undefined],
])('the synopsis of %j is %j', (description, expected) => {
	expect(toSynopsis(description)).toBe(expected);
});
