import { StageRecord } from '@slipway/core';
import { Revocation } from '@slipway/core/attestation';
import { Config } from '@slipway/core/config';
import { Policy } from '@slipway/core/policy';
import { toJsonSchema } from '@valibot/to-json-schema';

/** The part of JSON Schema that the schemas of our YAML files use. */
export interface JsonSchema {
	readonly title?: string;
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

const toSchema = (
	definition: Parameters<typeof toJsonSchema>[0],
	{ title, description }: { readonly title: string; readonly description: string },
): JsonSchema => {
	const { $schema, ...schema } = toJsonSchema(definition, { typeMode: 'input', errorMode: 'ignore' });
	return { $schema, title, description, ...schema } as JsonSchema;
};

/**
 * The JSON Schema of slipway.yml, for editors. Checks that JSON Schema cannot say (strict versions, paths that stay
 * inside the project) are left to the command, which makes them all.
 */
export const toConfigSchema = (): JsonSchema =>
	toSchema(Config, { title: 'slipway.yml', description: 'What Slipway builds and where it releases to.' });

/** The JSON Schema of slipway.policy.yml, in the same way. */
export const toPolicySchema = (): JsonSchema =>
	toSchema(Policy, {
		title: 'slipway.policy.yml',
		description: 'What must hold before bytes leave, and when they are verified.',
	});

/** The JSON Schema of our predicate `urn:slipway:attestation:stage-record:v1`. */
export const toStageRecordSchema = (): JsonSchema =>
	toSchema(StageRecord, {
		title: 'Stage record v1',
		description: 'What one stage of a release did on one platform, by digest.',
	});

/** The JSON Schema of our predicate `urn:slipway:attestation:revocation:v1`. */
export const toRevocationSchema = (): JsonSchema =>
	toSchema(Revocation, {
		title: 'Revocation notice v1',
		description: 'From a date on, nothing that it names is accepted.',
	});
