import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse, request as sendRequest } from 'node:http';
import { join } from 'node:path';
import type { KeyPair } from './keys.ts';
import { findFreePorts, HOST, startServer, waitForServer } from './server.ts';

/** A Rekor v2 log at one address: entries go to the server, checkpoint and tiles are read from its files. */
export interface RekorTiles {
	readonly url: string;
	readonly key: KeyPair;
	stop(): Promise<void>;
}

const READ_PATH = /^\/api\/v2\/((?:checkpoint|tile\/[0-9A-Za-z/.]+))$/;

const sendFile = async (file: string, response: ServerResponse): Promise<void> => {
	const bytes = await readFile(file).catch(() => undefined);
	if (bytes) response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(bytes);
	else response.writeHead(404).end();
};

const forward = (request: IncomingMessage, response: ServerResponse, port: number): void => {
	const { method, headers, url: path } = request;
	const upstream = sendRequest({ host: HOST, port, path, method, headers }, (answer) => {
		response.writeHead(answer.statusCode ?? 502, answer.headers);
		answer.pipe(response);
	});
	upstream.on('error', (error) => response.writeHead(502).end(error.message));
	request.pipe(upstream);
};

/** The server answers reads with 501: as before the public instance, something in front serves its files. */
const startFront = async (backend: number, files: string) => {
	const front = createServer((request, response) => {
		const path = READ_PATH.exec(request.url ?? '')?.[1];
		if (request.method === 'GET' && path && !path.includes('..')) void sendFile(join(files, path), response);
		else forward(request, response, backend);
	});
	const [port = 0] = await findFreePorts(1);
	await new Promise<void>((resolve, reject) => {
		front.once('error', reject).listen(port, HOST, resolve);
	});
	return { front, url: `http://${HOST}:${port}` };
};

export const startRekorTiles = async (program: string, folder: string, key: KeyPair): Promise<RekorTiles> => {
	const files = join(folder, 'tiles');
	mkdirSync(files, { recursive: true });
	const [http = 0, grpc = 0, metrics = 0] = await findFreePorts(3);
	const { front, url } = await startFront(http, files);
	const service = await startServer(
		[
			program,
			'serve',
			`--hostname=${HOST}`,
			`--storage-dir=${files}`,
			`--signer-filepath=${key.file}`,
			`--http-address=${HOST}`,
			`--http-port=${http}`,
			`--grpc-address=${HOST}`,
			`--grpc-port=${grpc}`,
			`--http-metrics-port=${metrics}`,
			'--checkpoint-interval=200ms',
			'--batch-max-age=20ms',
			'--log-level=info',
		],
		{ folder, name: 'rekor-tiles' },
		() => true,
	);
	await waitForServer('rekor-tiles', `http://${HOST}:${http}/healthz`);
	const stop = async () => {
		front.closeAllConnections();
		front.close();
		await service.stop();
	};
	return { url, key, stop };
};
