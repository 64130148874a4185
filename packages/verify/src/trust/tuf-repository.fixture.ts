// A TUF repository in memory with one target, signed by one ed25519 key for all roles (TUF specification 1.0, section 4).
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { type Json, toCanonicalJson } from '@slipway/core';
import { type Handler, type LoopbackServer, serveLoopback } from '@slipway/http';

export interface TufRepository {
	readonly url: string;
	/** The first root.json: where trust begins. */
	readonly root: Uint8Array;
	/** Paths that were asked for. */
	readonly asked: readonly string[];
	close(): Promise<void>;
}

interface Options {
	readonly target: Uint8Array;
	/** What is served in the place of the signed target. */
	readonly served?: Uint8Array;
	/** When the metadata ends. Default: in a day. */
	readonly expires?: Date;
}

const ROLES = ['root', 'timestamp', 'snapshot', 'targets'] as const;

const toMetadata = ({ target, expires = new Date(Date.now() + 86_400_000) }: Options) => {
	const { privateKey, publicKey } = generateKeyPairSync('ed25519');
	const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('hex');
	const key = { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: raw } };
	const keyid = createHash('sha256').update(toCanonicalJson(key)).digest('hex');
	const until = `${expires.toISOString().slice(0, 19)}Z`;
	const toSigned = (type: string, rest: Record<string, Json>): Buffer => {
		const signed = { _type: type, spec_version: '1.0.31', version: 1, expires: until, ...rest };
		const sig = sign(null, Buffer.from(toCanonicalJson(signed)), privateKey).toString('hex');
		return Buffer.from(JSON.stringify({ signed, signatures: [{ keyid, sig }] }));
	};
	const sha256 = createHash('sha256').update(target).digest('hex');
	const roles = Object.fromEntries(ROLES.map((role) => [role, { keyids: [keyid], threshold: 1 }]));
	const targets = { 'trusted_root.json': { length: target.length, hashes: { sha256 } } };
	return {
		sha256,
		root: toSigned('root', { consistent_snapshot: true, keys: { [keyid]: key }, roles }),
		timestamp: toSigned('timestamp', { meta: { 'snapshot.json': { version: 1 } } }),
		snapshot: toSigned('snapshot', { meta: { 'targets.json': { version: 1 } } }),
		targets: toSigned('targets', { targets }),
	};
};

/** Serves it on loopback. */
export const serveTuf = async (options: Options): Promise<TufRepository> => {
	const { sha256, root, timestamp, snapshot, targets } = toMetadata(options);
	const files = new Map<string, Uint8Array>([
		['/timestamp.json', timestamp],
		['/1.snapshot.json', snapshot],
		['/1.targets.json', targets],
		[`/targets/${sha256}.trusted_root.json`, options.served ?? options.target],
	]);
	const asked: string[] = [];
	const handler: Handler = async (request, response) => {
		asked.push(request.url ?? '');
		const bytes = files.get(request.url ?? '');
		response.writeHead(bytes ? 200 : 404).end(bytes);
	};
	const server: LoopbackServer = await serveLoopback(handler);
	return { url: server.origin, root, asked, close: () => server.close() };
};
