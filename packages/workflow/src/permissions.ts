/** A scope's level: write includes read. */
export type Level = 'read' | 'write';

/** What a job's token may do, by scope (`contents`, `id-token`, ...). A scope that is not named is not granted. */
export type Permissions = Readonly<Record<string, Level>>;

/** What `permissions:` says. `read-all` and `write-all` name every scope. */
export type Grant = Permissions | 'read-all' | 'write-all';

const isCovered = (level: Level, granted: Level | undefined): boolean =>
	granted === 'write' || granted === level;

const toLevel = (grant: Grant, scope: string): Level | undefined => {
	if (grant === 'write-all') return 'write';
	// An identity can only be written: reading everything does not include it.
	if (grant === 'read-all') return scope === 'id-token' ? undefined : 'read';
	return Object.hasOwn(grant, scope) ? grant[scope] : undefined;
};

const toSorted = (entries: readonly (readonly [string, Level])[]): Permissions =>
	Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));

/** The least that covers all of them, scopes in alphabetical order. */
export const toUnion = (all: readonly Permissions[]): Permissions => {
	const scopes = new Set(all.flatMap((permissions) => Object.keys(permissions)));
	return toSorted(
		[...scopes].map((scope) => [
			scope,
			all.some((permissions) => toLevel(permissions, scope) === 'write') ? 'write' : 'read',
		]),
	);
};

/** What `required` needs and `grant` does not give. */
export const toLacking = (grant: Grant, required: Permissions): Permissions =>
	toSorted(Object.entries(required).filter(([scope, level]) => !isCovered(level, toLevel(grant, scope))));

/** What a grant that names its scopes gives beyond `required`; nothing for `read-all` and `write-all`. */
export const toExcess = (grant: Grant, required: Permissions): Permissions =>
	typeof grant === 'string'
		? {}
		: toSorted(Object.entries(grant).filter(([scope, level]) => !isCovered(level, toLevel(required, scope))));

export const hasIdentity = (grant: Grant | undefined): boolean =>
	grant !== undefined && toLevel(grant, 'id-token') === 'write';

/** The block as it stands in a workflow file, `permissions: {}` where there is nothing to grant. */
export const toPermissionsBlock = (permissions: Permissions, indent = ''): string => {
	const scopes = Object.entries(permissions);
	if (scopes.length === 0) return `${indent}permissions: {}`;
	return [`${indent}permissions:`, ...scopes.map(([scope, level]) => `${indent}  ${scope}: ${level}`)].join(
		'\n',
	);
};
