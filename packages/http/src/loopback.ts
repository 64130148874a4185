import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers one request; what it throws becomes a 500 without details. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

export interface LoopbackServer {
	/** For example `http://127.0.0.1:40123`. */
	readonly origin: string;
	readonly port: number;
	/** Ends the server and every connection it holds. */
	close(): Promise<void>;
}

const answer = async (
	handler: Handler,
	request: IncomingMessage,
	response: ServerResponse,
): Promise<void> => {
	try {
		await handler(request, response);
	} catch {
		// Half a reply must not look like a whole one.
		if (response.headersSent) response.destroy();
		else response.writeHead(500).end();
	}
};

/** Serves on a free port of 127.0.0.1, never beyond it. */
export const serveLoopback = async (handler: Handler, port = 0): Promise<LoopbackServer> => {
	const server = createServer((request, response) => void answer(handler, request, response));
	server.listen(port, '127.0.0.1');
	await once(server, 'listening');
	const { port: actual } = server.address() as AddressInfo;
	return {
		origin: `http://127.0.0.1:${actual}`,
		port: actual,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
};
