import { parseWith, record, toCanonicalJson } from '@slipway/core';
import * as v from 'valibot';
import type { GateCode } from '../code.ts';
import { toDay, toTime, type VexStatement } from './statement.ts';

/** OpenVEX 0.2.0. */
export const OPEN_VEX_CONTEXT = 'https://openvex.dev/ns/v0.2.0';

/** OpenVEX has no field for an expiry and allows no others: it stands in `status_notes`, as `expires: 2027-01-31`. */
const EXPIRES = /(?:^|[\s;(])expires: ?(\d{4}-\d{2}-\d{2})(?![\d-])/;

const MAX_STATEMENTS = 10_000;
const Text = v.pipe(v.string(), v.maxLength(8192));
const Name = v.pipe(v.string(), v.minLength(1), v.maxLength(2048));
const STATUSES = ['not_affected', 'affected', 'fixed', 'under_investigation'] as const;

/** OpenVEX spec, "Status Justifications". */
export const JUSTIFICATIONS = [
	'component_not_present',
	'vulnerable_code_not_present',
	'vulnerable_code_not_in_execute_path',
	'vulnerable_code_cannot_be_controlled_by_adversary',
	'inline_mitigations_already_exist',
] as const;

const Part = {
	'@id': v.optional(Name),
	identifiers: v.optional(v.object({ purl: v.optional(Name) })),
	hashes: v.optional(record(v.string(), v.string())),
};
const Component = v.object(Part);
const Product = v.object({
	...Part,
	subcomponents: v.optional(v.pipe(v.array(Component), v.maxLength(10_000)), []),
});

const Statement = v.object({
	vulnerability: v.object({ name: Name, aliases: v.optional(v.array(Name), []) }),
	timestamp: v.optional(Text),
	last_updated: v.optional(Text),
	products: v.optional(v.pipe(v.array(Product), v.maxLength(10_000)), []),
	status: v.picklist(STATUSES),
	status_notes: v.optional(Text),
	justification: v.optional(v.picklist(JUSTIFICATIONS)),
	impact_statement: v.optional(Text),
});

export const OpenVex = v.object({
	'@context': v.literal(OPEN_VEX_CONTEXT),
	'@id': Name,
	author: v.optional(Text),
	timestamp: v.optional(Text),
	last_updated: v.optional(Text),
	statements: v.pipe(v.array(Statement), v.minLength(1), v.maxLength(MAX_STATEMENTS)),
});

const toNames = ({ '@id': id, identifiers, hashes }: v.InferOutput<typeof Component>): string[] => {
	const digest = hashes?.['sha-256'];
	return [id, identifiers?.purl, digest && `sha256:${digest}`].filter(
		(name) => name !== undefined && name !== '',
	) as string[];
};

/** What is harmless is justified by a label, what is fixed by saying how. */
const toJustification = ({
	status,
	justification,
	impact_statement: impact,
}: v.InferOutput<typeof Statement>) => justification ?? (status === 'fixed' ? impact : undefined);

/** One statement for each product, so that each keeps its own subcomponents. */
const toStatements = (
	document: v.InferOutput<typeof OpenVex>,
	statement: v.InferOutput<typeof Statement>,
	source: VexStatement['document'],
): VexStatement[] => {
	const products = statement.products.length > 0 ? statement.products : [{ subcomponents: [] }];
	return products.map((product) => ({
		vulnerability: [statement.vulnerability.name, ...statement.vulnerability.aliases],
		products: toNames(product),
		components: product.subcomponents.flatMap(toNames),
		status: statement.status,
		author: document.author,
		time: toTime(
			statement.last_updated ?? statement.timestamp ?? document.last_updated ?? document.timestamp,
		),
		justification: toJustification(statement),
		expires: toDay(EXPIRES.exec(statement.status_notes ?? '')?.[1]),
		document: source,
	}));
};

/** @throws SlipwayError GATE_VEX_INVALID */
export const readOpenVex = (json: unknown, source: VexStatement['document']): VexStatement[] => {
	const document = parseWith(OpenVex, json, {
		code: 'GATE_VEX_INVALID' satisfies GateCode,
		what: source.name,
		hint: 'Correct the document; slipway reads OpenVEX 0.2.0 and CycloneDX.',
	});
	return document.statements.flatMap((statement) => toStatements(document, statement, source));
};

/** What somebody states with this writer: everything that a statement needs to count. */
export interface OpenVexDraft {
	/** An IRI that names the document. */
	readonly id: string;
	readonly author: string;
	/** RFC 3339. */
	readonly timestamp: string;
	readonly statements: readonly {
		readonly vulnerability: string;
		readonly aliases?: readonly string[];
		/** Package URLs of the artifacts. */
		readonly products: readonly string[];
		/** Package URLs of the SBOM components in them. */
		readonly components?: readonly string[];
		readonly status: (typeof STATUSES)[number];
		readonly justification?: (typeof JUSTIFICATIONS)[number];
		readonly impact?: string;
		readonly action?: string;
		/** A day. */
		readonly expires: string;
	}[];
}

/** An OpenVEX 0.2.0 document, in canonical JSON. */
export const toOpenVexText = ({ id, author, timestamp, statements }: OpenVexDraft): string =>
	`${toCanonicalJson({
		'@context': OPEN_VEX_CONTEXT,
		'@id': id,
		author,
		timestamp,
		version: 1,
		statements: statements.map((statement) => ({
			vulnerability: {
				name: statement.vulnerability,
				...(statement.aliases && { aliases: statement.aliases }),
			},
			timestamp,
			products: statement.products.map((product) => ({
				'@id': product,
				identifiers: { purl: product },
				...(statement.components && {
					subcomponents: statement.components.map((purl) => ({ '@id': purl, identifiers: { purl } })),
				}),
			})),
			status: statement.status,
			status_notes: `expires: ${statement.expires}`,
			...(statement.justification && { justification: statement.justification }),
			...(statement.impact && { impact_statement: statement.impact }),
			...(statement.action && { action_statement: statement.action }),
		})),
	})}\n`;
