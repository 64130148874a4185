import type { Component, Sbom } from '../model/sbom.ts';

export type Standard = 'NTIA' | 'BSI';

/** A demand on each component. */
export interface ComponentRule {
	/** In messages: `lodash 4.17.21: no supplier`. */
	readonly id: string;
	readonly standard: Standard;
	/** The clause. */
	readonly source: string;
	readonly weight: number;
	isMet(component: Component, facts: SbomFacts): boolean;
}

/** BSI speaks of what is delivered (TR-03183-2, 3.2.3); of what the system supplies only NTIA's fields are asked. */
export const isAsked = ({ standard }: Pick<ComponentRule, 'standard'>, { external }: Component): boolean =>
	standard === 'NTIA' || external !== true;

/** A demand on the document. */
export interface DocumentRule extends Pick<ComponentRule, 'id' | 'standard' | 'source' | 'weight'> {
	isMet(sbom: Sbom): boolean;
}

/** What rules ask of the whole document. */
export interface SbomFacts {
	/** Refs that stand in a dependency, on either side. */
	readonly related: ReadonlySet<string>;
}

const isKnown = (text: string | undefined): boolean =>
	text !== undefined && text !== '' && text !== 'NOASSERTION';
const has512 = ({ hashes }: Component): boolean => hashes.some(({ algorithm }) => algorithm === 'SHA-512');
const ALL_NTIA = 'NTIA minimum elements (2021), data fields';
const BSI_COMPONENT = 'BSI TR-03183-2 2.1, 5.2.2';

/** Weights of one standard need no sum: each standard's score is the weighted mean of its rules. */
export const COMPONENT_RULES: readonly ComponentRule[] = [
	{ id: 'name', standard: 'NTIA', source: ALL_NTIA, weight: 1, isMet: ({ name }) => isKnown(name) },
	{ id: 'version', standard: 'NTIA', source: ALL_NTIA, weight: 1, isMet: ({ version }) => isKnown(version) },
	{
		id: 'supplier',
		standard: 'NTIA',
		source: ALL_NTIA,
		weight: 1,
		isMet: ({ supplier }) => supplier !== undefined,
	},
	{
		id: 'unique identifier',
		standard: 'NTIA',
		source: ALL_NTIA,
		weight: 1,
		isMet: ({ purl }) => purl !== undefined,
	},
	{
		id: 'dependency relationship',
		standard: 'NTIA',
		source: ALL_NTIA,
		weight: 1,
		isMet: ({ ref }, { related }) => related.has(ref),
	},
	{
		id: 'creator with e-mail or URL',
		standard: 'BSI',
		source: BSI_COMPONENT,
		weight: 1,
		isMet: ({ supplier }) => supplier?.email !== undefined || supplier?.url !== undefined,
	},
	{
		id: 'name and version',
		standard: 'BSI',
		source: BSI_COMPONENT,
		weight: 1,
		isMet: ({ version }) => isKnown(version),
	},
	{
		id: 'file name',
		standard: 'BSI',
		source: BSI_COMPONENT,
		weight: 1,
		isMet: ({ file }) => file !== undefined,
	},
	{
		id: 'SPDX licence',
		standard: 'BSI',
		source: `${BSI_COMPONENT} and 6.1`,
		weight: 1,
		isMet: ({ licence }) => licence?.kind === 'expression',
	},
	{ id: 'SHA-512', standard: 'BSI', source: BSI_COMPONENT, weight: 1, isMet: has512 },
	{
		id: 'executable, archive and structured property',
		standard: 'BSI',
		source: BSI_COMPONENT,
		weight: 1,
		isMet: ({ file }) => file !== undefined,
	},
	{
		id: 'source or distribution address',
		standard: 'BSI',
		source: 'BSI TR-03183-2 2.1, 5.2.4',
		weight: 1,
		isMet: ({ links }) => links.some(({ type }) => type === 'vcs' || type === 'distribution'),
	},
];

export const DOCUMENT_RULES: readonly DocumentRule[] = [
	{
		id: 'author of the SBOM',
		standard: 'NTIA',
		source: ALL_NTIA,
		weight: 1,
		isMet: ({ tool, root }) => isKnown(tool.name) || root.supplier !== undefined,
	},
	{ id: 'timestamp', standard: 'NTIA', source: ALL_NTIA, weight: 1, isMet: ({ epoch }) => epoch > 0 },
	{
		id: 'completeness of dependencies',
		standard: 'BSI',
		source: BSI_COMPONENT,
		weight: 1,
		isMet: ({ complete }) => complete,
	},
	{
		id: 'creator of the SBOM with e-mail or URL',
		standard: 'BSI',
		source: 'BSI TR-03183-2 2.1, 5.2.1',
		weight: 1,
		isMet: ({ root }) => root.supplier?.email !== undefined || root.supplier?.url !== undefined,
	},
];
