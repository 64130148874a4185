import type { Origin } from '../graph/graph.ts';

/** Which package a descriptor or resolution of yarn.lock speaks of. */
export interface Locator {
	readonly name: string;
	/** What stands behind the name: `npm:1.0.0`, `^1.0.0`, `workspace:packages/a`, an address. */
	readonly reference: string;
}

/** `@scope/name@reference`; undefined for what has no reference. */
export const parseLocator = (text: string): Locator | undefined => {
	const at = text.indexOf('@', text.startsWith('@') ? 1 : 0);
	return at <= 0 ? undefined : { name: text.slice(0, at), reference: text.slice(at + 1) };
};

/** The package behind an alias: `npm:other@1.0.0` is other; undefined for a plain reference. */
export const toAliased = (reference: string): string | undefined =>
	reference.startsWith('npm:') ? parseLocator(reference.slice('npm:'.length))?.name : undefined;

/** Where a reference of yarn.lock points to. */
export const toReferenceOrigin = (reference: string): Origin => {
	if (reference.startsWith('workspace:')) return 'workspace';
	if (/^(file|portal|link):/.test(reference)) return 'file';
	if (/^git(\+|:|@)|\.git#|#commit=|^ssh:/.test(reference)) return 'git';
	return /^https?:/.test(reference) ? 'tarball' : 'registry';
};
