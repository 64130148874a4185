import { type Context, record, SlipwayError, trimEndOf } from '@slipway/core';
import * as v from 'valibot';
import type { NpmCode } from '../code.ts';
import type { NpmCredentials } from '../config/credentials.ts';
import { toEscapedName } from '../package-name.ts';
import { toUnreachable } from '../publisher/errors.ts';
import { MAX_PACKUMENT_BYTES, toReading } from './read-packument.ts';
import { createRegistry } from './registry.ts';
import { parseBody } from './reply-body.ts';

/** A version that a registry shows. */
export interface ListedVersion {
	readonly version: string;
	/** ms since 1970; null where the registry does not say. */
	readonly publishedAt: number | null;
}

const Listing = v.object({
	name: v.string(),
	versions: v.optional(record(v.string(), v.unknown()), {}),
	time: v.optional(record(v.string(), v.unknown()), {}),
});

const toTime = (value: unknown): number | null => {
	const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
	return Number.isNaN(time) ? null : time;
};

/**
 * Every version of a package that a registry shows, with the time of its publishing; undefined: no such package. The versions
 * themselves are not looked into.
 * @throws SlipwayError NPM_REGISTRY_UNREACHABLE, NPM_REPLY_INVALID
 */
export const listVersions = async (
	place: { readonly registry: string; readonly credentials: Pick<NpmCredentials, 'authorize'> },
	name: string,
	context: Context,
): Promise<readonly ListedVersion[] | undefined> => {
	const registry = createRegistry(`${trimEndOf(place.registry, '/')}/`);
	const authorization = await place.credentials.authorize(name, 'read', context);
	const path = toEscapedName(name);
	const reading = toReading(
		await registry.read(path, { context, authorization, maxBytes: MAX_PACKUMENT_BYTES }),
	);
	if (reading.state === 'absent') return undefined;
	if (reading.state === 'unknown') throw toUnreachable(name, reading.reason);
	const parsed = v.safeParse(Listing, parseBody(reading.value));
	if (parsed.success && parsed.output.name === name) {
		const { versions, time } = parsed.output;
		return Object.keys(versions).map((version) => ({ version, publishedAt: toTime(time[version]) }));
	}
	throw new SlipwayError<NpmCode>(
		'NPM_REPLY_INVALID',
		`the registry's answer for ${name} is no packument of it`,
		{
			hint: 'Look at the configured registry and at what stands between.',
		},
	);
};
