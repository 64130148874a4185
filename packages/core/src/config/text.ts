import * as v from 'valibot';

/** What a person writes on one line or a few. */
export const Text = v.pipe(v.string(), v.minLength(1), v.maxLength(4096));

/** Name of an environment variable (POSIX, 8.1). */
export const EnvironmentName = v.pipe(
	v.string(),
	v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected the name of an environment variable'),
);
