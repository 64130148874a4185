import { builtinModules } from 'node:module';

const PART = /^[a-z0-9~-][a-z0-9._~-]*$/;
const RESERVED = new Set(['node_modules', 'favicon.ico', ...builtinModules]);

/**
 * Why `name` cannot be the name of a new package, or undefined (npm's documentation of package.json, "name":
 * at most 214 characters, lower case, URL-safe, no leading dot or underscore, no name of a core module).
 */
export const findPackageNameProblem = (name: string): string | undefined => {
	const shown = JSON.stringify(name.slice(0, 80));
	if (name.length > 214) return `expected at most 214 characters, got ${name.length}`;
	if (RESERVED.has(name)) return `${shown} is reserved`;
	const match = /^(?:@([^/]+)\/)?([^/]+)$/.exec(name);
	const parts = [match?.[1], match?.[2]].filter((part) => part !== undefined);
	if (parts.length > 0 && parts.every((part) => PART.test(part))) return undefined;
	return `expected lower-case letters, digits and - . _ ~, perhaps after "@scope/", got ${shown}`;
};

/** The name as one segment of a registry path: `@scope%2fname`. */
export const toEscapedName = (name: string): string => name.replace('/', '%2f');

/** The name as part of a file name: `scope-name`. */
export const toFileStem = (name: string): string => name.replace(/^@/, '').replace('/', '-');
