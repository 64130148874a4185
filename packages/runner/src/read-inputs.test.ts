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
