import { SlipwayError } from '@slipway/core';
import parseExpression from 'spdx-expression-parse';
import satisfies from 'spdx-satisfies';
import type { Component } from '../advisories/component.ts';
import type { GateCode } from '../code.ts';
import type { Gate, GateFinding } from '../gate.ts';
import type { ReleaseData } from './release-data.ts';

/** Real expressions have a few dozen characters; the parser climbs one level for each bracket. */
const MAX_EXPRESSION = 1024;
const UNKNOWN = new Set(['', 'NOASSERTION', 'NONE', 'UNLICENSED', 'UNKNOWN']);

type Expression = ReturnType<typeof parseExpression>;

/** The parts that are no AND and no OR, for the check of each against the list. */
const toLeafText = (leaf: Exclude<Expression, { conjunction: string }>): string =>
	`${leaf.license}${leaf.plus ? '+' : ''}${leaf.exception ? ` WITH ${leaf.exception}` : ''}`;

/**
 * Whether an expression can be met with allowed licences alone. AND and OR are followed here: spdx-satisfies multiplies
 * them out, which a short hostile expression turns into millions.
 */
const isMet = (expression: Expression, isAllowed: (leaf: string) => boolean): boolean => {
	if (!('conjunction' in expression)) return isAllowed(toLeafText(expression));
	const { left, right, conjunction } = expression;
	return conjunction === 'and'
		? isMet(left, isAllowed) && isMet(right, isAllowed)
		: isMet(left, isAllowed) || isMet(right, isAllowed);
};

/** A parsed expression, or undefined for what is none. */
const parseLicence = (text: string): Expression | undefined => {
	if (text.length > MAX_EXPRESSION) return undefined;
	try {
		return parseExpression(text);
	} catch {
		return undefined;
	}
};

type Judgement = 'allowed' | 'refused' | 'unknown' | 'none';

const judge = (text: string, allow: readonly string[]): Judgement => {
	if (UNKNOWN.has(text.trim())) return 'none';
	const expression = parseLicence(text);
	if (!expression) return 'unknown';
	if (allow.length === 0) return isKnown(expression) ? 'allowed' : 'unknown';
	return isMet(expression, (leaf) => isListed(leaf, allow)) ? 'allowed' : 'refused';
};

/** A LicenseRef is a name that only its author knows. */
const isKnown = (expression: Expression): boolean => isMet(expression, (leaf) => !/LicenseRef-/.test(leaf));

/** "This version or a later one": only there does a licence meet another name than its own. */
const isOpenEnded = (leaf: string): boolean => /\+|-or-later/.test(leaf);

/** spdx-satisfies is asked only where one side is open-ended: for others it takes CDDL-1.0 for CDDL-1.1. */
const isListed = (leaf: string, allow: readonly string[]): boolean => {
	if (allow.includes(leaf)) return true;
	if (/LicenseRef-/.test(leaf)) return false;
	const candidates = allow.filter(
		(each) => !/LicenseRef-/.test(each) && (isOpenEnded(leaf) || isOpenEnded(each)),
	);
	try {
		return satisfies(leaf, candidates);
	} catch {
		return false; // an id that is newer than its list
	}
};

/** @throws SlipwayError GATE_POLICY_INVALID */
const checkAllowed = (allow: readonly string[]): void => {
	const wrong = allow.find((each) => {
		const parsed = parseLicence(each);
		return !parsed || 'conjunction' in parsed;
	});
	if (wrong === undefined) return;
	throw new SlipwayError<GateCode>(
		'GATE_POLICY_INVALID',
		`expected single SPDX licences in gates.licences.allow, got ${JSON.stringify(wrong.slice(0, 200))}`,
		{ hint: 'List each licence by its SPDX id (MIT, Apache-2.0), without AND and OR.' },
	);
};

const TEXTS: Readonly<Record<Exclude<Judgement, 'allowed'>, readonly [found: string, hint: string]>> = {
	refused: [
		'which the policy does not allow',
		'Replace the package, or add the licence to gates.licences.allow.',
	],
	unknown: [
		'which is no SPDX licence expression',
		'Look the licence up and correct it at its source, or accept the finding in the policy.',
	],
	none: [
		'that is: none is known',
		'Look the licence up and correct it at its source, or accept the finding in the policy.',
	],
};

const toFinding = (
	component: Component,
	licence: string,
	judgement: Exclude<Judgement, 'allowed'>,
): GateFinding => ({
	id: component.purl ?? component.label,
	severity: 'error',
	message:
		licence === ''
			? `${component.label}: no licence is known`
			: `${component.label} has the licence ${JSON.stringify(licence.slice(0, 200))}, ${TEXTS[judgement][0]}`,
	where: { file: component.sbom },
	hint: TEXTS[judgement][1],
});

/** Several licences of one component all apply. */
const toFindings = (component: Component, judgeOnce: (text: string) => Judgement): GateFinding[] => {
	const licences = component.licences.length > 0 ? component.licences : [''];
	for (const licence of licences) {
		const judgement = judgeOnce(licence);
		if (judgement !== 'allowed') return [toFinding(component, licence, judgement)];
	}
	return [];
};

/** A Debian dependency without version is a wish, and whatever meets it comes with a licence of its own. */
const isWish = ({ purl }: Component): boolean => /^pkg:deb\/[^@]+$/.test(purl ?? '');

const isJudged = (component: Component): boolean =>
	!component.isDevelopment && !component.isOwn && !isWish(component);

/** The licence of each component that is shipped with the artifacts, by SPDX expression; one that is unknown is a finding. */
export const licencesGate = (data: ReleaseData): Gate => ({
	id: 'licences',
	check: async ({ sboms, policy }) => {
		if (sboms.length === 0) return { findings: [], evidence: [], dataAge: null, skipped: 'there is no SBOM' };
		const { allow } = policy.gates.licences;
		checkAllowed(allow);
		const known = new Map<string, Judgement>();
		const judgeOnce = (text: string): Judgement => {
			const judgement = known.get(text) ?? judge(text, allow);
			known.set(text, judgement);
			return judgement;
		};
		const shipped = data.components().filter(isJudged);
		return {
			findings: shipped.flatMap((component) => toFindings(component, judgeOnce)),
			evidence: sboms
				.filter(({ format }) => format === 'cyclonedx')
				.map(({ path, digest }) => ({ name: path, digest })),
			dataAge: null,
		};
	},
});
