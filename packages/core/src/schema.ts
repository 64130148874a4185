import * as v from 'valibot';
import { SlipwayError } from './error.ts';

type AnySchema = v.BaseSchema<unknown, unknown, v.BaseIssue<unknown>>;

/**
 * A map of JSON or YAML. valibot's own record takes a list for one, with "0", "1" … as its names, so that what is no map at all
 * would read as a map without the names that are looked for.
 */
export const record = <Key extends v.GenericSchema<string, string>, Value extends v.GenericSchema>(
	key: Key,
	value: Value,
	message = 'expected an object',
) =>
	v.pipe(
		v.unknown(),
		v.check((input) => !Array.isArray(input), `${message}, got a list`),
		v.record(key, value, message),
	);

/** One line a bad field: where it is, what was expected, what was found. */
export const toProblems = (issues: readonly v.BaseIssue<unknown>[]): string[] =>
	issues.map((issue) => `${v.getDotPath(issue) ?? '(document)'}: ${issue.message}`);

/**
 * Checks `value` against a schema and reports every bad field at once.
 * @throws SlipwayError with the given code, one line for each bad field
 */
export const parseWith = <S extends AnySchema, Code extends string>(
	schema: S,
	value: unknown,
	failure: { readonly code: Code; readonly what: string; readonly hint: string },
): v.InferOutput<S> => {
	const result = v.safeParse(schema, value);
	if (result.success) return result.output;
	throw new SlipwayError<Code>(
		failure.code,
		`${failure.what} is not valid:\n  ${toProblems(result.issues).join('\n  ')}`,
		{
			hint: failure.hint,
		},
	);
};
