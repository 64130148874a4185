import type { Blob, BlobStore } from './blob-store.ts';
import { type Handler, type Reply, toFailure, toJsonReply } from './exchange.ts';
import { readRuntimeClaims } from './runtime-token.ts';

/** A cache entry that is complete. */
export interface CacheEntry {
	readonly id: number;
	readonly key: string;
	/** What the client makes of paths and compression; other paths are other entries. */
	readonly version: string;
	readonly blob: Blob;
}

type Fields = Readonly<Record<string, unknown>>;

const TWIRP = '/twirp/github.actions.results.api.v1.CacheService/';

/** GitHub's cache service, version 2: entries are never replaced, and found by key, then by the newest of each prefix. */
export class CacheService {
	readonly #blobs: BlobStore;
	readonly #uploads = new Map<string, Blob>();
	#entries: readonly CacheEntry[] = [];

	constructor(blobs: BlobStore) {
		this.#blobs = blobs;
	}

	list(): readonly CacheEntry[] {
		return this.#entries;
	}

	clear(): void {
		this.#entries = [];
	}

	/** Puts other bytes into the place of an entry: somebody poisons it. */
	tamper(key: string, bytes: Uint8Array): void {
		const found = this.#entries.find((entry) => entry.key === key);
		if (!found) throw new Error(`no cache entry ${key}`);
		found.blob.bytes = Buffer.from(bytes);
	}

	readonly handler: Handler = (received) => {
		if (!received.path.startsWith(TWIRP)) return undefined;
		const claims = readRuntimeClaims(received);
		if (!claims) return toFailure(401, 'no runtime token', 'unauthenticated');
		const fields = JSON.parse(received.body.toString()) as Fields;
		const method = received.path.slice(TWIRP.length);
		if (method === 'GetCacheEntryDownloadURL')
			return claims.cacheMode === 'none'
				? toFailure(403, 'cache read denied: the token has no readable cache', 'permission_denied')
				: this.#find(fields);
		if (claims.cacheMode !== 'write')
			return toFailure(403, 'cache write denied: the token is read-only', 'permission_denied');
		if (method === 'CreateCacheEntry') return this.#create(fields);
		if (method === 'FinalizeCacheEntryUpload') return this.#finalize(fields);
		return toFailure(404, `no method ${method}`, 'bad_route');
	};

	#create({ key, version }: Fields): Reply {
		if (this.#entries.some((entry) => entry.key === key && entry.version === version))
			return toFailure(
				409,
				'cache entry with the same key, version, and scope already exists',
				'already_exists',
			);
		const blob: Blob = {
			name: String(key),
			mediaType: 'application/octet-stream',
			blocks: new Map(),
			bytes: undefined,
		};
		this.#uploads.set(`${key}\0${version}`, blob);
		return toJsonReply({ ok: true, signed_upload_url: this.#blobs.sign(blob, 'write') });
	}

	#finalize({ key, version, size_bytes: size }: Fields): Reply {
		const place = `${key}\0${version}`;
		const blob = this.#uploads.get(place);
		if (blob?.bytes === undefined || String(blob.bytes.length) !== String(size))
			return toFailure(400, 'the size of the cache differs', 'invalid_argument');
		this.#uploads.delete(place);
		const id = this.#entries.length + 1;
		this.#entries = [...this.#entries, { id, key: String(key), version: String(version), blob }];
		return toJsonReply({ ok: true, entry_id: String(id) });
	}

	#find({ key, restore_keys: prefixes = [], version }: Fields): Reply {
		const mine = this.#entries.filter((entry) => entry.version === version);
		const found =
			mine.find((entry) => entry.key === key) ??
			[key, ...(prefixes as readonly unknown[])]
				.map((prefix) => mine.findLast((entry) => entry.key.startsWith(String(prefix))))
				.find((entry) => entry !== undefined);
		if (!found) return toJsonReply({ ok: false });
		return toJsonReply({
			ok: true,
			signed_download_url: this.#blobs.sign(found.blob, 'read'),
			matched_key: found.key,
		});
	}
}
