/** Scopes and levels, as a job's `permissions` has them. */
export type Permissions = Readonly<Record<string, string>>;

const PREFIX = 'JOB_TOKEN';
const PATTERN = /\bJOB_TOKEN(?:__[A-Z]+(?:_[A-Z]+)*)*/g;

/**
 * The variable of a run that holds the token of jobs with these rights: act has one token for all jobs, and each world
 * gives its own.
 */
export const toTokenVariable = (permissions: Permissions): string =>
	[
		PREFIX,
		...Object.entries(permissions)
			.filter(([, level]) => level !== 'none')
			.map(([scope, level]) => `${scope.replaceAll('-', '_')}_${level}`.toUpperCase())
			.sort(),
	].join('__');

const parsePermission = (text: string): readonly [string, string] => {
	const words = text.toLowerCase().split('_');
	return [words.slice(0, -1).join('-'), words.at(-1) ?? ''];
};

/** The variables that a workflow asks for, and the rights behind each. */
export const findTokenVariables = (workflow: string): ReadonlyMap<string, Permissions> =>
	new Map(
		(workflow.match(PATTERN) ?? []).map((name) => [
			name,
			Object.fromEntries(name.split('__').slice(1).map(parsePermission)),
		]),
	);
