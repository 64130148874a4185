import * as v from 'valibot';

const Text = v.optional(v.string());

const Licence = v.object({
	expression: Text,
	license: v.optional(v.object({ id: Text, name: Text })),
});
export type CycloneDxLicence = v.InferOutput<typeof Licence>;

const Organization = v.object({
	name: Text,
	url: v.optional(v.array(v.string())),
	contact: v.optional(v.array(v.object({ name: Text, email: Text }))),
});

/** One component of CycloneDX 1.2 to 1.7, as far as it is kept. */
export interface CycloneDxComponent {
	readonly type?: string | undefined;
	readonly 'bom-ref'?: string | undefined;
	readonly group?: string | undefined;
	readonly name: string;
	readonly version?: string | undefined;
	readonly purl?: string | undefined;
	readonly description?: string | undefined;
	readonly scope?: string | undefined;
	readonly supplier?: v.InferOutput<typeof Organization> | undefined;
	readonly hashes?: { alg: string; content: string }[] | undefined;
	readonly licenses?: CycloneDxLicence[] | undefined;
	readonly externalReferences?: { type: string; url: string }[] | undefined;
	readonly properties?: { name?: string | undefined; value?: string | undefined }[] | undefined;
	readonly components?: CycloneDxComponent[] | undefined;
}

const Component: v.GenericSchema<unknown, CycloneDxComponent> = v.object({
	type: Text,
	'bom-ref': Text,
	group: Text,
	name: v.string(),
	version: Text,
	purl: Text,
	description: Text,
	scope: Text,
	supplier: v.optional(Organization),
	hashes: v.optional(v.array(v.object({ alg: v.string(), content: v.string() }))),
	licenses: v.optional(v.array(Licence)),
	externalReferences: v.optional(v.array(v.object({ type: v.string(), url: v.string() }))),
	properties: v.optional(v.array(v.object({ name: Text, value: Text }))),
	components: v.optional(v.array(v.lazy(() => Component))),
});

export const CycloneDxDocument = v.object({
	bomFormat: v.literal('CycloneDX'),
	specVersion: v.picklist(['1.2', '1.3', '1.4', '1.5', '1.6', '1.7']),
	metadata: v.optional(
		v.object({
			component: v.optional(Component),
			timestamp: Text,
			tools: v.optional(v.unknown()),
			authors: v.optional(v.array(v.object({ name: Text }))),
		}),
	),
	components: v.optional(v.array(Component), []),
	dependencies: v.optional(
		v.array(v.object({ ref: v.string(), dependsOn: v.optional(v.array(v.string()), []) })),
		[],
	),
	compositions: v.optional(v.array(v.object({ aggregate: Text })), []),
});
export type CycloneDxDocument = v.InferOutput<typeof CycloneDxDocument>;
