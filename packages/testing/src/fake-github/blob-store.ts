import { createHash, randomUUID } from 'node:crypto';
import type { Handler, Received, Reply } from './exchange.ts';

/** A place for bytes, good by its signature until it expires. */
interface Place {
	readonly right: 'read' | 'write';
	readonly blob: Blob;
	/** ms since 1970. */
	readonly expiresAt: number;
}

/** What one upload has brought so far. */
export interface Blob {
	readonly name: string;
	readonly mediaType: string;
	readonly blocks: Map<string, Buffer>;
	bytes: Buffer | undefined;
}

const LIFETIME_MS = 10 * 60_000;

/** The blocks of a block list, in its order (Azure "Put Block List"). */
const toBlockIds = (body: Buffer): string[] =>
	[...body.toString().matchAll(/<(?:Latest|Uncommitted)>([^<]*)</g)].map(([, id = '']) => id);

/** `bytes=0-99` or `bytes=100-` of a Range header; undefined: all of it. */
const toRange = (text: string | undefined, size: number): readonly [number, number] | undefined => {
	const [, start, end] = /^bytes=(\d+)-(\d*)$/.exec(text ?? '') ?? [];
	if (start === undefined) return undefined;
	return [Number(start), Math.min(end ? Number(end) : size - 1, size - 1)];
};

const toError = (status: number, code: string): Reply => ({
	status,
	headers: { 'content-type': 'application/xml', 'x-ms-error-code': code },
	body: `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code></Error>`,
});

/** Blob storage in the manner of Azure: addresses with a signature, block lists, ranges. */
export class BlobStore {
	readonly #origin: () => string;
	readonly #now: () => number;
	readonly #places = new Map<string, Place>();

	constructor(origin: () => string, now: () => number) {
		this.#origin = origin;
		this.#now = now;
	}

	/** An address that takes or gives the bytes of a blob. */
	sign(blob: Blob, right: Place['right']): string {
		const signature = randomUUID();
		const expiresAt = this.#now() + LIFETIME_MS;
		this.#places.set(signature, { right, blob, expiresAt });
		const end = encodeURIComponent(new Date(expiresAt).toISOString());
		return `${this.#origin()}/blob/${encodeURIComponent(blob.name)}?se=${end}&sig=${signature}`;
	}

	/** Addresses given so far are good no longer. */
	expire(): void {
		this.#places.clear();
	}

	readonly handler: Handler = (received) => {
		if (!received.path.startsWith('/blob/')) return undefined;
		const place = this.#places.get(received.query.get('sig') ?? '');
		if (!place || place.expiresAt <= this.#now()) return toError(403, 'AuthenticationFailed');
		if (received.method !== 'PUT') return this.#get(place.blob, received);
		return place.right === 'write' ? this.#put(place.blob, received) : toError(403, 'AuthorizationFailure');
	};

	#put(blob: Blob, { query, body }: Received): Reply {
		const comp = query.get('comp');
		if (comp === 'block') blob.blocks.set(query.get('blockid') ?? '', body);
		else if (comp === 'blocklist') {
			const blocks = toBlockIds(body).map((id) => blob.blocks.get(id));
			if (blocks.includes(undefined)) return toError(400, 'InvalidBlockList');
			blob.bytes = Buffer.concat(blocks.map((block) => block ?? Buffer.alloc(0)));
		} else blob.bytes = body;
		const etag = `"${createHash('md5').update(body).digest('hex')}"`;
		return { status: 201, headers: { etag, 'last-modified': new Date(this.#now()).toUTCString() } };
	}

	#get({ name, mediaType, bytes }: Blob, { headers, method }: Received): Reply {
		if (bytes === undefined) return toError(404, 'BlobNotFound');
		const common = {
			'content-type': mediaType,
			'content-disposition': `attachment; filename="${name}"`,
			'accept-ranges': 'bytes',
			etag: `"${createHash('md5').update(bytes).digest('hex')}"`,
		};
		if (method === 'HEAD')
			return { status: 200, headers: { ...common, 'content-length': String(bytes.length) } };
		const range = toRange(String(headers['x-ms-range'] ?? headers.range ?? ''), bytes.length);
		if (range === undefined) return { status: 200, headers: common, body: bytes };
		const [start, end] = range;
		if (start >= bytes.length) return toError(416, 'InvalidRange');
		const part = { ...common, 'content-range': `bytes ${start}-${end}/${bytes.length}` };
		return { status: 206, headers: part, body: bytes.subarray(start, end + 1) };
	}
}
