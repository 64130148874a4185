// action.yml, the inputs and outputs that code declares, and the values that descriptions allow: one and the same.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ActionYml, readActionYml } from '@slipway/testing';
import { ROOT } from './source-tree.ts';

interface Declared {
	readonly inputs: Readonly<
		Record<
			string,
			{ readonly kind: string; readonly required?: boolean; readonly values?: readonly string[] }
		>
	>;
	readonly outputs: readonly string[];
}

const TOKEN = ['$', '{{ github.token }}'].join('');

const names = readdirSync(join(ROOT, 'actions'));
const toFolder = (name: string): string => join(ROOT, 'actions', name);
const readDeclared = async (name: string): Promise<Declared> =>
	(await import(join(toFolder(name), 'src', 'declaration.ts'))).declaration;

/** `Allowed: a, b.` of a description. */
const toAllowed = (description: string): string[] | undefined =>
	/Allowed: ([^.]+)\./.exec(description)?.[1]?.split(/,\s*/);

const toValues = ({ kind, values }: Declared['inputs'][string]): readonly string[] | undefined =>
	kind === 'boolean' ? ['true', 'false'] : values;

describe.each(names)('%s', (name) => {
	const read = async (): Promise<{ yml: ActionYml; declared: Declared }> => ({
		yml: await readActionYml(toFolder(name)),
		declared: await readDeclared(name),
	});

	test('reads the inputs and sets the outputs that action.yml names', async () => {
		const { yml, declared } = await read();
		expect(Object.keys(declared.inputs)).toEqual(Object.keys(yml.inputs));
		expect([...declared.outputs]).toEqual(Object.keys(yml.outputs));
	});

	test('says which values it allows, and all of them', async () => {
		const { yml, declared } = await read();
		for (const [input, { description }] of Object.entries(yml.inputs))
			expect([input, toAllowed(description)]).toEqual([
				input,
				toValues(declared.inputs[input] ?? { kind: '' }),
			]);
	});

	test('gives each input a default, or requires it', async () => {
		const { yml, declared } = await read();
		for (const [input, { description, required = false, default: value = '' }] of Object.entries(
			yml.inputs,
		)) {
			const { kind = '', required: isRequired } = declared.inputs[input] ?? {};
			const needed = !['string', 'version', 'list'].includes(kind) || isRequired === true;
			// The token of the job is a default that a job may not have.
			if (value === TOKEN) continue;
			expect([input, required || value !== '']).toEqual([input, needed]);
			const said = /Default: ([^.,]+)/.exec(description)?.[1];
			if (toAllowed(description)) expect([input, said]).toEqual([input, value]);
		}
	});

	test('runs its bundle on node 24, from a main.ts that only joins', async () => {
		const { yml } = await read();
		expect(yml.runs).toEqual({ using: 'node24', main: 'dist/index.js' });
		const main = readFileSync(join(toFolder(name), 'src', 'main.ts'), 'utf8');
		expect(main.split('\n').length).toBeLessThanOrEqual(41);
		expect(main).not.toMatch(/\b(if|for|while|switch|try|catch)\b|\?[^.:]|&&|\|\|/);
	});

	test('tells in its README, in this order, what a newcomer asks', () => {
		const readme = readFileSync(join(toFolder(name), 'README.md'), 'utf8');
		expect([...readme.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual([
			'When not to use it',
			'Use it',
			'Inputs',
			'Outputs',
			'When it fails',
			'How to undo it',
		]);
	});
});
