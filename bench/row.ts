/** What a row has to reach: a figure of Slipway at most so large, or a peer's figure so many times Slipway's. */
export type Wanted = { readonly atMost: number } | { readonly ratioAtLeast: number };

/** One line of the table: Slipway's own figure, or, where `peer` is set, the same work done by that peer. */
export interface BenchRow {
	/** What is measured, in the same words for Slipway and its peers: `100 statements, one artifact each`. */
	readonly name: string;
	/** Of median, min and max: `ms`, `ms a bundle`, `MB`. */
	readonly unit: string;
	readonly median: number;
	readonly min: number;
	readonly max: number;
	/** Who did it, with version: `cosign 3.1.3`. Absent: Slipway. */
	readonly peer?: string;
	/** Only in a peer's row: its median over Slipway's, measured in the same run. */
	readonly ratio?: number;
	readonly wanted?: Wanted;
}

/** What a bench function is given. */
export interface BenchContext {
	/** An empty folder that is removed afterwards. */
	readonly tempDir: string;
	/** The path of an installed peer (`cosign`, `syft`, `cyclonedx-npm`); undefined: not here, the runner says how to get it. */
	findPeer(name: string): string | undefined;
	log(line: string): void;
}

/** What `bench/sign.ts` exports as `benchSign`, `bench/sbom.ts` as `benchSbom`, and so on. */
export type Bench = (context: BenchContext) => Promise<readonly BenchRow[]>;

/** Runs a task so often, one after another, and returns the milliseconds of each run. */
export const measure = async (times: number, task: () => unknown): Promise<readonly number[]> => {
	const samples: number[] = [];
	for (let run = 0; run < times; run += 1) {
		const started = performance.now();
		await task();
		samples.push(performance.now() - started);
	}
	return samples;
};

/** Median and spread of samples; with an even number of them the median is the mean of the two in the middle. */
export const toSpread = (samples: readonly number[]): Pick<BenchRow, 'median' | 'min' | 'max'> => {
	const sorted = samples.toSorted((a, b) => a - b);
	const middle = (sorted.length - 1) / 2;
	const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
	if (low === undefined || high === undefined) throw new RangeError('expected at least one sample, got none');
	return { median: (low + high) / 2, min: sorted[0] ?? low, max: sorted.at(-1) ?? high };
};

/**
 * Runs every contestant once a turn, in an order that alternates (ABC, CBA, …): what else the machine does meanwhile
 * falls on all of them.
 * @returns what each run of a contestant gave, by its name
 */
export const inTurns = async <T>(
	turns: number,
	contestants: Readonly<Record<string, () => T | Promise<T>>>,
): Promise<Readonly<Record<string, readonly T[]>>> => {
	const results: Record<string, T[]> = {};
	for (let turn = 0; turn < turns; turn += 1) {
		const names = Object.keys(contestants);
		for (const name of turn % 2 === 0 ? names : names.reverse()) {
			const result = await contestants[name]?.();
			results[name] = [...(results[name] ?? []), result as T];
		}
	}
	return results;
};

/** A peer's row beside Slipway's row of the same work. */
export const toPeerRow = (own: BenchRow, peer: string, samples: readonly number[]): BenchRow => {
	const spread = toSpread(samples);
	return { name: own.name, unit: own.unit, ...spread, peer, ratio: spread.median / own.median };
};
