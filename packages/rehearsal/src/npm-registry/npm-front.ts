import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer, type Front } from './answer.ts';
import { type FrontControl, toControl } from './control.ts';
import { type FrontRequest, toRequest } from './exchange.ts';
import { FaultRules, type Outgoing } from './faults.ts';
import { hasAttachments, parseDocument } from './publish-document.ts';
import { checkRight, toIdentity } from './rights.ts';
import { toState } from './state.ts';
import { toUpstream } from './upstream.ts';

export interface NpmFrontOptions {
	/** The registry behind it and its owner's token, as `startVerdaccio` returns them. */
	readonly upstream: { readonly origin: string; readonly token: string };
	/** Milliseconds since 1970, so that a simulation can own the time of scans. */
	readonly now?: () => number;
}

/** One request, in the order of arrival. Credentials are not kept. */
export interface FrontLogEntry {
	readonly method: string;
	readonly target: string;
	readonly kind: FrontRequest['route']['kind'];
	readonly mutates: boolean;
	/** It brings the bytes of a version; another publish document only changes marks. */
	readonly brings: boolean;
	/** sha256 of its body, hexadecimal. */
	readonly bodySha256: string;
	/** What the registry itself answered, whatever the client was told; 502 where a fault kept the request from it. */
	readonly status: number;
	/** What was sent to the client, where anything was. */
	readonly told: number;
	readonly delivery: Outgoing['delivery'];
}

/** A server that answers as the public npm registry does where Verdaccio differs. */
export interface NpmFront {
	/** Without a final slash. */
	readonly origin: string;
	readonly control: FrontControl;
	readonly log: readonly FrontLogEntry[];
	stop(): Promise<void>;
}

const readBody = async (message: IncomingMessage): Promise<Buffer> => {
	const chunks: Buffer[] = [];
	for await (const chunk of message) chunks.push(chunk);
	return Buffer.concat(chunks);
};

const deliver = ({ reply, delivery }: Outgoing, response: ServerResponse): void => {
	if (delivery === 'reset') response.socket?.resetAndDestroy();
	if (delivery === 'reset' || delivery === 'hang') return;
	response.writeHead(reply.status, { ...reply.headers, 'content-length': reply.body.length });
	if (delivery === 'whole') response.end(reply.body);
	else response.write(reply.body.subarray(0, reply.body.length >> 1), () => response.socket?.destroy());
};

const bringsBytes = ({ route, body }: FrontRequest): boolean =>
	route.kind === 'stage' || (route.kind === 'publish' && hasAttachments(parseDocument(body)));

const toLogEntry = (request: FrontRequest, { answered, reply, delivery }: Outgoing): FrontLogEntry => ({
	method: request.method,
	target: request.target,
	kind: request.route.kind,
	mutates: request.mutates,
	brings: bringsBytes(request),
	bodySha256: createHash('sha256').update(request.body).digest('hex'),
	status: answered.status,
	told: reply.status,
	delivery,
});

const listen = async (server: ReturnType<typeof createServer>): Promise<string> => {
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** Starts it on a free loopback port. */
export const startNpmFront = async ({ upstream, now = Date.now }: NpmFrontOptions): Promise<NpmFront> => {
	const server = createServer({ keepAliveTimeout: 600_000 });
	const origin = await listen(server);
	const state = toState();
	const faults = new FaultRules();
	const log: FrontLogEntry[] = [];
	const identify = (request: FrontRequest) => toIdentity(request, state, upstream.token);
	const front: Front = {
		origin,
		upstream: toUpstream(upstream, new URL(origin).host),
		state,
		now,
		toIdentity: identify,
		checkRight: (request, name, right) => checkRight(identify(request), { name, right }, state),
	};
	const serve = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
		const body = await readBody(message);
		const { method = 'GET', url = '/', headers } = message;
		const request = toRequest(method, url, headers, body);
		const outgoing = await faults.apply(request, () => answer(front, request));
		log.push(toLogEntry(request, outgoing));
		deliver(outgoing, response);
	};
	// A client that went away, or Verdaccio that ended: there is nobody to tell but this connection.
	server.on('request', (message, response) => void serve(message, response).catch(() => response.destroy()));
	const stop = async () => {
		front.upstream.close();
		server.closeAllConnections();
		await new Promise<void>((resolve) => server.close(() => resolve()));
	};
	return { origin, control: toControl(front, faults), log, stop };
};
