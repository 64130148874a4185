import { SlipwayError, toPrintable } from '@slipway/core';

/** A reader of foreign bytes, ready to be tried. */
export interface Reader {
	/** Real and nasty inputs: what is tried is made of them. Those in corpus/NAME/ are added. */
	readonly seeds: readonly (string | Uint8Array)[];
	/** Reads; throws anything but a SlipwayError where what it read is not what it should be. */
	read(bytes: Uint8Array): unknown;
	/** Puts checksums right after an edit, so that the edit is seen behind them. */
	readonly repair?: (bytes: Uint8Array) => Uint8Array;
	/** Words of the format, put in here and there. */
	readonly words?: readonly string[];
}

/** One parser, and the codes of the errors that it may refuse with. */
export interface Target {
	readonly name: string;
	readonly codes: RegExp;
	open(): Reader | Promise<Reader>;
}

/**
 * Processor time of one input of at most 256 KiB: three times what YAML of nothing but empty lines costs on a busy machine,
 * and far less than anything would take that grows with the square of its input.
 */
const MAX_MS = 3000;

const judge = async (read: Reader['read'], codes: RegExp, bytes: Uint8Array): Promise<string | undefined> => {
	try {
		await read(bytes);
		return undefined;
	} catch (thrown) {
		if (thrown instanceof SlipwayError)
			return codes.test(thrown.code) ? undefined : `refused with ${thrown.code}, expected ${codes}`;
		return `threw ${toPrintable(String(thrown), 500)}`;
	}
};

const measure = async (task: () => Promise<string | undefined>) => {
	const before = process.threadCpuUsage();
	const problem = await task();
	const { user, system } = process.threadCpuUsage(before);
	return { problem, ms: (user + system) / 1000 };
};

/** What is wrong with how a reader takes an input; undefined: it read it, or refused it in its own words, within `maxMs`. */
export const findProblem = async (
	{ read }: Reader,
	codes: RegExp,
	bytes: Uint8Array,
	maxMs = MAX_MS,
): Promise<string | undefined> => {
	const run = () => measure(() => judge(read, codes, Uint8Array.from(bytes)));
	const { problem, ms } = await run();
	if (problem || ms < maxMs) return problem;
	// A first run compiles, or collects what others left; a second one is what a reader pays for.
	const again = await run();
	return again.ms < maxMs ? again.problem : `took ${Math.round(again.ms)} ms of processor time`;
};
