import { SlipwayError } from '@slipway/core';
import type { ActionDeclaration, InputDeclaration } from './declaration.ts';
import { readInputs } from './read-inputs.ts';

const declare = (inputs: Record<string, InputDeclaration>): ActionDeclaration => ({
	inputs,
	outputs: [],
	releases: false,
});

const choice = { kind: 'choice', values: ['abort', 'restore'] } as const;

test.each<[string, InputDeclaration, string | undefined, unknown]>([
	['a string', { kind: 'string' }, ' text ', 'text'],
	['an absent string', { kind: 'string' }, undefined, undefined],
	['an empty string', { kind: 'string' }, '', undefined],
	['shell text is text', { kind: 'string' }, '$(id); `id` && "x" --y', '$(id); `id` && "x" --y'],
	['a secret of several lines', { kind: 'string', secret: true }, 'a\nb', 'a\nb'],
	['true', { kind: 'boolean' }, 'true', true],
	['FALSE', { kind: 'boolean' }, 'FALSE', false],
	['a list', { kind: 'list' }, 'a\n\n  b c \r\n', ['a', 'b c']],
	['an empty list', { kind: 'list' }, '', []],
	['a choice', choice, 'abort', 'abort'],
	['a version', { kind: 'version' }, '1.2.0', '1.2.0'],
	['a version as its tag', { kind: 'version' }, 'v1.2.0-rc.1', '1.2.0-rc.1'],
	['a version as the ref of its tag', { kind: 'version' }, 'refs/tags/v1.2.0', '1.2.0'],
	['a version as a ref without v', { kind: 'version', required: true }, 'refs/tags/1.2.0', '1.2.0'],
	['no version', { kind: 'version' }, '', undefined],
])('reads %s', (_name, input, raw, value) => {
	const inputs = readInputs(declare({ 'my-input': input }), { 'INPUT_MY-INPUT': raw });
	expect(inputs).toEqual({ 'my-input': value });
});

test.each<[string, InputDeclaration, string | undefined]>([
	['no value where one is required', { kind: 'string', required: true }, ''],
	['a line break', { kind: 'string' }, 'a\n::set-output name=x::y'],
	['a carriage return', { kind: 'string' }, 'a\rb'],
	['a boolean of another language', { kind: 'boolean' }, 'yes'],
	['no boolean', { kind: 'boolean' }, undefined],
	['another choice', choice, 'Abort'],
	['no choice', choice, ''],
	['no version where one is required', { kind: 'version', required: true }, ''],
	...[
		'v',
		'vv1.2.0',
		'v1',
		'V1.2.0',
		'01.2.3',
		'1.2.0+meta',
		'1.2',
		'^1.2.0',
		'1.x',
		'latest',
		'--help',
		'$(touch pwned)',
		'refs/heads/v1.2.0',
		'refs/tags/refs/tags/v1.2.0',
		'refs/tags/v1.2.0\n::error::x',
		'v1.2.0 ; rm',
		'greet-v1.2.0',
		`1.2.${'3'.repeat(300)}`,
	].map((raw): [string, InputDeclaration, string] => [
		`version ${raw.slice(0, 40)} (H10)`,
		{ kind: 'version' },
		raw,
	]),
])('refuses %s', (_name, input, raw) => {
	const read = () => readInputs(declare({ 'my-input': input }), { 'INPUT_MY-INPUT': raw });
	expect(read).toThrow(SlipwayError);
	expect(read).toThrow(expect.objectContaining({ code: 'RUNNER_INPUT_INVALID' }));
});

test('reports every problem at once, an unknown input among them', () => {
	const read = () =>
		readInputs(declare({ 'dry-run': { kind: 'boolean' }, to: { kind: 'string', required: true } }), {
			'INPUT_DRY-RUN': 'no',
			INPUT_DRYRUN: 'true',
		});
	expect(read).toThrow(
		/dry-run: expected true or false, got "no"\n {2}to: expected a value\n {2}dryrun: unknown input/,
	);
});
