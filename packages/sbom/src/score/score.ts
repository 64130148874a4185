import type { Component, Sbom } from '../model/sbom.ts';
import { COMPONENT_RULES, DOCUMENT_RULES, isAsked, type SbomFacts, type Standard } from './rules.ts';

/** How many components (or whether the document) meet one rule. */
export interface RuleScore {
	readonly id: string;
	readonly standard: Standard;
	/** The clause that demands it. */
	readonly source: string;
	readonly met: number;
	readonly of: number;
}

/** How good an SBOM is, and all that it lacks. */
export interface SbomScore {
	/** Of 10, one decimal, rounded down: 8 is never said of 7.99. */
	readonly score: number;
	readonly standards: Readonly<Record<Standard, number>>;
	readonly rules: readonly RuleScore[];
	/** One line a component that lacks something: `lodash 4.17.21: supplier, file name`. Foreign text: escape it to print. */
	readonly missing: readonly string[];
}

const STANDARDS: readonly Standard[] = ['NTIA', 'BSI'];

const toLabel = ({ group, name, version }: Component): string => {
	const full = group === undefined ? name : `${group}/${name}`;
	return version === undefined ? full : `${full} ${version}`;
};

const toFacts = ({ root, components, dependencies }: Sbom): SbomFacts => ({
	// A root without any component is known to need nothing.
	related: new Set([
		...(components.length === 0 ? [root.ref] : []),
		...dependencies.flatMap(({ from, to }) => [from, to]),
	]),
});

const toComponentScores = (components: readonly Component[], facts: SbomFacts): RuleScore[] =>
	COMPONENT_RULES.map((rule) => {
		const asked = components.filter((component) => isAsked(rule, component));
		const met = asked.filter((component) => rule.isMet(component, facts)).length;
		return { id: rule.id, standard: rule.standard, source: rule.source, met, of: asked.length };
	});

const toDocumentScores = (sbom: Sbom): RuleScore[] =>
	DOCUMENT_RULES.map(({ id, standard, source, isMet }) => ({
		id,
		standard,
		source,
		met: isMet(sbom) ? 1 : 0,
		of: 1,
	}));

const toMissing = (sbom: Sbom, components: readonly Component[], facts: SbomFacts): string[] => {
	const document = DOCUMENT_RULES.filter(({ isMet }) => !isMet(sbom)).map(({ id }) => id);
	const lacking = components.flatMap((component) => {
		const fields = COMPONENT_RULES.filter(
			(rule) => isAsked(rule, component) && !rule.isMet(component, facts),
		).map(({ id }) => id);
		return fields.length === 0 ? [] : [`${toLabel(component)}: ${fields.join(', ')}`];
	});
	return [...(document.length > 0 ? [`the document: ${document.join(', ')}`] : []), ...lacking];
};

const WEIGHTS: ReadonlyMap<string, number> = new Map(
	[...COMPONENT_RULES, ...DOCUMENT_RULES].map(({ id, weight }) => [id, weight]),
);

const toMean = (rules: readonly RuleScore[]): number => {
	const weights = rules.map(({ id }) => WEIGHTS.get(id) ?? 1);
	const total = weights.reduce((sum, weight) => sum + weight, 0);
	const met = rules.reduce((sum, { met, of }, index) => sum + ((weights[index] ?? 1) * met) / of, 0);
	return Math.floor((met / total) * 100 + 1e-9) / 10;
};

/**
 * Scores an SBOM by the NTIA minimum elements and by BSI TR-03183-2: each standard's score is the mean of its rules, each
 * rule's is the share of components (or the document) that meets it; the whole is the mean of both. What is only for
 * development is no part of what is delivered and is not asked.
 */
export const scoreSbom = (sbom: Sbom): SbomScore => {
	const components = [sbom.root, ...sbom.components.filter(({ scope }) => scope !== 'excluded')];
	const facts = toFacts(sbom);
	const rules = [...toDocumentScores(sbom), ...toComponentScores(components, facts)];
	const [ntia = 0, bsi = 0] = STANDARDS.map((standard) =>
		toMean(rules.filter((rule) => rule.standard === standard)),
	);
	return {
		score: Math.floor(((ntia + bsi) / 2) * 10 + 1e-9) / 10,
		standards: { NTIA: ntia, BSI: bsi },
		rules,
		missing: toMissing(sbom, components, facts),
	};
};
