import { SlipwayError } from '@slipway/core';
import type { Process, Surroundings } from './process.ts';

/** One request of a process to a server of the world. */
export interface Call<Value> {
	readonly server: string;
	/** For people: "PUT greet 1.1.0". */
	readonly what: string;
	readonly mutates: boolean;
	/** The name of the artifact that it brings. */
	readonly brings?: string;
	/** What the server does and answers, at the moment at which it gets the request. */
	readonly effect: () => Value;
}

/** The request without what the server makes of it. */
export type Sent = Omit<Call<unknown>, 'effect'>;

/** What the world does to one request. */
export type Fate =
	| { readonly kind: 'well' }
	/** Never arrives, or fails before anything was done; the client sees no answer. */
	| { readonly kind: 'lost-before' }
	/** Is done; the client sees no answer. */
	| { readonly kind: 'lost-after' }
	/** Is answered with an error, and nothing is done. */
	| { readonly kind: 'refused'; readonly status: number; readonly retryAfterMs?: number | undefined };

/** What the client sees of it. */
export type Answer<Value> =
	| { readonly kind: 'answer'; readonly value: Value; readonly at: number }
	| { readonly kind: 'lost'; readonly reason: string }
	| { readonly kind: 'refused'; readonly status: number; readonly retryAfterMs: number | undefined };

export interface Wire extends Surroundings {
	/** Draws the fate of a request. */
	toFate(sent: Sent): Fate;
	/** Told of every request that is sent. */
	onSent(process: Process, sent: Sent): void;
	/** Told of every fence that is taken. */
	onFence(process: Process, number: number, isFresh: boolean): void;
	/** Told of every answer that asks to come back later. */
	onLater(process: Process, server: string, retryAfterMs: number): void;
}

/** Of what the server knew when it answered a question, nothing is older than this when the answer is there. */
export const SLOWEST_READ_MS = 60;
const SLOWEST_CHANGE_MS = 15;

const LONGEST_WAY_MS = 15;
/** Stands in what went wrong, and must never be written down. */
export const SECRET = 'npm_simulatedSecret';

const toSeen = <Value>(fate: Fate, value: Value, at: number): Answer<Value> =>
	fate.kind === 'lost-after' ? { kind: 'lost', reason: 'connection reset' } : { kind: 'answer', value, at };

/** Changes are few, so that each is told; of what is read only the failures are. */
const toStory = (process: Process, { what, server }: Call<unknown>, fate: Fate): string => {
	const status = fate.kind === 'refused' ? ` ${fate.status} retry-after ${fate.retryAfterMs ?? '-'} ms` : '';
	return `${process.name}: ${server}: ${what}${fate.kind === 'well' ? '' : ` [${fate.kind}${status}]`}`;
};

/**
 * Sends a request: it may be killed before it is sent, on its way, and before the answer comes. What was sent is done by
 * the server (or lost, by the fate of whoever dies meanwhile), whether or not its sender lives.
 */
export const ask = async <Value>(wire: Wire, process: Process, call: Call<Value>): Promise<Answer<Value>> => {
	const { time, random } = wire;
	await process.reach(`${call.server}: ${call.what} (not sent)`, { mayPause: !call.mutates });
	wire.onSent(process, call);
	const fate = wire.toFate(call);
	await time.sleep(random.int(1, LONGEST_WAY_MS));
	const isDropped = process.isDead && random.chance(0.5);
	let answer: Answer<Value>;
	if (isDropped || fate.kind === 'lost-before') answer = { kind: 'lost', reason: 'connection reset' };
	else if (fate.kind === 'refused')
		answer = { kind: 'refused', status: fate.status, retryAfterMs: fate.retryAfterMs };
	else answer = toSeen(fate, call.effect(), time.now);
	if (call.mutates || fate.kind !== 'well') wire.tell(() => toStory(process, call, fate));
	await time.sleep(random.int(1, call.mutates ? SLOWEST_CHANGE_MS : SLOWEST_READ_MS));
	await process.reach(`${call.server}: ${call.what} (done)`, {
		mayPause: !call.what.startsWith('list fences'),
	});
	if (answer.kind === 'answer' && call.brings !== undefined) process.accepted.add(call.brings);
	if (answer.kind === 'refused' && answer.retryAfterMs !== undefined)
		wire.onLater(process, call.server, answer.retryAfterMs);
	return answer;
};

/** A request without an answer, or one that was refused, as the error of a publisher. */
export const toUnanswered = (
	code: string,
	what: string,
	answer: Exclude<Answer<unknown>, { kind: 'answer' }>,
): SlipwayError =>
	new SlipwayError(code, `${what}: ${answer.kind === 'lost' ? answer.reason : answer.status}`, {
		hint: 'Run the same command again.',
		cause: new Error(`request with ${SECRET}`),
	});
