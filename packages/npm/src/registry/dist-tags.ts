import type { Context } from '@slipway/core';
import { record } from '@slipway/core';
import * as v from 'valibot';
import { toEscapedName } from '../package-name.ts';
import { type Reading, toReading } from './read-packument.ts';
import type { Registry } from './registry.ts';
import { parseBody } from './reply-body.ts';

const Tags = record(v.string(), v.unknown());

const toPath = (name: string, tag?: string): string =>
	`-/package/${toEscapedName(name)}/dist-tags${tag === undefined ? '' : `/${encodeURIComponent(tag)}`}`;

/** The dist-tags of a package, past the caches that packuments go through. */
export const readDistTags = async (
	registry: Registry,
	request: { readonly name: string; readonly context: Context; readonly authorization: string | undefined },
): Promise<Reading<ReadonlyMap<string, string>>> => {
	const reading = toReading(await registry.read(toPath(request.name), request));
	if (reading.state !== 'found') return reading;
	const parsed = v.safeParse(Tags, parseBody(reading.value));
	if (!parsed.success) return { state: 'unknown', reason: 'the list of dist-tags cannot be read' };
	const tags = Object.entries(parsed.output).filter(
		(entry): entry is [string, string] => typeof entry[1] === 'string' && entry[0] !== '_etag',
	);
	return { state: 'found', value: new Map(tags) };
};

interface TagChange {
	readonly name: string;
	readonly tag: string;
	readonly context: Context;
	readonly authorization: string | undefined;
}

/** Unconditional: the registry has no compare-and-set. */
export const writeDistTag = (registry: Registry, change: TagChange & { readonly version: string }) =>
	registry.write('PUT', toPath(change.name, change.tag), {
		context: change.context,
		authorization: change.authorization,
		value: change.version,
		command: 'dist-tag',
	});

export const removeDistTag = (registry: Registry, change: TagChange) =>
	registry.write('DELETE', toPath(change.name, change.tag), {
		context: change.context,
		authorization: change.authorization,
		command: 'dist-tag',
	});
