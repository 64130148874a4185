import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '@slipway/core';
import { openServedFiles, verifyRepository } from '@slipway/deb';
import { toDebSubjectId } from '../../packages/deb/src/publisher/deb-purl.ts';
import { type Offer, toPointer } from '../../packages/deb/src/repository/offers.ts';
import { type HistoryEvent, readTime } from './history.ts';

/** What one look at the repository shows. */
export interface Look {
	readonly debs: readonly (Offer & { readonly name: string })[];
	/** Of the Release file, in ms. */
	readonly date: number;
}

/** Reads the whole repository as it is now. @throws where it is not whole */
export type Reader = () => Promise<Look>;

/**
 * Between the write of an index and that of the Release that names it, a reader waits for a second. Twenty publishers on
 * the processors of one machine make of that moment several.
 */
const PATIENCE = 10;

const toPatient = ({ clock, ...context }: Context): Context => ({
	...context,
	clock: { ...clock, sleep: (ms, signal) => clock.sleep(ms * PATIENCE, signal) },
});

/** Our own reader: every index and every package file that is offered, hashed. */
export const toOwnReader =
	(url: string, key: string, context: Context): Reader =>
	async () => {
		const check = { suite: 'stable', keys: [key] };
		const { debs, date } = await verifyRepository(openServedFiles(url), check, toPatient(context));
		return { debs, date };
	};

/** Subject to pointer. */
export const toOffered = ({ debs }: Look): Readonly<Record<string, string>> =>
	Object.fromEntries(
		[...Map.groupBy(debs, ({ name }) => name)].map(([name, group]) => [
			toDebSubjectId(name),
			toPointer(group) ?? '',
		]),
	);

export interface Watched {
	readonly events: readonly HistoryEvent[];
	readonly looks: number;
	/** What a reader refused, in its own words. */
	readonly refusals: readonly string[];
}

/** Looks once, as an event of the process `name`. */
export const lookOnce = async (name: string, reader: Reader): Promise<Watched> => {
	const events: HistoryEvent[] = [
		{ process: name, time: readTime(), type: 'invoke', call: { kind: 'read' } },
	];
	try {
		const look = await reader();
		const result = { kind: 'read', offered: toOffered(look), date: look.date } as const;
		events.push({ process: name, time: readTime(), type: 'ok', result });
		return { events, looks: 1, refusals: [] };
	} catch (thrown) {
		const reason = String(thrown);
		events.push({ process: name, time: readTime(), type: 'fail', reason });
		return { events, looks: 1, refusals: [`${name}: ${reason}`] };
	}
};

/** Looks again and again until told to stop. */
export const watch = async (
	name: string,
	reader: Reader,
	{ signal, pauseMs }: { readonly signal: AbortSignal; readonly pauseMs: number },
): Promise<Watched> => {
	const all: Watched[] = [];
	while (!signal.aborted) {
		all.push(await lookOnce(name, reader));
		await sleep(pauseMs);
	}
	return {
		events: all.flatMap(({ events }) => events),
		looks: all.length,
		refusals: all.flatMap(({ refusals }) => refusals),
	};
};
