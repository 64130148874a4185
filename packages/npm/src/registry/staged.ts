import type { Context } from '@slipway/core';
import * as v from 'valibot';
import { type Reading, toReading } from './read-packument.ts';
import type { Registry } from './registry.ts';
import { parseBody } from './reply-body.ts';

const Page = v.object({
	items: v.array(
		v.object({
			id: v.pipe(v.string(), v.regex(/^[0-9a-f-]{36}$/i)),
			packageName: v.string(),
			version: v.string(),
			shasum: v.optional(v.string()),
		}),
	),
});

/** A version that waits for a person's approval. */
export interface Staged {
	readonly id: string;
	/** Of its tarball, in hexadecimal; undefined where the registry does not say. */
	readonly sha1: string | undefined;
}

interface Request {
	readonly name: string;
	readonly version: string;
	readonly context: Context;
	readonly authorization: string | undefined;
}

/**
 * Finds a version that waits for a person's approval. Exchanged tokens may not ask: that is `unknown`.
 * The newest hundred are looked at.
 */
export const findStaged = async (
	registry: Registry,
	{ name, version, ...options }: Request,
): Promise<Reading<Staged>> => {
	const path = `-/stage?page=0&perPage=100&package=${encodeURIComponent(name)}`;
	const reading = toReading(await registry.read(path, options));
	if (reading.state !== 'found') return reading;
	const parsed = v.safeParse(Page, parseBody(reading.value));
	if (!parsed.success) return { state: 'unknown', reason: 'the list of staged versions cannot be read' };
	const item = parsed.output.items.find((one) => one.packageName === name && one.version === version);
	return item
		? { state: 'found', value: { id: item.id, sha1: item.shasum?.toLowerCase() } }
		: { state: 'absent' };
};

/** Deletes a staged version; registries ask for a one-time password. */
export const rejectStaged = (registry: Registry, id: string, options: Omit<Request, 'name' | 'version'>) =>
	registry.write('DELETE', `-/stage/${id}`, { ...options, command: 'stage' });
