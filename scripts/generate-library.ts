import type { Library } from '@slipway/workflow';

const toKey = (key: string): string => (/^[A-Za-z_]\w*$/.test(key) ? key : `'${key}'`);

/** A value as biome formats it: small maps and lists on one line. */
const toCode = (value: unknown, indent: string): string => {
	if (Array.isArray(value)) return `[${value.map((item) => toCode(item, indent)).join(', ')}]`;
	if (typeof value !== 'object' || value === null)
		return typeof value === 'string' ? `'${value}'` : String(value);
	const entries = Object.entries(value);
	if (entries.length === 0) return '{}';
	const inner = `${indent}\t`;
	const toLine = ([key, item]: [string, unknown]): string => `${toKey(key)}: ${toCode(item, inner)}`;
	const isShort = entries.length <= 2 && entries.every(([, item]) => typeof item !== 'object');
	if (isShort) return `{ ${entries.map(toLine).join(', ')} }`;
	return `{\n${entries.map((entry) => `${inner}${toLine(entry)},\n`).join('')}${indent}}`;
};

/** packages/workflow/src/library.ts: the contracts of our workflows, for those who check callers without a network. */
export const toLibraryModule = (library: Library): string =>
	[
		'// Generated from .github/workflows by `npm run generate`.',
		"import type { Library } from './contract.ts';",
		'',
		'/** Our reusable workflows as of this version. */',
		`export const LIBRARY: Library = ${toCode(library, '')};`,
		'',
	].join('\n');
