import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { run } from '@slipway/process';

/** A way for git to reach `https://github.com` that ends at a local server: a proxy, and a certificate it trusts. */
export interface GitHubDoor {
	/** Lines of a .gitconfig. */
	readonly gitConfig: string;
	stop(): Promise<void>;
}

const HOST = 'github.com';

const makeCertificate = async (
	folder: string,
): Promise<{ readonly key: string; readonly certificate: string }> => {
	const [key, certificate] = [join(folder, 'door.key'), join(folder, 'door.crt')];
	const finished = await run(
		[
			...([
				'openssl',
				'req',
				'-x509',
				'-newkey',
				'ec',
				'-pkeyopt',
				'ec_paramgen_curve:P-256',
				'-nodes',
			] as const),
			...['-keyout', key, '-out', certificate, '-days', '2', '-subj', `/CN=${HOST}`],
			...['-addext', `subjectAltName=DNS:${HOST}`],
		],
		{ cwd: folder, environment: { PATH: process.env.PATH, HOME: folder } },
	);
	if (finished.code !== 0) throw new Error(`openssl: ${finished.stderr}`);
	return { key, certificate };
};

/** GitHub knows a repository with and without its ending. */
const toUpstreamPath = (url = '/'): string =>
	url.replace(/^(\/[^/]+\/[^/]+?)(?:\.git)?(?=\/(?:info\/|git-))/, '$1.git');

/** Hands a request on as it is, its credentials with it. */
const passOn = (upstream: URL) => (incoming: IncomingMessage, outgoing: ServerResponse) => {
	const { method, url, headers } = incoming;
	const onward = request(
		{ host: upstream.hostname, port: upstream.port, method, path: toUpstreamPath(url), headers },
		(reply) => {
			outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
			reply.pipe(outgoing);
		},
	);
	onward.on('error', () => outgoing.destroy());
	incoming.pipe(onward);
};

const tunnel = (client: Socket, port: number): void => {
	const server = connect(port, '127.0.0.1', () => {
		client.write('HTTP/1.1 200 Connection established\r\n\r\n');
		client.pipe(server).pipe(client);
	});
	server.on('error', () => client.destroy());
	client.on('error', () => server.destroy());
};

const listen = async (server: ReturnType<typeof createServer>): Promise<number> => {
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return (server.address() as AddressInfo).port;
};

/**
 * Starts it before a server at `origin`. Addresses stay those of GitHub, so that what Slipway tells git of credentials for
 * them is what arrives.
 */
export const openGitHubDoor = async (origin: string, folder: string): Promise<GitHubDoor> => {
	const { key, certificate } = await makeCertificate(folder);
	const secure = createTlsServer({ key: await readFile(key), cert: await readFile(certificate) });
	secure.on('request', passOn(new URL(origin)));
	const port = await listen(secure);
	const proxy = createServer((_, response) => response.writeHead(403).end());
	proxy.on('connect', ({ url }, socket) =>
		url === `${HOST}:443` ? tunnel(socket as Socket, port) : socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'),
	);
	const proxyPort = await listen(proxy);
	return {
		gitConfig: `[http]\n\tproxy = http://127.0.0.1:${proxyPort}\n\tsslCAInfo = ${certificate}\n`,
		stop: async () => {
			for (const server of [secure, proxy]) {
				server.closeAllConnections();
				server.close();
			}
		},
	};
};
