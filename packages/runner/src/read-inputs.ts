import { findVersionProblem, SlipwayError, toPrintable } from '@slipway/core';
import type { ActionDeclaration, Environment, InputDeclaration, Inputs } from './declaration.ts';
import type { RunnerCode } from './runner-error.ts';

/** A value, or why there is none. */
type Reading = { readonly value: unknown } | { readonly problem: string };

const PREFIX = 'INPUT_';

/** The runner upper-cases names and turns blanks into underscores; hyphens stay. */
const toVariable = (name: string): string => `${PREFIX}${name.replaceAll(' ', '_').toUpperCase()}`;

const quote = (text: string): string => JSON.stringify(toPrintable(text, 60));

const readBoolean = (raw: string): Reading => {
	if (/^(true|True|TRUE)$/.test(raw)) return { value: true };
	if (/^(false|False|FALSE)$/.test(raw)) return { value: false };
	return { problem: `expected true or false, got ${quote(raw)}` };
};

const toEntries = (raw: string): string[] =>
	raw
		.split(/\r?\n/)
		.map((line) => line.trim())
		.filter((line) => line !== '');

const readString = (raw: string, declaration: { required?: boolean; secret?: boolean }): Reading => {
	if (raw === '') return declaration.required ? { problem: 'expected a value' } : { value: undefined };
	// An armored key has lines of its own; every other string is one line.
	if (!declaration.secret && /\p{Cc}/u.test(raw))
		return { problem: `expected one line without control characters, got ${quote(raw)}` };
	return { value: raw };
};

/** How a tag names a version: as it is, or after a `v`; the whole ref, as a run that a tag started has it, or its name alone. */
const TAG = /^(?:refs\/tags\/)?v?(?=\d)/;

const readVersion = (raw: string, declaration: { required?: boolean }): Reading => {
	if (raw === '') return readString(raw, declaration);
	const version = raw.replace(TAG, '');
	const problem = findVersionProblem(version);
	return problem === undefined ? { value: version } : { problem: toPrintable(problem, 200) };
};

const readInput = (raw: string, declaration: InputDeclaration): Reading => {
	switch (declaration.kind) {
		case 'boolean':
			return readBoolean(raw);
		case 'list':
			return { value: toEntries(raw) };
		case 'choice':
			return declaration.values.includes(raw)
				? { value: raw }
				: { problem: `expected one of ${declaration.values.join(', ')}, got ${quote(raw)}` };
		case 'string':
			return readString(raw, declaration);
		case 'version':
			return readVersion(raw, declaration);
	}
};

/** The runner only warns of a misspelt input; "dryrun: true" must not lead to a real rollback. */
const findUnknown = (declared: readonly string[], environment: Environment): string[] => {
	const known = new Set(declared.map(toVariable));
	return Object.keys(environment)
		.filter((name) => name.startsWith(PREFIX) && !known.has(name))
		.map((name) => `${toPrintable(name.slice(PREFIX.length).toLowerCase(), 60)}: unknown input`);
};

const readRaw = (name: string, environment: Environment): string =>
	(environment[toVariable(name)] ?? '').trim();

/** The values of all secret inputs that are set. */
export const listSecretInputs = (declaration: ActionDeclaration, environment: Environment): string[] =>
	Object.entries(declaration.inputs)
		.filter(([, input]) => input.kind === 'string' && input.secret)
		.map(([name]) => readRaw(name, environment))
		.filter((value) => value !== '');

/**
 * Reads every declared input from `INPUT_*` and refuses undeclared ones; reports all problems at once.
 * @throws SlipwayError RUNNER_INPUT_INVALID
 */
export const readInputs = <const D extends ActionDeclaration>(
	declaration: D,
	environment: Environment,
): Inputs<D> => {
	const names = Object.keys(declaration.inputs);
	const readings = Object.entries(declaration.inputs).map(
		([name, input]) => [name, readInput(readRaw(name, environment), input)] as const,
	);
	const problems = readings.flatMap(([name, reading]) =>
		'problem' in reading ? [`${name}: ${reading.problem}`] : [],
	);
	problems.push(...findUnknown(names, environment));
	if (problems.length > 0)
		throw new SlipwayError<RunnerCode>(
			'RUNNER_INPUT_INVALID',
			`expected other inputs under \`with:\`:\n  ${problems.join('\n  ')}`,
			{ hint: `Correct them in the workflow. This action knows: ${names.join(', ')}.` },
		);
	return Object.fromEntries(
		readings.map(([name, reading]) => [name, 'value' in reading ? reading.value : undefined]),
	) as Inputs<D>;
};
