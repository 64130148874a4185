import * as v from 'valibot';

const FORBIDDEN_CHARACTERS = /[\p{Cc}\p{Cf}\p{Cs}\\:*?"<>|]/u;

/**
 * Why `path` cannot be a relative path inside a folder on every platform, or undefined when it can:
 * `/`-separated, NFC, no empty, `.` or `..` segment, no control or format characters, no drive, no backslash.
 */
export const findPathProblem = (path: string): string | undefined => {
	if (path === '' || path.length > 1024) return 'must have 1 to 1024 characters';
	if (FORBIDDEN_CHARACTERS.test(path)) return 'has a control character, a backslash or one of : * ? " < > |';
	if (path !== path.normalize('NFC')) return 'is not in Unicode normal form C';
	if (path.startsWith('/')) return 'is absolute';
	if (path.split('/').some((segment) => segment === '' || segment === '.' || segment === '..'))
		return 'has an empty, "." or ".." segment';
	return undefined;
};

/** A path inside a folder, as Manifests, Stores and archives use it. */
export const RelativePath = v.pipe(
	v.string(),
	v.check(
		(path) => findPathProblem(path) === undefined,
		(issue) => `expected a relative path, but it ${findPathProblem(String(issue.input))}`,
	),
);
