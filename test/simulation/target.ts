import { type Artifact, parsePurl, SlipwayError } from '@slipway/core';
import type { Process } from './process.ts';
import { type Answer, ask, type Call, toUnanswered, type Wire } from './wire.ts';

/** A simulated registry as one process reaches it. */
export interface Reach {
	readonly id: string;
	readonly wire: Wire;
	readonly process: Process;
	/** True sha256 of the file that lies at an artifact's path. */
	readonly disk: ReadonlyMap<string, string>;
	/** False: nothing answers there. */
	readonly isReachable?: boolean;
}

export const refuse = (code: string, message: string): SlipwayError =>
	new SlipwayError(code, message, { hint: 'Look at the target.' });

export const send = async <Value>(
	reach: Reach,
	call: Omit<Call<Value>, 'server'>,
): Promise<Answer<Value>> => {
	const { wire, process, id } = reach;
	process.context.signal.throwIfAborted();
	if (reach.isReachable === false) return { kind: 'lost', reason: 'connection refused' };
	return ask(wire, process, { ...call, server: id });
};

/** A read whose answer is needed. @throws SlipwayError SIMULATED_UNREACHABLE */
export const read = async <Value>(
	reach: Reach,
	what: string,
	effect: () => Value,
): Promise<{ readonly value: Value; readonly at: number }> => {
	const answer = await send(reach, { what, mutates: false, effect });
	if (answer.kind === 'answer') return answer;
	throw toUnanswered('SIMULATED_UNREACHABLE', `${reach.id}: ${what}`, answer);
};

/** What every target does with a request that was answered by "later". */
export const waitAsAsked = async (reach: Reach, answer: Answer<unknown>): Promise<void> => {
	const { clock, signal } = reach.process.context;
	if (answer.kind === 'refused' && answer.retryAfterMs !== undefined)
		await clock.sleep(answer.retryAfterMs, signal);
};

/** @throws SlipwayError SIMULATED_ARTIFACT_CHANGED */
export const verifyDisk = ({ disk }: Reach, { path, digest, name }: Artifact): void => {
	if (disk.get(path) === digest.sha256) return;
	throw refuse('SIMULATED_ARTIFACT_CHANGED', `${name}: other bytes than planned`);
};

export interface Identity {
	readonly name: string;
	readonly version: string;
}

export const toIdentity = (purl: string): Identity => {
	const { name, version } = parsePurl(purl);
	return { name, version: version ?? '' };
};

/** The numbers of two versions that have nothing else. */
export const isLower = (one: string, other: string): boolean => {
	const [left, right] = [one.split('.').map(Number), other.split('.').map(Number)];
	const at = left.findIndex((number, index) => number !== right[index]);
	return at >= 0 && (left[at] ?? 0) < (right[at] ?? 0);
};
