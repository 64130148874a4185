import assert from 'node:assert/strict';
import type { Fault } from '@slipway/rehearsal/npm-registry';
import { checkEffects, toShown } from './crash.ts';
import { toMatch } from './kill-at-request.ts';
import { observe } from './observe.ts';
import { runSlipway, toReport } from './operations.ts';
import type { Point, Reference } from './points.ts';
import type { World } from './world.ts';

export type RequestPoint = Extract<Point['step'], { kind: 'registry' }>;

/** What becomes of one changing request, or of the reply to it. */
export interface ReplyFault {
	readonly number: 'F3' | 'F4';
	readonly row: string;
	readonly name: string;
	readonly when: 'before' | 'after';
	readonly fault: Fault;
}

const toStatus = (status: number): Fault => ({
	kind: 'reply',
	reply: { status, headers: { 'content-type': 'application/json' }, body: Buffer.from('{"error":"no"}') },
});

const lost = (name: string, fault: Fault): ReplyFault => ({
	number: 'F3',
	row: 'the reply is lost, the change was made',
	name: `the reply lost (${name})`,
	when: 'after',
	fault,
});

const refused = (name: string, fault: Fault): ReplyFault => ({
	number: 'F4',
	row: 'the request fails, nothing was changed',
	name: `a failure (${name})`,
	when: 'before',
	fault,
});

export const REPLY_FAULTS: readonly ReplyFault[] = [
	lost('reset', { kind: 'reset' }),
	lost('truncated', { kind: 'truncate' }),
	lost('503', toStatus(503)),
	refused('reset', { kind: 'reset' }),
	refused('500', toStatus(500)),
	refused('502', toStatus(502)),
	refused('503', toStatus(503)),
];

/**
 * F3, F4: the fault strikes once; the command ends as if nothing had happened, shows no error, and does nothing twice.
 * @throws AssertionError
 */
export const tryReply = async (
	world: World,
	{ step, fault }: { readonly step: RequestPoint; readonly fault: ReplyFault },
	reference: Reference,
): Promise<void> => {
	await world.load(reference.operation.from);
	const from = world.front.log.length;
	world.front.control.inject({ when: fault.when, match: toMatch(step), fault: fault.fault });
	const finished = await runSlipway(world, reference.operation.args);
	world.front.control.clearFaults();
	const struck = world.front.log
		.slice(from)
		.some(({ delivery, told }) => delivery !== 'whole' || told >= 500);
	assert(struck, `the request never came:\n${(finished.stdout + finished.stderr).slice(-1500)}`);
	assert.equal(toReport(finished).state, reference.operation.end, finished.stderr);
	assert.equal(finished.code, reference.operation.code);
	assert.deepEqual(toShown(await observe(world)), toShown(reference.end));
	checkEffects(world, from, reference);
};
