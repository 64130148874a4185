import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Context, toMessage, toPrintable } from '@slipway/core';
import type { Environment } from './declaration.ts';

/** What is kept, by what was asked. */
export interface CheckCache {
	/** undefined: none that is young enough and has the bytes of its digest. */
	get(question: string): Promise<{ readonly body: Uint8Array; readonly ageMs: number } | undefined>;
	put(question: string, body: Uint8Array): Promise<void>;
	/** One line of Markdown for the summary: how many answers came from the cache. */
	toMarkdown(): string;
}

const MAX_AGE_MS = 24 * 3_600_000;
const VERSION = 'slipway-check-v1';

const toSha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** What was asked; then when, in ms since 1970, and the digest of the answer: the key alone says what the bytes have to be. */
const toPrefix = (question: string): string => `${VERSION}-${toSha256(question)}-`;

const parseKey = (
	key: string,
	prefix: string,
): { readonly time: number; readonly sha256: string } | undefined => {
	const [, time, sha256] =
		/^(\d{13})-([0-9a-f]{64})$/.exec(key.startsWith(prefix) ? key.slice(prefix.length) : '') ?? [];
	return time && sha256 ? { time: Number(time), sha256 } : undefined;
};

interface Counts {
	asked: number;
	hits: number;
	refused: number;
}

const toPercent = ({ asked, hits }: Counts): number => (asked === 0 ? 0 : Math.round((hits / asked) * 100));

const toMarkdown = (counts: Counts): string => {
	const refused =
		counts.refused === 0
			? ''
			: `; ${counts.refused} refused, since their bytes are others than their keys say`;
	return `Cache: ${counts.hits} of ${counts.asked} answers of registries (${toPercent(counts)} %)${refused}.`;
};

interface Means {
	/** Where one entry lies while it is read or written; a part of what the service knows it by. */
	readonly path: string;
	readonly context: Context;
	readonly counts: Counts;
}

/** GitHub's own client, loaded where a cache was asked for: it is larger than most actions. */
const loadClient = async () => import('@actions/cache');

const read = async (question: string, { path, context, counts }: Means) => {
	const { restoreCache } = await loadClient();
	const prefix = toPrefix(question);
	const key = await restoreCache([path], `${prefix}none`, [prefix]);
	const told = key === undefined ? undefined : parseKey(key, prefix);
	const ageMs = context.clock.now() - (told?.time ?? 0);
	if (!told || ageMs < 0 || ageMs > MAX_AGE_MS) return undefined;
	const body = await readFile(path);
	if (toSha256(body) === told.sha256) return { body: new Uint8Array(body), ageMs };
	counts.refused += 1;
	context.log.warning(
		`the cache entry ${toPrintable(key ?? '', 200)} holds other bytes than its key says: not used`,
	);
	return undefined;
};

const write = async (question: string, body: Uint8Array, { path, context }: Means): Promise<void> => {
	const { saveCache } = await loadClient();
	await writeFile(path, body);
	await saveCache([path], `${toPrefix(question)}${context.clock.now()}-${toSha256(body)}`);
};

/**
 * The cache of the repository, for checks alone: what it holds can be written by others, and is used only with the bytes that
 * its key names, only for a day, and never in a release. A cache that fails is none: it costs a question to the registry.
 */
export const openCheckCache = async ({
	environment,
	context,
}: {
	readonly environment: Environment;
	readonly context: Context;
}): Promise<CheckCache> => {
	const folder = join(environment.RUNNER_TEMP || tmpdir(), 'slipway-check-cache');
	await mkdir(folder, { recursive: true });
	const counts: Counts = { asked: 0, hits: 0, refused: 0 };
	const attempt = async <T>(question: string, task: (means: Means) => Promise<T>): Promise<T | undefined> => {
		const path = join(folder, toSha256(question));
		try {
			return await task({ path, context, counts });
		} catch (thrown) {
			context.log.info(`the cache was not used: ${toMessage(thrown)}`);
			return undefined;
		} finally {
			await rm(path, { force: true });
		}
	};
	return {
		get: async (question) => {
			counts.asked += 1;
			const found = await attempt(question, (means) => read(question, means));
			counts.hits += found ? 1 : 0;
			return found;
		},
		put: async (question, body) => {
			await attempt(question, (means) => write(question, body, means));
		},
		toMarkdown: () => toMarkdown(counts),
	};
};
