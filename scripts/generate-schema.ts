import { Config } from '@slipway/core/config';
import { toJsonSchema } from '@valibot/to-json-schema';

/** The part of JSON Schema that the configuration's schema uses. */
export interface JsonSchema {
	readonly type?: string;
	readonly description?: string;
	readonly default?: unknown;
	readonly const?: unknown;
	readonly enum?: readonly unknown[];
	readonly properties?: Readonly<Record<string, JsonSchema>>;
	readonly required?: readonly string[];
	readonly items?: JsonSchema;
	readonly additionalProperties?: JsonSchema | boolean;
	readonly anyOf?: readonly JsonSchema[];
	readonly oneOf?: readonly JsonSchema[];
}

/**
 * The JSON Schema of slipway.yml, for editors. Checks that JSON Schema cannot say (strict versions, paths that stay
 * inside the project) are left to the command, which makes them all.
 */
export const toConfigSchema = (): JsonSchema => {
	const { $schema, ...schema } = toJsonSchema(Config, { typeMode: 'input', errorMode: 'ignore' });
	return {
		$schema,
		title: 'slipway.yml',
		description: 'What Slipway builds and where it releases to.',
		...schema,
	} as JsonSchema;
};
