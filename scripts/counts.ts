import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What one command found, as its test runner counted it. */
export interface Counts {
	readonly passed: number;
	readonly failed: number;
	readonly skipped: number;
}

/** Where a command leaves its counts for whoever sums them. */
export const toCountsPath = (command: string): string =>
	`.cache/results/${command.replaceAll(':', '-')}.json`;

export const toCountsLine = ({ passed, failed, skipped }: Counts): string =>
	`${passed} passed, ${failed} failed, ${skipped} skipped`;

export const addCounts = (all: readonly Counts[]): Counts => ({
	passed: all.reduce((sum, { passed }) => sum + passed, 0),
	failed: all.reduce((sum, { failed }) => sum + failed, 0),
	skipped: all.reduce((sum, { skipped }) => sum + skipped, 0),
});

export const clearCounts = (command: string): void => rmSync(toCountsPath(command), { force: true });

export const writeCounts = (command: string, counts: Counts): void => {
	mkdirSync(dirname(toCountsPath(command)), { recursive: true });
	writeFileSync(toCountsPath(command), JSON.stringify(counts));
};

/** undefined: the command ended before it had counts. */
export const readCounts = (command: string): Counts | undefined => {
	try {
		return JSON.parse(readFileSync(toCountsPath(command), 'utf8'));
	} catch {
		return undefined;
	}
};
