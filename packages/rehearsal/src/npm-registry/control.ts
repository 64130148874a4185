import { randomBytes } from 'node:crypto';
import { answer, type Front } from './answer.ts';
import { approveStaged } from './answer-publish.ts';
import type { ProvenanceTreatment } from './attestations.ts';
import { toRequest } from './exchange.ts';
import type { FaultRule, FaultRules } from './faults.ts';
import { type Right, type StagedVersion, type TrustedPublisher, toKey } from './state.ts';

/** What a test or a rehearsal can make the registry do, from outside. */
export interface FrontControl {
	/** Adds a fault; rules strike in the order in which they were added. */
	inject(rule: FaultRule): void;
	clearFaults(): void;
	/** Versions accepted from now on cannot be read for that long (ms); Infinity: until `finishScan`. */
	scanFor(ms: number): void;
	finishScan(name: string, version: string): void;
	/** The next `reads` reads of this packument get what it says now. */
	serveStale(name: string, reads: number): Promise<void>;
	/** What waits for approval. */
	staged(): readonly StagedVersion[];
	/** As a person with a second factor. @returns the registry's status */
	approve(id: string): Promise<number>;
	reject(id: string): void;
	/** Adds a trusted publisher's entry. */
	trust(publisher: TrustedPublisher): void;
	/** Exchanged tokens are good for that many changes each. */
	limitExchangedTokens(uses: number): void;
	/** A token with these rights only, of one package or of all. */
	issueToken(rights: readonly Right[], name?: string): string;
	/** Whether changes by the owner's token demand a one-time password. */
	demandOtp(demand: boolean): void;
	/** What becomes of provenance that comes from now on. */
	treatProvenance(how: ProvenanceTreatment): void;
	/** Another person moves a dist-tag. */
	moveTag(name: string, tag: string, version: string): Promise<void>;
}

const readOnce = (front: Front, name: string, accept: string) =>
	answer(front, toRequest('GET', `/${encodeURIComponent(name)}`, { accept }, Buffer.alloc(0)));

const toStagingControl = (front: Front): Pick<FrontControl, 'staged' | 'approve' | 'reject'> => ({
	staged: () => [...front.state.staged.values()],
	approve: async (id) => (await approveStaged(front, id)).status,
	reject: (id) => void front.state.staged.delete(id),
});

const toTokenControl = ({
	state,
}: Front): Pick<FrontControl, 'trust' | 'limitExchangedTokens' | 'issueToken' | 'demandOtp'> => ({
	trust: (publisher) => void state.trusted.push(publisher),
	limitExchangedTokens: (uses) => {
		state.exchangedTokenUses = uses;
	},
	issueToken: (rights, name) => {
		const token = `npm_${randomBytes(18).toString('hex')}`;
		state.grants.set(token, { name, rights, uses: Number.POSITIVE_INFINITY });
		return token;
	},
	demandOtp: (demand) => {
		state.otp = demand;
	},
});

export const toControl = (front: Front, faults: FaultRules): FrontControl => ({
	...toStagingControl(front),
	...toTokenControl(front),
	inject: (rule) => faults.add(rule),
	clearFaults: () => faults.clear(),
	scanFor: (ms) => {
		front.state.scanTime = ms;
	},
	finishScan: (name, version) => void front.state.scans.delete(toKey(name, version)),
	serveStale: async (name, reads) => {
		front.state.stale.delete(name);
		const full = await readOnce(front, name, 'application/json');
		const abbreviated = await readOnce(front, name, 'application/vnd.npm.install-v1+json');
		front.state.stale.set(name, { reads, full, abbreviated });
	},
	treatProvenance: (how) => {
		front.state.provenance = how;
	},
	moveTag: async (name, tag, version) => {
		await front.upstream.ask('PUT', `/-/package/${encodeURIComponent(name)}/dist-tags/${tag}`, version);
	},
});
