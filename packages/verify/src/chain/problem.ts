import { SlipwayError, toPrintable } from '@slipway/core';
import type { ChainCode } from './code.ts';

/** One broken link of a Release. */
export interface LinkProblem {
	readonly code: ChainCode;
	/** Path in the Release of the file that is wrong or missing, or the name of the stage. */
	readonly link: string;
	/** What was expected and found. */
	readonly message: string;
	readonly cause?: unknown;
}

const HINTS: Readonly<Record<ChainCode, string>> = {
	VERIFY_CHAIN_MISSING: 'Get the whole Release folder again from where it was signed.',
	VERIFY_CHAIN_CHANGED:
		'Use nothing of this Release. Get it again from where it was signed, and find out who changed it.',
	VERIFY_CHAIN_UNKNOWN: 'Find out who put it there; a Release holds only what its stages wrote.',
	VERIFY_CHAIN_UNSIGNED: 'Sign the Release (`slipway sign`) before it is used.',
	VERIFY_CHAIN_REFUSED:
		'Use nothing of this Release unless its signer is one that you trust; if so, list the signer in the policy.',
	VERIFY_CHAIN_MISMATCH:
		'Its parts are from different runs. Get the whole Release folder again from where it was signed.',
	VERIFY_CHAIN_TIME: 'Look at the clocks of the machines that built and signed, and at this one.',
};

const MAX_SHOWN = 20;

/** @param link path of the file in the Release; foreign, so that it is escaped */
export const toProblem = (code: ChainCode, link: string, problem: string, cause?: unknown): LinkProblem => ({
	code,
	link,
	message: `${toPrintable(link, 300)}: ${problem}`,
	...(cause !== undefined && { cause }),
});

/** All broken links as one error, the first one's code and hint on it. */
export const toChainError = (problems: readonly LinkProblem[]): SlipwayError<ChainCode> => {
	const [first] = problems;
	const code = first?.code ?? 'VERIFY_CHAIN_MISSING';
	const shown = problems.slice(0, MAX_SHOWN).map(({ message }) => message);
	const rest = problems.length > MAX_SHOWN ? [`and ${problems.length - MAX_SHOWN} more`] : [];
	return new SlipwayError<ChainCode>(code, [...shown, ...rest].join('\n  '), {
		hint: HINTS[code],
		cause: first?.cause,
	});
};
