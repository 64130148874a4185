import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ServiceReply, toStatusReply } from '../reply.ts';
import type { SigstoreFault } from './fault.ts';

const HUGE = 32 * 1024 * 1024;

const toBody = (fault: SigstoreFault): Uint8Array | undefined => {
	if (fault.kind === 'garbage') return Buffer.from('\u0000<html>not what you asked for');
	if (fault.kind === 'huge') return Buffer.from(`{"padding":"${'x'.repeat(HUGE)}"}`);
	if (fault.kind === 'deep') return Buffer.from(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
	return fault.kind === 'reply' ? Buffer.from(fault.body) : undefined;
};

/** What is said instead of the true answer; undefined: the true one. */
export const toFalseReply = (fault: SigstoreFault | undefined): ServiceReply | undefined => {
	if (fault?.kind === 'status') {
		const reply = toStatusReply(fault.status, 14, 'fault on demand');
		return { ...reply, headers: { ...reply.headers, ...fault.headers } };
	}
	const body = fault && toBody(fault);
	const status = fault?.kind === 'reply' ? (fault.status ?? 201) : 201;
	return body && { status, headers: { 'content-type': 'application/json' }, body };
};

/** Sends a reply whole, late, by half or not at all. */
export const deliver = async (
	reply: ServiceReply,
	fault: SigstoreFault | undefined,
	response: ServerResponse,
): Promise<void> => {
	if (fault?.kind === 'slow') await sleep(fault.ms, undefined, { ref: false });
	if (fault?.kind === 'reset') response.socket?.resetAndDestroy();
	if (fault?.kind === 'reset' || fault?.kind === 'hang') return;
	response.writeHead(reply.status, { ...reply.headers, 'content-length': reply.body.length });
	if (fault?.kind !== 'truncate') response.end(reply.body);
	else response.write(reply.body.subarray(0, reply.body.length >> 1), () => response.socket?.destroy());
};
