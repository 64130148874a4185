import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { Ajv } from 'ajv';
import type { SpdxDocument } from './output/spdx-document.ts';

/** What the CycloneDX library's strict validator says of a document; null: nothing. */
export const validateCycloneDx = (bytes: Uint8Array): Promise<unknown> =>
	new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(Buffer.from(bytes).toString());

const SCHEMA = join(import.meta.dirname, 'testdata', 'spdx-2.3.schema.json');

/** What the schema of SPDX 2.3 says of a document. */
export const validateSpdx = (bytes: Uint8Array): readonly object[] => {
	const ajv = new Ajv({ strict: false, allErrors: true });
	const validate = ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')));
	validate(JSON.parse(Buffer.from(bytes).toString()));
	return validate.errors ?? [];
};

interface CycloneDxRefs {
	readonly metadata: {
		readonly component: {
			readonly 'bom-ref': string;
			readonly components?: readonly { readonly 'bom-ref': string }[];
		};
	};
	readonly components: readonly { readonly 'bom-ref': string }[];
	readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
	readonly compositions: readonly { readonly dependencies: readonly string[] }[];
}

const findTwice = (refs: readonly string[]): string[] =>
	refs.filter((ref, index) => refs.indexOf(ref) !== index);

/** References of a CycloneDX document that name nothing, or are given twice. */
export const findDanglingRefs = (bytes: Uint8Array): string[] => {
	const bom = JSON.parse(Buffer.from(bytes).toString()) as CycloneDxRefs;
	const { component } = bom.metadata;
	const refs = [component, ...(component.components ?? []), ...bom.components].map((each) => each['bom-ref']);
	const known = new Set(refs);
	const used = [
		...bom.dependencies.flatMap(({ ref, dependsOn = [] }) => [ref, ...dependsOn]),
		...bom.compositions.flatMap(({ dependencies }) => dependencies),
	];
	return [...used.filter((ref) => !known.has(ref)), ...findTwice(refs)];
};

/** Ids of an SPDX document that name nothing, or are given twice. */
export const findDanglingIds = (bytes: Uint8Array): string[] => {
	const document = JSON.parse(Buffer.from(bytes).toString()) as SpdxDocument;
	const ids = [document, ...document.packages, ...(document.files ?? [])].map(({ SPDXID }) => SPDXID);
	const known = new Set(ids);
	const used = [
		...document.documentDescribes,
		...document.relationships.flatMap(({ spdxElementId, relatedSpdxElement }) => [
			spdxElementId,
			relatedSpdxElement,
		]),
	];
	return [...used.filter((id) => !known.has(id)), ...findTwice(ids)];
};
