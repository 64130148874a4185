import type { ServerResponse } from 'node:http';
import type { Outgoing } from './faults.ts';

/** Sends a reply, or as much of it as a fault lets through. */
export const deliver = (
	{ reply, delivery, pauseMs }: Outgoing,
	response: ServerResponse,
	isHead: boolean,
): void => {
	if (delivery === 'reset') response.socket?.resetAndDestroy();
	if (delivery === 'reset' || delivery === 'hang') return;
	const { status, headers, body } = reply;
	const hasBody = status !== 204 && status !== 304;
	response.writeHead(status, { ...headers, ...(hasBody && { 'content-length': body.length }) });
	const half = body.subarray(0, body.length >> 1);
	if (!hasBody || isHead) response.end();
	else if (delivery === 'whole') response.end(body);
	else if (delivery === 'truncate') response.write(half, () => response.socket?.destroy());
	else response.write(half, () => setTimeout(() => response.end(body.subarray(half.length)), pauseMs));
};
