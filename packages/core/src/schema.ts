import * as v from 'valibot';
import { SlipwayError } from './error.ts';

type AnySchema = v.BaseSchema<unknown, unknown, v.BaseIssue<unknown>>;

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
