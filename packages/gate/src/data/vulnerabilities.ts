import type { Context } from '@slipway/core';
import type { Match } from '../advisories/source.ts';
import type { Gate, GateEvidence, GateFinding, GateFindings, GateRequest } from '../gate.ts';
import { isAtLeast } from '../osv/cvss.ts';
import { findVexOpinion, type VexOpinion } from '../vex/apply-vex.ts';
import { readVexDocuments } from '../vex/read-vex.ts';
import type { VexStatement } from '../vex/statement.ts';
import { groupMatches, toComponents, type Vulnerability } from './group-matches.ts';
import type { ReleaseData } from './release-data.ts';

const MAX_LISTED = 5;

const NO_SOURCE =
	'there is no data: the policy names no database (slipway gate index) and does not allow asking the registry (online: true)';

/** What several findings are judged by. */
interface Judge {
	readonly request: GateRequest;
	readonly statements: readonly VexStatement[];
	readonly now: number;
}

const list = (words: readonly string[]): string =>
	words.length > MAX_LISTED
		? `${words.slice(0, MAX_LISTED).join(', ')} and ${words.length - MAX_LISTED} more`
		: words.join(', ');

const toText = ({ id, aliases, rating, summary }: Vulnerability, matches: readonly Match[]): string => {
	const names = aliases.length > 0 ? ` (${list(aliases)})` : '';
	const where = list(toComponents(matches).map(({ label }) => label));
	return `${id}${names}, ${rating}, in ${where}${summary === '' ? '' : `: ${summary}`}`;
};

const toHint = ({ fixed }: Vulnerability): string =>
	fixed.length > 0
		? `Update to a version without it (${list(fixed)}), or state in a VEX document why it does no harm.`
		: 'No fixed version is known: replace the package, or state in a VEX document why it does no harm.';

const toProducts = ({ release }: GateRequest) =>
	release.manifest.artifacts.map(({ name, purl, digest }) => ({ name, purl, sha256: digest.sha256 }));

const toHarmless = (
	found: Vulnerability,
	harmless: readonly { match: Match; statement: VexStatement }[],
): GateFinding[] => {
	const [first] = harmless;
	if (!first) return [];
	const { author, status, justification, expires, document } = first.statement;
	const matches = harmless.map(({ match }) => match);
	return [
		{
			id: `${found.id} (VEX)`,
			severity: 'note',
			message: `${toText(found, matches)}; ${author} says ${status} (${justification}) until ${expires} in ${document.name}`,
			where: { file: first.match.component.sbom },
			hint: 'Look at the statement again before it expires.',
		},
	];
};

/** Statements that were meant to help and do not: each once. */
const toIgnored = (found: Vulnerability, opinions: readonly VexOpinion[]): GateFinding[] => {
	const ignored = opinions.flatMap((opinion) => opinion.ignored);
	const problems = new Map(
		ignored.map(({ statement, problem }) => [
			`${statement.document.name} ${problem}`,
			{ statement, problem },
		]),
	);
	return [...problems.values()].map(({ statement, problem }, index) => ({
		id: `${found.id} (VEX ignored${index === 0 ? '' : ` ${index + 1}`})`,
		severity: 'warning',
		message: `the statement on ${found.id} in ${statement.document.name} does not count: it ${problem}`,
		where: { file: statement.document.name },
		hint: 'A statement needs an author, a time, a justification and an expiry (docs/guides/gate.md).',
	}));
};

const toFindings = (found: Vulnerability, { request, statements, now }: Judge): GateFinding[] => {
	const products = toProducts(request);
	const judged = found.matches.map((match) => ({
		match,
		opinion: findVexOpinion(match, statements, { products, now }),
	}));
	const harmless = judged.flatMap(({ match, opinion }) =>
		opinion.harmless ? [{ match, statement: opinion.harmless }] : [],
	);
	const open = judged.filter(({ opinion }) => !opinion.harmless).map(({ match }) => match);
	const isBad = isAtLeast(found.rating, request.policy.gates.vulnerabilities.severity);
	const [first] = open;
	const own: GateFinding[] = first
		? [
				{
					id: found.id,
					aliases: found.aliases,
					severity: isBad ? 'error' : 'note',
					rating: found.rating,
					message: toText(found, open),
					where: { file: first.component.sbom },
					hint: toHint(found),
				},
			]
		: [];
	return [
		...own,
		...toHarmless(found, harmless),
		...toIgnored(
			found,
			judged.map(({ opinion }) => opinion),
		),
	];
};

const toVexEvidence = (statements: readonly VexStatement[]): GateEvidence[] => [
	...new Map(
		statements.map(({ document }) => [
			document.name,
			{ name: `vex:${document.name}`, digest: document.digest },
		]),
	).values(),
];

const check = async (data: ReleaseData, request: GateRequest, context: Context): Promise<GateFindings> => {
	const advisories = await data.advisories(context);
	if (!advisories) return { findings: [], evidence: [], dataAge: null, skipped: NO_SOURCE };
	const { gates, vex } = request.policy;
	const statements = readVexDocuments(vex, request.documents);
	const judge = { request, statements, now: context.clock.now() };
	const includeDev = gates.vulnerabilities['include-dev'];
	const matches = advisories.matches.filter(
		({ advisory, component }) => !advisory.isMalware && (includeDev || !component.isDevelopment),
	);
	return {
		findings: [...advisories.problems, ...groupMatches(matches).flatMap((found) => toFindings(found, judge))],
		evidence: [...advisories.evidence, ...toVexEvidence(statements)],
		dataAge: advisories.dataAge,
	};
};

/** Known vulnerabilities of the SBOM components, less those that VEX statements show to be harmless. */
export const vulnerabilitiesGate = (data: ReleaseData): Gate => ({
	id: 'vulnerabilities',
	check: (request, context) => check(data, request, context),
});
