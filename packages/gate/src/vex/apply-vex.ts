import type { Match } from '../advisories/source.ts';
import { findVexProblem, type VexStatement } from './statement.ts';

/** An artifact, in the words by which VEX documents name products. */
export interface VexProduct {
	readonly name: string;
	readonly purl: string;
	readonly sha256: string;
}

/** What VEX says of a match. */
export interface VexOpinion {
	/** The statement by which the match does not count; undefined: it counts. */
	readonly harmless: VexStatement | undefined;
	/** Statements that would say so but do not count, and why. */
	readonly ignored: readonly { readonly statement: VexStatement; readonly problem: string }[];
}

/** Without qualifiers and subpath; without a version where `withVersion` is false. */
const toPlain = (purl: string): { readonly name: string; readonly version: string | undefined } => {
	const main = purl.split(/[?#]/, 1)[0] ?? '';
	const at = main.lastIndexOf('@');
	const isVersion = at > main.lastIndexOf('/') && at > 0;
	return isVersion
		? { name: main.slice(0, at), version: main.slice(at + 1) }
		: { name: main, version: undefined };
};

/** Equal spellings of one purl: %40 and @, %2B and +. */
const toDecoded = (text: string): string => {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
};

/** A purl without version names every version (OpenVEX spec, "Product"). */
const isNamed = (named: string, purl: string): boolean => {
	const [left, right] = [toPlain(named), toPlain(purl)];
	return (
		toDecoded(left.name) === toDecoded(right.name) &&
		(left.version === undefined || toDecoded(left.version) === toDecoded(right.version ?? ''))
	);
};

const isProduct = (named: string, { purl, sha256 }: VexProduct): boolean =>
	named.startsWith('sha256:') ? named === `sha256:${sha256}` : isNamed(named, purl);

/** Spoken of: the component itself; or an artifact as a whole; or this component inside of this artifact. */
const isAbout = (statement: VexStatement, purl: string | undefined, product: VexProduct): boolean => {
	const { products, components } = statement;
	const isComponent = (named: string): boolean => purl !== undefined && isNamed(named, purl);
	if (products.some(isComponent) && components.length === 0) return true;
	const isOfProduct = products.length === 0 || products.some((named) => isProduct(named, product));
	return isOfProduct && (components.length === 0 ? products.length > 0 : components.some(isComponent));
};

const isHarmless = ({ status }: VexStatement): boolean => status === 'not_affected' || status === 'fixed';

/** The newest statement that counts decides; one that says "affected" or "under investigation" needs no form to count. */
const findOpinion = (statements: readonly VexStatement[], now: number): VexOpinion => {
	const judged = statements.map((statement) => ({
		statement,
		problem: isHarmless(statement) ? findVexProblem(statement, now) : undefined,
	}));
	const ignored = judged.flatMap(({ statement, problem }) =>
		problem === undefined ? [] : [{ statement, problem }],
	);
	const counting = judged.filter(({ problem }) => problem === undefined).map(({ statement }) => statement);
	// One without a time that says "affected" is taken for the newest.
	const [newest] = counting.sort(
		(a, b) => (b.time ?? Infinity) - (a.time ?? Infinity) || Number(isHarmless(a)) - Number(isHarmless(b)),
	);
	return { harmless: newest && isHarmless(newest) ? newest : undefined, ignored };
};

/**
 * What VEX statements say of a match. It is harmless only if it is in every artifact that has the component. Statements
 * that are incomplete (author, time, justification, expiry) or expired do not count and are handed back with the reason.
 */
export const findVexOpinion = (
	{ advisory, component }: Match,
	statements: readonly VexStatement[],
	{ products, now }: { readonly products: readonly VexProduct[]; readonly now: number },
): VexOpinion => {
	const names = new Set([advisory.id, ...advisory.aliases]);
	const ours = statements.filter(({ vulnerability }) => vulnerability.some((name) => names.has(name)));
	if (ours.length === 0) return { harmless: undefined, ignored: [] };
	const opinions = products
		.filter(({ name }) => component.artifacts.includes(name))
		.map((product) =>
			findOpinion(
				ours.filter((each) => isAbout(each, component.purl, product)),
				now,
			),
		);
	const isAll = opinions.length > 0 && opinions.every(({ harmless }) => harmless !== undefined);
	const ignored = [
		...new Map(opinions.flatMap((each) => each.ignored).map((each) => [each.statement, each])).values(),
	];
	return { harmless: isAll ? opinions[0]?.harmless : undefined, ignored };
};
