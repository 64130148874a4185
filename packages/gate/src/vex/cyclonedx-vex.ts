import { parseWith } from '@slipway/core';
import * as v from 'valibot';
import type { GateCode } from '../code.ts';
import { toDay, toTime, type VexStatement } from './statement.ts';

/** CycloneDX has no field for the expiry of an analysis: it stands in a property of the vulnerability. */
const EXPIRES_PROPERTY = 'slipway:expires';

const Text = v.optional(v.pipe(v.string(), v.maxLength(8192)));

/** CycloneDX 1.6, vulnerabilities[].analysis.state. */
const STATES = {
	resolved: 'fixed',
	resolved_with_pedigree: 'fixed',
	exploitable: 'affected',
	in_triage: 'under_investigation',
	false_positive: 'not_affected',
	not_affected: 'not_affected',
} as const;

const Vulnerability = v.object({
	id: v.pipe(v.string(), v.minLength(1), v.maxLength(256)),
	references: v.optional(v.array(v.object({ id: v.string() })), []),
	affects: v.optional(
		v.pipe(v.array(v.object({ ref: v.pipe(v.string(), v.maxLength(4096)) })), v.maxLength(10_000)),
		[],
	),
	analysis: v.optional(
		v.object({
			state: v.optional(v.picklist(Object.keys(STATES) as (keyof typeof STATES)[])),
			justification: Text,
			detail: Text,
			firstIssued: Text,
			lastUpdated: Text,
		}),
	),
	updated: Text,
	properties: v.optional(v.array(v.object({ name: Text, value: Text })), []),
});
type Vulnerability = v.InferOutput<typeof Vulnerability>;

const Named = v.object({ name: Text, email: Text });
const Referenced = v.object({ 'bom-ref': v.optional(v.string()), purl: Text });

const CycloneDxVex = v.object({
	bomFormat: v.literal('CycloneDX'),
	metadata: v.optional(
		v.object({
			timestamp: Text,
			authors: v.optional(v.array(Named), []),
			manufacturer: v.optional(Named),
			supplier: v.optional(Named),
			component: v.optional(Referenced),
		}),
	),
	components: v.optional(v.pipe(v.array(Referenced), v.maxLength(500_000)), []),
	vulnerabilities: v.pipe(v.array(Vulnerability), v.minLength(1), v.maxLength(10_000)),
});
type CycloneDxVex = v.InferOutput<typeof CycloneDxVex>;

const toAuthor = ({ metadata }: CycloneDxVex): string | undefined => {
	const named = [...(metadata?.authors ?? []), metadata?.manufacturer, metadata?.supplier];
	return named.map((each) => each?.name ?? each?.email).find((name) => name !== undefined && name !== '');
};

/** A reference is a package URL itself, the bom-ref of a component here, or a BOM-Link to one elsewhere (`urn:cdx:…#ref`). */
const toPurls = (document: CycloneDxVex): ReadonlyMap<string, string> =>
	new Map(
		[...document.components, ...(document.metadata?.component ? [document.metadata.component] : [])].flatMap(
			({ 'bom-ref': ref, purl }) => (ref !== undefined && purl !== undefined ? [[ref, purl]] : []),
		),
	);

const toTarget = (ref: string, purls: ReadonlyMap<string, string>): string => {
	const fragment = ref.startsWith('urn:cdx:') ? ref.slice(ref.indexOf('#') + 1) : ref;
	try {
		const decoded = fragment.startsWith('pkg%3A') ? decodeURIComponent(fragment) : fragment;
		return purls.get(decoded) ?? decoded;
	} catch {
		return fragment;
	}
};

interface Source {
	readonly document: CycloneDxVex;
	readonly purls: ReadonlyMap<string, string>;
	readonly source: VexStatement['document'];
}

const toStatement = (vulnerability: Vulnerability, { document, purls, source }: Source): VexStatement[] => {
	const { id, references, affects, analysis, updated, properties } = vulnerability;
	if (!analysis?.state) return [];
	const targets = affects.map(({ ref }) => toTarget(ref, purls));
	const product = document.metadata?.component?.purl;
	return [
		{
			vulnerability: [id, ...references.map((reference) => reference.id)],
			products: product === undefined ? [] : [product],
			components: targets.filter((target) => target !== product),
			status: STATES[analysis.state],
			author: toAuthor(document),
			time: toTime(analysis.lastUpdated ?? analysis.firstIssued ?? updated ?? document.metadata?.timestamp),
			justification:
				analysis.justification ?? (analysis.state === 'not_affected' ? undefined : analysis.detail),
			expires: toDay(properties.find(({ name }) => name === EXPIRES_PROPERTY)?.value),
			document: source,
		},
	];
};

/** @throws SlipwayError GATE_VEX_INVALID */
export const readCycloneDxVex = (json: unknown, source: VexStatement['document']): VexStatement[] => {
	const document = parseWith(CycloneDxVex, json, {
		code: 'GATE_VEX_INVALID' satisfies GateCode,
		what: source.name,
		hint: 'Correct the document; slipway reads OpenVEX 0.2.0 and CycloneDX.',
	});
	const purls = toPurls(document);
	return document.vulnerabilities.flatMap((each) => toStatement(each, { document, purls, source }));
};
