import type { Runner } from '@slipway/runner';

/** Keeps answers between runs where that was asked for; loaded only then. */
export const openAnswers = async (wanted: boolean, runner: Runner) => {
	if (!wanted) return undefined;
	const { openCheckCache } = await import('@slipway/runner/cache');
	return openCheckCache(runner);
};
