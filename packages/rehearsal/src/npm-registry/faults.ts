import type { FrontReply, FrontRequest } from './exchange.ts';

/**
 * What goes wrong. reset: the connection is torn down; hang: no answer ever comes; truncate: half the promised body;
 * reply: another answer; rewrite: the true answer, changed; run: something happens meanwhile and all goes on.
 */
export type Fault =
	| { readonly kind: 'reset' | 'hang' | 'truncate' }
	| { readonly kind: 'reply'; readonly reply: FrontReply }
	| { readonly kind: 'rewrite'; readonly rewrite: (reply: FrontReply) => FrontReply }
	| { readonly kind: 'run'; readonly task: () => unknown };

/** A fault and when it strikes: before the registry has done anything, or after it has done all and before it says so. */
export interface FaultRule {
	readonly when: 'before' | 'after';
	readonly match: (request: FrontRequest) => boolean;
	readonly fault: Fault;
	/** How often. Default 1. */
	readonly times?: number;
}

/** How a reply leaves: whole, or not. */
export interface Outgoing {
	/** What the registry itself answered, for the log; NO_REPLY's 502 where the request never reached it. */
	readonly answered: FrontReply;
	readonly reply: FrontReply;
	readonly delivery: 'whole' | 'reset' | 'hang' | 'truncate';
}

const toOutgoing = async (answered: FrontReply, fault: Fault): Promise<Outgoing> => {
	if (fault.kind === 'reply') return { answered, reply: fault.reply, delivery: 'whole' };
	if (fault.kind === 'rewrite') return { answered, reply: fault.rewrite(answered), delivery: 'whole' };
	if (fault.kind === 'run') {
		await fault.task();
		return { answered, reply: answered, delivery: 'whole' };
	}
	return { answered, reply: answered, delivery: fault.kind };
};

const NO_REPLY: FrontReply = { status: 502, headers: {}, body: Buffer.from('nothing to say') };

/** The rules of one front; each strikes as often as it says, in the order given. */
export class FaultRules {
	readonly #rules: { readonly rule: FaultRule; left: number }[] = [];

	add(rule: FaultRule): void {
		this.#rules.push({ rule, left: rule.times ?? 1 });
	}

	clear(): void {
		this.#rules.length = 0;
	}

	#take(when: FaultRule['when'], request: FrontRequest): Fault | undefined {
		const found = this.#rules.find(({ rule, left }) => left > 0 && rule.when === when && rule.match(request));
		if (!found) return undefined;
		found.left -= 1;
		return found.rule.fault;
	}

	/** Answers a request as the rules have it; `answer` is the registry. */
	async apply(request: FrontRequest, answer: () => Promise<FrontReply>): Promise<Outgoing> {
		const early = this.#take('before', request);
		if (early && early.kind !== 'run' && early.kind !== 'rewrite') return toOutgoing(NO_REPLY, early);
		if (early?.kind === 'run') await early.task();
		const answered = await answer();
		const late = this.#take('after', request);
		return late ? toOutgoing(answered, late) : { answered, reply: answered, delivery: 'whole' };
	}
}
