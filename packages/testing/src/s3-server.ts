import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { serveLoopback } from '@slipway/http';

/** Which real server: both are installed by `npm run stores`. */
export type S3ServerKind = 'versitygw' | 'minio';

/** A real S3 server on loopback with one empty bucket. */
export interface S3Server {
	/** For example `http://127.0.0.1:40123`. */
	readonly endpoint: string;
	readonly accessKeyId: string;
	readonly secretAccessKey: string;
	readonly bucket: string;
	/** Variables with which `openStore` finds the credentials. */
	readonly environment: Readonly<Record<string, string>>;
	stop(): Promise<void>;
}

const BUCKET = 'slipway-test';
const READY_WITHIN_MS = 30_000;
const BIN_FOLDER = fileURLToPath(new URL('../../../.cache/stores/bin', import.meta.url));

interface Place {
	readonly data: string;
	readonly port: number;
	readonly accessKeyId: string;
	readonly secretAccessKey: string;
}

interface Program {
	readonly argv: readonly string[];
	readonly environment: Readonly<Record<string, string>>;
}

const PROGRAMS: Readonly<Record<S3ServerKind, (place: Place) => Program>> = {
	versitygw: ({ data, port, accessKeyId, secretAccessKey }) => ({
		argv: ['--port', `127.0.0.1:${port}`, '--region', 'us-east-1', '--quiet', 'posix', data],
		environment: { ROOT_ACCESS_KEY: accessKeyId, ROOT_SECRET_KEY: secretAccessKey },
	}),
	minio: ({ data, port, accessKeyId, secretAccessKey }) => ({
		argv: ['server', '--quiet', '--address', `127.0.0.1:${port}`, data],
		environment: {
			MINIO_ROOT_USER: accessKeyId,
			MINIO_ROOT_PASSWORD: secretAccessKey,
			MINIO_BROWSER: 'off',
			MINIO_UPDATE: 'off',
		},
	}),
};

/** Absolute path of the program; undefined where it is not installed. */
export const findS3Server = (kind: S3ServerKind): string | undefined => {
	const path = join(BIN_FOLDER, kind);
	return existsSync(path) ? path : undefined;
};

const findFreePort = async (): Promise<number> => {
	const { port, close } = await serveLoopback(() => {});
	await close();
	return port;
};

const waitUntilReady = async (endpoint: string, child: ChildProcess, errors: string[]): Promise<void> => {
	const deadline = performance.now() + READY_WITHIN_MS;
	while (performance.now() < deadline && child.exitCode === null) {
		const reply = await fetch(`${endpoint}/${BUCKET}/`, { method: 'HEAD' }).catch(() => undefined);
		// Who is asked without credentials says no once it is ready, and 503 before.
		if (reply && reply.status < 500) return;
		await sleep(25);
	}
	throw new Error(`the server at ${endpoint} did not begin to answer: ${errors.join('').slice(-1000)}`);
};

const stop = async (child: ChildProcess): Promise<void> => {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const ended = once(child, 'exit');
	child.kill('SIGKILL');
	await ended;
};

/**
 * Starts a real S3 server whose files lie below `folder`, which belongs to it.
 * @throws Error where it is not installed, or does not answer within 30 s
 */
export const startS3Server = async (kind: S3ServerKind, folder: string): Promise<S3Server> => {
	const program = findS3Server(kind);
	if (program === undefined)
		throw new Error(`expected ${kind} in .cache/stores/bin: run \`npm run stores\` once`);
	const [accessKeyId, secretAccessKey] = [randomBytes(10).toString('hex'), randomBytes(20).toString('hex')];
	const data = join(folder, 'data');
	// A folder of the data is a bucket, for both.
	await mkdir(join(data, BUCKET), { recursive: true });
	const port = await findFreePort();
	const { argv, environment } = PROGRAMS[kind]({ data, port, accessKeyId, secretAccessKey });
	const child = spawn(program, argv, {
		cwd: folder,
		env: { PATH: process.env.PATH, HOME: folder, GOMAXPROCS: '2', ...environment },
		stdio: ['ignore', 'ignore', 'pipe'],
	});
	const errors: string[] = [];
	child.stderr?.on('data', (data) => errors.push(String(data)));
	const endpoint = `http://127.0.0.1:${port}`;
	try {
		await waitUntilReady(endpoint, child, errors);
	} catch (thrown) {
		await stop(child);
		throw thrown;
	}
	return {
		endpoint,
		accessKeyId,
		secretAccessKey,
		bucket: BUCKET,
		environment: { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
		stop: () => stop(child),
	};
};
