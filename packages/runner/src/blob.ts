import type { Context } from '@slipway/core';
import { createHttpClient, type HttpRequest } from '@slipway/http';
import { artifactFailed } from './artifact-service.ts';
import { sendAgain, toReason } from './send-again.ts';

const BLOCK_BYTES = 32 * 1024 * 1024;
const MAX_BYTES = 2 * 1024 ** 3;
const TIMEOUT_MS = 10 * 60 * 1000;

/** `signedUrl` carries its own permission: it is never printed. */
const send = async (signedUrl: string, request: Omit<HttpRequest, 'path'>, context: Context, query = '') => {
	const url = new URL(signedUrl);
	const path = `${url.pathname}${url.search}${query}`;
	const reply = await sendAgain(
		createHttpClient({ origin: url.origin, timeoutMs: TIMEOUT_MS }),
		{ ...request, path },
		context,
	);
	if (reply.kind === 'reply' && reply.status < 300) return reply.body;
	throw artifactFailed(`expected the storage to take ${request.method}, got ${toReason(reply)}`);
};

/** Block ids of one blob have one length (Azure, "Put Block"). */
const toBlockId = (index: number): string => Buffer.from(String(index).padStart(8, '0')).toString('base64');

/** Writes a blob in blocks; it comes into being with the last request, as a whole. */
export const uploadBlob = async (
	signedUrl: string,
	{ bytes, mediaType }: { readonly bytes: Uint8Array; readonly mediaType: string },
	context: Context,
): Promise<void> => {
	const count = Math.max(1, Math.ceil(bytes.length / BLOCK_BYTES));
	const ids = Array.from({ length: count }, (_, index) => toBlockId(index));
	for (const [index, id] of ids.entries()) {
		const body = bytes.subarray(index * BLOCK_BYTES, (index + 1) * BLOCK_BYTES);
		const query = `&comp=block&blockid=${encodeURIComponent(id)}`;
		await send(signedUrl, { method: 'PUT', body }, context, query);
	}
	const list = ids.map((id) => `<Latest>${id}</Latest>`).join('');
	const body = `<?xml version="1.0" encoding="utf-8"?><BlockList>${list}</BlockList>`;
	const headers = { 'content-type': 'application/xml', 'x-ms-blob-content-type': mediaType };
	await send(signedUrl, { method: 'PUT', headers, body }, context, '&comp=blocklist');
};

/** At most `maxBytes`, by default 2 GiB. */
export const downloadBlob = (
	signedUrl: string,
	context: Context,
	maxBytes = MAX_BYTES,
): Promise<Uint8Array> => send(signedUrl, { method: 'GET', maxBytes }, context);
