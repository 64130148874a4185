import { randomBytes } from 'node:crypto';
import { type Handler, type LoopbackServer, serveLoopback } from '@slipway/http';

interface Stored {
	readonly bytes: Uint8Array;
	readonly mediaType: string;
	readonly name: string;
	/** ms since 1970. */
	readonly expiresAt: number;
}

/** Where the API sends readers of bytes: another origin, which takes a signature in the address and no token. */
export interface Storage {
	readonly origin: string;
	/** An address that is good for five minutes. */
	sign(file: Omit<Stored, 'expiresAt'>): string;
	/** Addresses given so far are good no longer. */
	expire(): void;
	stop(): Promise<void>;
}

const LIFETIME_MS = 5 * 60_000;

const toHandler =
	(files: ReadonlyMap<string, Stored>, now: () => number): Handler =>
	({ url = '', headers, method }, response) => {
		const key = new URL(url, 'http://storage').searchParams.get('sig') ?? '';
		const file = files.get(key);
		// A token that travels to another origin is a leak; real storage takes it for a second way to authenticate.
		if (headers.authorization) return response.writeHead(400).end('InvalidAuthenticationInfo');
		if (!file || file.expiresAt <= now()) return response.writeHead(403).end('AuthenticationFailed');
		response.writeHead(200, {
			'content-type': file.mediaType,
			'content-length': file.bytes.length,
			'content-disposition': `attachment; filename=${file.name.replace(/[^\w.@+-]/g, '_')}`,
		});
		return response.end(method === 'HEAD' ? undefined : file.bytes);
	};

export const startStorage = async (now: () => number): Promise<Storage> => {
	const files = new Map<string, Stored>();
	const server: LoopbackServer = await serveLoopback(toHandler(files, now));
	return {
		origin: server.origin,
		sign: (file) => {
			const key = randomBytes(16).toString('hex');
			files.set(key, { ...file, expiresAt: now() + LIFETIME_MS });
			return `${server.origin}/${encodeURIComponent(file.name)}?sig=${key}`;
		},
		expire: () => files.clear(),
		stop: () => server.close(),
	};
};
