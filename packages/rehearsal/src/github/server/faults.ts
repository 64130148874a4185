import type { Quirk } from './call.ts';
import { type GitHubReply, type GitHubRequest, toEmptyReply } from './exchange.ts';
import { replyError, replySecondaryLimit } from './replies.ts';

/**
 * What goes wrong.
 * - status: this reply instead, nothing happens; `retryAfter` in seconds. secondary-limit: 403 as GitHub throttles writers.
 *   rate-limit: 403, nothing is left until `retryAfter` seconds from now.
 * - refuse: the connection is reset and nothing happens. reset: all happens, then the connection is reset. hang: all
 *   happens, and no answer ever comes.
 * - truncate: half of the promised body. slow: the body comes in two halves, `ms` apart. wrong-digest: another digest than
 *   that of the bytes. stale: readers get what was true when the fault was asked for.
 * - starter: an upload ends in the middle; its asset stays in the state `starter`. duplicate-draft: two releases instead of
 *   one.
 * - run: something happens, before or after the effect, and all goes on.
 */
export type FaultEffect =
	| {
			readonly kind: 'status';
			readonly status: number;
			readonly message?: string;
			readonly retryAfter?: number;
	  }
	| { readonly kind: 'secondary-limit' | 'rate-limit'; readonly retryAfter: number }
	| { readonly kind: 'refuse' | 'reset' | 'hang' | 'truncate' | 'wrong-digest' | 'stale' | Quirk }
	| { readonly kind: 'slow'; readonly ms: number }
	| { readonly kind: 'run'; readonly when: 'before' | 'after'; readonly task: () => unknown };

/** A fault and what it hits: requests of this method (default: any) whose path and query match (default: any). */
export type GitHubFault = FaultEffect & {
	readonly method?: string;
	readonly path?: RegExp;
	/** How often. Default 1. */
	readonly times?: number;
	/** Called each time it strikes, before anything else happens. */
	readonly onStrike?: () => unknown;
};

/** How a reply leaves: whole, or not. */
export type Delivery = 'whole' | 'reset' | 'hang' | 'truncate' | 'slow';

export interface Outgoing {
	/** What the API itself answered; undefined where the request never reached it. */
	readonly answered: GitHubReply | undefined;
	readonly reply: GitHubReply;
	readonly delivery: Delivery;
	/** ms between the halves of a slow body. */
	readonly pauseMs: number;
}

export const toWhole = (answered: GitHubReply): Outgoing => ({
	answered,
	reply: answered,
	delivery: 'whole',
	pauseMs: 0,
});

/** The reply of faults that keep a request from the API; undefined: it gets there. */
const toInstead = (fault: GitHubFault, now: number): GitHubReply | undefined => {
	if (fault.kind === 'secondary-limit') return replySecondaryLimit(fault.retryAfter);
	if (fault.kind === 'rate-limit') {
		const reset = String(Math.ceil(now / 1000) + fault.retryAfter);
		const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset };
		return replyError(403, 'API rate limit exceeded for installation.', { headers });
	}
	if (fault.kind !== 'status') return undefined;
	const { status, message = 'Server Error', retryAfter } = fault;
	const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
	return replyError(status, message, { headers });
};

const withWrongDigests = (reply: GitHubReply): GitHubReply => {
	const text = reply.body.toString().replace(/sha256:[0-9a-f]{64}/g, `sha256:${'0'.repeat(64)}`);
	return { ...reply, body: Buffer.from(text) };
};

/** What an answered request's reply becomes. */
const spoil = (answered: GitHubReply, fault: GitHubFault): Outgoing => {
	const whole = toWhole(answered);
	if (fault.kind === 'wrong-digest') return { ...whole, reply: withWrongDigests(answered) };
	if (fault.kind === 'slow') return { ...whole, delivery: 'slow', pauseMs: fault.ms };
	if (fault.kind === 'starter') return { ...whole, delivery: 'reset' };
	if (fault.kind === 'reset' || fault.kind === 'hang' || fault.kind === 'truncate')
		return { ...whole, delivery: fault.kind };
	return whole;
};

/** How one operation is done: as it should be, or with its state or course changed. */
export interface Course {
	readonly quirk: Quirk | undefined;
	/** Of the moment when the fault was asked for. */
	readonly snapshot: unknown;
}

const toQuirk = ({ kind }: GitHubFault): Quirk | undefined =>
	kind === 'starter' || kind === 'duplicate-draft' ? kind : undefined;

interface Pending {
	readonly fault: GitHubFault;
	readonly snapshot: unknown;
	left: number;
}

/** The faults of one server; each strikes as often as it says, in the order given. */
export class Faults {
	readonly #pending: Pending[] = [];
	readonly #now: () => number;

	constructor(now: () => number) {
		this.#now = now;
	}

	add(fault: GitHubFault, snapshot: unknown): void {
		this.#pending.push({ fault, snapshot, left: fault.times ?? 1 });
	}

	clear(): void {
		this.#pending.length = 0;
	}

	#take({ method, target }: Pick<GitHubRequest, 'method' | 'target'>): Pending | undefined {
		const found = this.#pending.find(
			({ fault, left }) =>
				left > 0 && (fault.method ?? method) === method && (fault.path?.test(target) ?? true),
		);
		if (found) found.left -= 1;
		return found;
	}

	/** Answers a request as the faults have it. */
	async apply(
		request: Pick<GitHubRequest, 'method' | 'target'>,
		answer: (course: Course) => Promise<GitHubReply>,
	): Promise<Outgoing> {
		const { fault, snapshot } = this.#take(request) ?? {};
		if (fault === undefined) return toWhole(await answer({ quirk: undefined, snapshot: undefined }));
		await fault.onStrike?.();
		const instead = toInstead(fault, this.#now());
		if (instead) return { ...toWhole(instead), answered: undefined };
		if (fault.kind === 'refuse')
			return { answered: undefined, reply: toEmptyReply(502), delivery: 'reset', pauseMs: 0 };
		if (fault.kind === 'run' && fault.when === 'before') await fault.task();
		const answered = await answer({ quirk: toQuirk(fault), snapshot });
		if (fault.kind === 'run' && fault.when === 'after') await fault.task();
		return spoil(answered, fault);
	}
}
