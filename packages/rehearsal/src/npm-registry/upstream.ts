import { Agent, request as send } from 'node:http';
import type { FrontReply, FrontRequest } from './exchange.ts';

/** The registry behind the front. */
export interface Upstream {
	/** Passes a request on, with the front's own credentials where `asOwner` is set, with another body where one is given. */
	forward(
		request: FrontRequest,
		change?: { readonly asOwner?: boolean; readonly body?: Buffer },
	): Promise<FrontReply>;
	/** The registry owner's own request. */
	ask(method: string, path: string, value?: unknown): Promise<FrontReply>;
	close(): void;
}

/** Of the connection, not of the message; or such that Verdaccio would answer without a body. */
const DROPPED = new Set([
	'connection',
	'keep-alive',
	'transfer-encoding',
	'content-length',
	'accept-encoding',
	'if-none-match',
	'etag',
	'date',
]);

const keepHeaders = (headers: Readonly<Record<string, string | readonly string[] | undefined>>) =>
	Object.fromEntries(
		Object.entries(headers)
			.filter(([name, value]) => !DROPPED.has(name.toLowerCase()) && value !== undefined)
			.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]),
	);

interface Message {
	readonly method: string;
	readonly path: string;
	readonly headers: Record<string, string>;
	readonly body: Buffer;
}

const exchange = (origin: string, agent: Agent, { method, path, headers, body }: Message) =>
	new Promise<FrontReply>((resolve, reject) => {
		const request = send(new URL(path, origin), { method, headers, agent }, (reply) => {
			const chunks: Buffer[] = [];
			reply.on('data', (chunk: Buffer) => chunks.push(chunk));
			reply.on('error', reject);
			reply.on('end', () =>
				resolve({
					status: reply.statusCode ?? 502,
					headers: keepHeaders(reply.headers),
					body: Buffer.concat(chunks),
				}),
			);
		});
		request.on('error', reject);
		request.end(body);
	});

/** `host` is what tarball addresses in packuments name: the front's own. */
export const toUpstream = (
	upstream: { readonly origin: string; readonly token: string },
	host: string,
): Upstream => {
	const agent = new Agent({ keepAlive: true });
	const owner = { authorization: `Bearer ${upstream.token}`, host };
	const exchangeWith = (message: Message) =>
		exchange(upstream.origin, agent, {
			...message,
			headers: { ...message.headers, 'content-length': String(message.body.length) },
		});
	return {
		forward: ({ method, target, headers, body }, change = {}) =>
			exchangeWith({
				method,
				path: target,
				headers: { ...keepHeaders(headers), ...(change.asOwner ? owner : { host }) },
				body: change.body ?? body,
			}),
		ask: (method, path, value) =>
			exchangeWith({
				method,
				path,
				headers: { ...owner, 'content-type': 'application/json', accept: 'application/json' },
				body: Buffer.from(value === undefined ? '' : JSON.stringify(value)),
			}),
		close: () => agent.destroy(),
	};
};
