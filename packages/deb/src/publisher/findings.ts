import { type Finding, SlipwayError } from '@slipway/core';

/** A refusal as something that preflight found. Anything but a SlipwayError is a defect and thrown on. */
export const toFinding = (thrown: unknown): Finding => {
	if (!(thrown instanceof SlipwayError)) throw thrown;
	return { severity: 'error', code: thrown.code, message: thrown.message, hint: thrown.hint };
};

/** The value, or the finding that it ended with. */
export const attempt = async <T>(
	task: () => Promise<T>,
): Promise<
	| { readonly value: T; readonly findings: readonly Finding[] }
	| { readonly value: null; readonly findings: readonly Finding[] }
> => {
	try {
		return { value: await task(), findings: [] };
	} catch (thrown) {
		return { value: null, findings: [toFinding(thrown)] };
	}
};
