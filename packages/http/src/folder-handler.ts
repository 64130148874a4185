import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Handler } from './loopback.ts';
import { type Part, parseRange } from './range.ts';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
	'.asc': 'application/pgp-keys',
	'.deb': 'application/vnd.debian.binary-package',
	'.gz': 'application/gzip',
	'.html': 'text/html; charset=utf-8',
	'.json': 'application/json',
	'.tgz': 'application/gzip',
};

/** The path below the root that a request names, or undefined where it names none. */
const toSegments = (target: string): readonly string[] | undefined => {
	const path = target.split('?', 1)[0] ?? '';
	if (!path.startsWith('/')) return undefined;
	try {
		const segments = path.slice(1).split('/').map(decodeURIComponent);
		return segments.some((segment) => /^\.{0,2}$|[/\\\0]/.test(segment)) ? undefined : segments;
	} catch {
		return undefined; // not valid percent-encoding
	}
};

/** Opens a regular file below the root; a link that leads out of it counts as absent. */
const openBelow = async (
	root: string,
	target: string,
): Promise<{ file: FileHandle; stats: Stats } | undefined> => {
	const segments = toSegments(target);
	if (!segments) return undefined;
	try {
		const [base, path] = await Promise.all([realpath(root), realpath(join(root, ...segments))]);
		if (!path.startsWith(base + sep)) return undefined;
		const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
		const stats = await file.stat();
		if (stats.isFile()) return { file, stats };
		await file.close();
	} catch {
		// absent, unreadable or on its way out: the same to whoever asks
	}
	return undefined;
};

const toSecond = (ms: number): number => Math.floor(ms / 1000) * 1000;

const isUnmodified = ({ headers }: IncomingMessage, mtime: number): boolean => {
	const since = Date.parse(String(headers['if-modified-since']));
	return !Number.isNaN(since) && mtime <= since;
};

const findPart = ({ headers }: IncomingMessage, mtime: number, size: number): Part | null | undefined => {
	const condition = headers['if-range'];
	if (condition !== undefined && Date.parse(String(condition)) !== mtime) return undefined;
	return parseRange(headers.range, size);
};

const sendFile = async (
	request: IncomingMessage,
	response: ServerResponse,
	{ file, stats }: { file: FileHandle; stats: Stats },
): Promise<void> => {
	const mtime = toSecond(stats.mtimeMs);
	response.setHeader('last-modified', new Date(mtime).toUTCString());
	response.setHeader('accept-ranges', 'bytes');
	if (isUnmodified(request, mtime)) return void response.writeHead(304).end();
	const part = findPart(request, mtime, stats.size);
	if (part === null) return void response.writeHead(416, { 'content-range': `bytes */${stats.size}` }).end();
	const { start, end } = part ?? { start: 0, end: stats.size - 1 };
	response.setHeader('content-length', end - start + 1);
	if (part) response.setHeader('content-range', `bytes ${start}-${end}/${stats.size}`);
	response.writeHead(part ? 206 : 200);
	if (request.method === 'HEAD' || stats.size === 0) return void response.end();
	await pipeline(file.createReadStream({ start, end, autoClose: false }), response);
};

/**
 * Serves a folder as a static host does: GET and HEAD, Last-Modified with a grain of one second, If-Modified-Since,
 * one Range, no listing, nothing outside the folder (links included). A file that is replaced by rename while it is
 * sent arrives whole in its old form.
 */
export const toFolderHandler =
	(root: string): Handler =>
	async (request, response) => {
		if (request.method !== 'GET' && request.method !== 'HEAD')
			return response.writeHead(405, { allow: 'GET, HEAD' }).end();
		const target = request.url ?? '/';
		const found = await openBelow(root, target);
		if (!found) return response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n');
		try {
			const type = CONTENT_TYPES[extname(target.split('?', 1)[0] ?? '')];
			response.setHeader('content-type', type ?? 'application/octet-stream');
			await sendFile(request, response, found);
		} finally {
			await found.file.close();
		}
	};
