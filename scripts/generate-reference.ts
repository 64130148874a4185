import type { JsonSchema } from './generate-schema.ts';

/** One object of the configuration: a table of its keys. */
interface Section {
	readonly title: string;
	readonly schema: JsonSchema;
}

const toVariants = ({ anyOf, oneOf }: JsonSchema): readonly JsonSchema[] => anyOf ?? oneOf ?? [];

const escapeCell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

const toTypeName = (schema: JsonSchema): string => {
	if (schema.const !== undefined) return `\`${schema.const}\``;
	if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ');
	if (schema.type === 'array') return `list of ${toTypeName(schema.items ?? {})}`;
	if (typeof schema.additionalProperties === 'object')
		return `map to ${toTypeName(schema.additionalProperties)}`;
	return schema.type ?? (toVariants(schema).length > 0 ? 'object' : 'any');
};

const isPlain = (value: unknown): boolean =>
	typeof value !== 'object' || (Array.isArray(value) && value.length > 0);

const toDefault = (schema: JsonSchema, required: boolean): string => {
	if (required) return 'required';
	return schema.default !== undefined && isPlain(schema.default)
		? `\`${JSON.stringify(schema.default)}\``
		: '';
};

const toRow = ([key, schema]: readonly [string, JsonSchema], required: readonly string[]): string =>
	`| \`${key}\` | ${escapeCell(toTypeName(schema))} | ${toDefault(schema, required.includes(key))} | ${escapeCell(schema.description ?? schema.items?.description ?? '')} |`;

/** The objects below a key: its own, those in a list, those of a map, each variant. */
const listObjects = (key: string, schema: JsonSchema): Section[] => {
	if (schema.properties) return [{ title: key, schema }];
	if (schema.items) return listObjects(`${key}[]`, schema.items);
	if (typeof schema.additionalProperties === 'object')
		return listObjects(`${key}.NAME`, schema.additionalProperties);
	return toVariants(schema).flatMap((variant) => listObjects(`${key} ${toDifference(variant)}`, variant));
};

/** What tells a variant from its siblings: its type, or else the last key that it demands. */
const toDifference = ({ properties, required = [] }: JsonSchema): string =>
	properties?.type?.const === undefined
		? `with \`${required.at(-1)}\``
		: `with type ${properties.type.const}`;

const toSections = ({ title, schema }: Section, isRoot = false): string[] => {
	const properties = Object.entries(schema.properties ?? {});
	const table = [
		`## ${title}`,
		'',
		...(schema.description ? [schema.description, ''] : []),
		'| key | value | default | meaning |',
		'|---|---|---|---|',
		...properties.map((property) => toRow(property, schema.required ?? [])),
		'',
	];
	const prefix = isRoot ? '' : `${title.replace(/ with .*$/, '')}.`;
	const inner = properties.flatMap(([key, value]) => listObjects(`${prefix}${key}`, value));
	return [...table, ...inner.flatMap((section) => toSections(section))];
};

/** A file that people write, and what its reference page says first. */
export interface Reference {
	readonly file: string;
	/** Path of its JSON Schema in the repository. */
	readonly schemaFile: string;
	/** Paragraphs before the tables. */
	readonly introduction: readonly string[];
}

/** The reference page of a YAML file in Markdown. */
export const toReference = (schema: JsonSchema, { file, schemaFile, introduction }: Reference): string =>
	[
		`# ${file}`,
		'',
		'Written by `npm run generate` from the definition that also checks the file; do not edit.',
		'',
		'The first line lets editors check the file while you type:',
		`\`# yaml-language-server: $schema=./node_modules/slipway/${schemaFile}\`.`,
		...introduction,
		'',
		...toSections({ title: file, schema }, true),
	]
		.join('\n')
		.trimEnd()
		.concat('\n');
