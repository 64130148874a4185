import { type Context, SlipwayError, toMessage } from '@slipway/core';
import type { WatchFinding } from '@slipway/report';
import type { OpenProject } from './project.ts';
import type { Expected } from './watch-expected.ts';

export type WatchCode =
	| 'WATCH_UNREADABLE'
	| 'WATCH_TARGET_UNSEEN'
	| 'WATCH_UNFINISHED'
	| 'WATCH_POINTER_MOVED'
	| 'WATCH_BYTES_CHANGED'
	| 'WATCH_BYTES_MISSING'
	| 'WATCH_VERSION_UNKNOWN'
	| 'WATCH_VERSION_GONE'
	| 'WATCH_TAG_MOVED'
	| 'WATCH_TAG_MISSING'
	| 'WATCH_TAG_UNRELEASED'
	| 'WATCH_TAGS_UNPROTECTED'
	| 'WATCH_APT_EXPIRES'
	| 'WATCH_APT_DATE'
	| 'WATCH_APT_NOT_SERVED'
	| 'WATCH_APT_SERVED_DIFFERS'
	| 'WATCH_KEY_EXPIRES'
	| 'WATCH_SIGNER_EXPIRES'
	| 'WATCH_OVERRIDE_EXPIRES'
	| 'WATCH_ROOT_EXPIRES'
	| 'WATCH_TOKEN_EXPIRES';

/** What each look at one matter is given. */
export interface Watch {
	readonly project: OpenProject;
	readonly expected: Expected;
	/** What ends within so many ms is told. */
	readonly withinMs: number;
	readonly context: Context;
}

/** What a look found, and what it saw. */
export interface Seen {
	readonly findings: readonly WatchFinding[];
	/** One sentence each, for what is as it should be. */
	readonly looked: readonly string[];
}

export type Look = (watch: Watch) => Promise<Seen>;

export const NOTHING_SEEN: Seen = { findings: [], looked: [] };

export const toSeen = (findings: readonly WatchFinding[], ...looked: readonly string[]): Seen => ({
	findings,
	looked,
});

export const joinSeen = (all: readonly Seen[]): Seen => ({
	findings: all.flatMap(({ findings }) => findings),
	looked: all.flatMap(({ looked }) => looked),
});

export const toWatchFinding = (
	severity: WatchFinding['severity'],
	code: WatchCode,
	text: Pick<WatchFinding, 'target' | 'message' | 'hint'>,
): WatchFinding => ({ severity, code, ...text });

/** One matter that cannot be looked at is told and does not keep the others from being looked at. */
export const attemptLook = async (
	target: string,
	context: Context,
	look: () => Promise<Seen>,
): Promise<Seen> => {
	try {
		return await look();
	} catch (thrown) {
		context.signal.throwIfAborted();
		const isOurs = thrown instanceof SlipwayError;
		const message = `could not be looked at: ${isOurs ? `${thrown.code} ` : ''}${toMessage(thrown)}`;
		const hint = isOurs ? thrown.hint : 'Run the watch again; report this as a defect where it stays.';
		return toSeen([toWatchFinding('warning', 'WATCH_UNREADABLE', { target, message, hint })]);
	}
};

const DAY_MS = 86_400_000;

/** `in 3 days`, `2 days ago`, `today`. */
export const toDistance = (time: number, now: number): string => {
	const days = Math.round((time - now) / DAY_MS);
	if (days === 0) return 'today';
	const count = `${Math.abs(days)} day${Math.abs(days) === 1 ? '' : 's'}`;
	return days > 0 ? `in ${count}` : `${count} ago`;
};

export const toDay = (time: number): string => new Date(time).toISOString().slice(0, 10);
