import { findPathProblem } from '@slipway/core';
import { PRIVATE_FOLDER } from '../store-path.ts';
import type { Bucket } from './bucket.ts';
import { askPatiently, type Patience } from './patience.ts';
import { type Asked, toOddReply, toS3Error } from './s3-error.ts';
import { findElements, findText } from './xml.ts';

/** A page holds at most 1000 keys of at most 1024 bytes, which encoding makes three times as long. */
const MAX_PAGE_BYTES = 8 * 1024 * 1024;
const MAX_PAGES = 20_000;

interface Page {
	readonly keys: readonly string[];
	/** undefined: it was the last one. */
	readonly next: string | undefined;
}

/** Some servers encode a space as `+`, and always a plus. */
const decodeKey = (text: string): string => decodeURIComponent(text.replaceAll('+', '%20'));

const parsePage = (body: Uint8Array, asked: Asked): Page => {
	const xml = new TextDecoder().decode(body);
	const isTruncated = findText(xml, 'IsTruncated');
	if (isTruncated === undefined) throw toOddReply(asked, 'a reply that is no list of objects');
	const isEncoded = findText(xml, 'EncodingType') === 'url';
	const next = isTruncated === 'true' ? findText(xml, 'NextContinuationToken') : undefined;
	if (isTruncated === 'true' && !next) throw toOddReply(asked, 'a part of a list, and no way to go on');
	try {
		const keys = findElements(xml, 'Contents').map((content) => {
			const key = findText(content, 'Key');
			if (key === undefined) throw new Error('no key');
			return isEncoded ? decodeKey(key) : key;
		});
		return { keys, next };
	} catch {
		throw toOddReply(asked, 'a list with a key that cannot be read');
	}
};

/** What others put beside our files under names that no path has (markers of folders) is not ours to see. */
const isPath = (path: string): boolean =>
	findPathProblem(path) === undefined && path.split('/')[0]?.toLowerCase() !== PRIVATE_FOLDER;

/**
 * All paths below a prefix of keys, sorted by code units (ListObjectsV2).
 * @throws SlipwayError STORE_*
 */
export const listObjects = async (
	bucket: Bucket,
	{ root, below, store }: { readonly root: string; readonly below: string; readonly store: string },
	patience: Patience,
): Promise<readonly string[]> => {
	const asked: Asked = { verb: 'list', store };
	const paths: string[] = [];
	let token: string | undefined;
	for (let pages = 0; pages < MAX_PAGES; pages += 1) {
		const query = {
			'list-type': '2',
			prefix: root + below,
			'encoding-type': 'url',
			...(token !== undefined && { 'continuation-token': token }),
		};
		const answer = await askPatiently(
			() => bucket({ method: 'GET', query, maxBytes: MAX_PAGE_BYTES }),
			patience,
		);
		if (answer.kind !== 'done') throw toS3Error(asked, answer);
		const { keys, next } = parsePage(answer.body, asked);
		for (const key of keys) if (key.startsWith(root + below)) paths.push(key.slice(root.length));
		if (next === undefined) return paths.filter(isPath).sort((a, b) => (a < b ? -1 : 1));
		token = next;
	}
	throw toOddReply(asked, `a list of more than ${MAX_PAGES} pages`);
};
