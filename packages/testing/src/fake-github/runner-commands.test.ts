import { readCommands, readKeyValues } from './runner-commands.ts';

test('reads commands as the runner does, and none while they are stopped', () => {
	const log = [
		'::error title=CODE,file=a%3Ab::two%0Alines 100%25',
		' ::warning::indented',
		'text ::error::in the middle is text',
		'older ##[add-mask]anywhere',
		'::stop-commands::tok',
		'::error::not executed',
		'::tok::',
		'::debug::again',
	].join('\n');
	expect(readCommands(log)).toEqual([
		{ command: 'error', properties: { title: 'CODE', file: 'a:b' }, message: 'two\nlines 100%' },
		{ command: 'warning', properties: {}, message: 'indented' },
		{ command: 'add-mask', properties: {}, message: 'anywhere' },
		{ command: 'debug', properties: {}, message: 'again' },
	]);
});

test.each([
	['one line each', 'a=1\nb=x<<y\n', { a: '1', b: 'x<<y' }],
	['a block', 'a<<E\n1\n2\nE\nb=2\n', { a: '1\n2', b: '2' }],
])('reads file commands: %s', (_name, text, values) => {
	expect(readKeyValues(text)).toEqual(values);
});

test.each(['no separator', 'a<<E\nnever closed\n'])('refuses %j', (text) => {
	expect(() => readKeyValues(text)).toThrow();
});
