import { readdirSync } from 'node:fs';
import { toActionReadme } from './generate-action-tables.ts';
import { toReference } from './generate-reference.ts';
import { toConfigSchema } from './generate-schema.ts';

/** Every committed file that is derived from another one: its path and what it has to hold. */
export const toGeneratedFiles = (): ReadonlyMap<string, string> => {
	const schema = toConfigSchema();
	return new Map([
		['slipway.schema.json', `${JSON.stringify(schema, null, 2)}\n`],
		['docs/reference/slipway-yml.md', toReference(schema)],
		...readdirSync('actions').map(
			(name) => [`actions/${name}/README.md`, toActionReadme(`actions/${name}`)] as const,
		),
	]);
};
