import { appendFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Argv, type Service, spawnService } from '@slipway/process';

/** The address of every server here, and the only one. */
export const HOST = '127.0.0.1';

export interface ServerPlace {
	/** Where its working files and its log go. */
	readonly folder: string;
	readonly name: string;
}

/** Ports that were free a moment ago, all different. */
export const findFreePorts = async (count: number): Promise<number[]> => {
	const servers = Array.from({ length: count }, () => createServer());
	const ports: number[] = [];
	for (const server of servers) {
		await new Promise<void>((resolve, reject) => {
			server.once('error', reject).listen(0, HOST, resolve);
		});
		const address = server.address();
		if (address !== null && typeof address !== 'string') ports.push(address.port);
	}
	await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
	return ports;
};

/**
 * Starts a server that ends with this process, however that ends; its output goes to `<name>.log`.
 * @param ready what the first line that says so holds; most servers say nothing useful: see `waitForServer`
 */
export const startServer = <Ready>(
	argv: Argv,
	{ folder, name }: ServerPlace,
	ready: (line: string) => Ready | undefined,
): Promise<Service<Ready>> =>
	spawnService(argv, {
		cwd: folder,
		environment: { PATH: process.env.PATH, HOME: folder },
		ready,
		onLine: (line) => appendFileSync(join(folder, `${name}.log`), `${line}\n`),
	});

/** Waits until an address answers with success. @throws Error after 20 s */
export const waitForServer = async (name: string, url: string): Promise<void> => {
	const deadline = performance.now() + 20_000;
	while (performance.now() < deadline) {
		const response = await fetch(url).catch(() => undefined);
		await response?.arrayBuffer();
		if (response?.ok) return;
		await sleep(50);
	}
	throw new Error(`expected ${name} to answer at ${url} within 20 s`);
};
