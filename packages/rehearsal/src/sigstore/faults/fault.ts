import type { CA_LIES } from '../ca/certificate-authority.ts';
import type { REKOR_LIES } from '../rekor/rekor-log.ts';
import type { TSA_LIES } from '../tsa/answer-timestamp.ts';

/** The four services that a signer asks, and the issuer of tokens. */
export type ServiceName = 'ca' | 'rekor' | 'rekor-v2' | 'tsa' | 'issuer';

/**
 * reset: the connection is torn down; hang: no answer ever comes; slow: the answer comes after `ms`; truncate: half the
 * promised body; status: an error instead of an answer; garbage, huge (32 MiB), deep: a body of that kind with a good
 * status; reply: any other bytes; lie: an answer that is well formed and false.
 */
export type SigstoreFault =
	| { readonly kind: 'reset' | 'hang' | 'truncate' | 'garbage' | 'huge' | 'deep' }
	| { readonly kind: 'slow'; readonly ms: number }
	| { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
	| { readonly kind: 'reply'; readonly body: string | Uint8Array; readonly status?: number }
	| { readonly kind: 'lie'; readonly lie: Lie };

export type Lie = (typeof CA_LIES)[number] | (typeof REKOR_LIES)[number] | (typeof TSA_LIES)[number];

export interface SigstoreFaultRule {
	readonly service: ServiceName;
	readonly fault: SigstoreFault;
	/** How many requests it strikes. Default 1; Infinity: all. */
	readonly times?: number;
	/** How many requests to that service it lets pass before. Default 0. */
	readonly after?: number;
}

/** Rules of one running instance, in the order in which they were added. */
export class SigstoreFaults {
	readonly #rules: { readonly rule: SigstoreFaultRule; left: number; passing: number }[] = [];

	inject(rule: SigstoreFaultRule): void {
		this.#rules.push({ rule, left: rule.times ?? 1, passing: rule.after ?? 0 });
	}

	clear(): void {
		this.#rules.length = 0;
	}

	/** The fault that the next request to a service gets. */
	take(service: ServiceName): SigstoreFault | undefined {
		for (const entry of this.#rules) {
			if (entry.rule.service !== service || entry.left <= 0) continue;
			if (entry.passing > 0) entry.passing -= 1;
			else {
				entry.left -= 1;
				return entry.rule.fault;
			}
		}
		return undefined;
	}
}
