import { type Context, record, SlipwayError, toPrintable } from '@slipway/core';
import type { HttpReply } from '@slipway/http';
import * as v from 'valibot';
import type { NpmCode } from '../code.ts';
import { toEscapedName } from '../package-name.ts';
import type { Registry } from './registry.ts';
import { parseBody, toReplyMessage } from './reply-body.ts';

const VersionManifest = v.object({
	name: v.string(),
	version: v.string(),
	deprecated: v.optional(v.union([v.string(), v.boolean()])),
	dist: v.object({
		tarball: v.string(),
		integrity: v.optional(v.string()),
		attestations: v.optional(v.object({ url: v.optional(v.string()) })),
	}),
});
export type VersionManifest = v.InferOutput<typeof VersionManifest>;

const Packument = v.object({
	name: v.string(),
	'dist-tags': v.optional(record(v.string(), v.string()), {}),
	/** Only those that are asked for are looked into: packuments of old packages hold odd versions. */
	versions: v.optional(record(v.string(), v.unknown()), {}),
	time: v.optional(record(v.string(), v.unknown()), {}),
});

/** What the registry shows of a package. */
export interface Packument {
	readonly name: string;
	readonly tags: ReadonlyMap<string, string>;
	readonly versions: ReadonlySet<string>;
	/** Versions that were there once, with those that are; empty in the abbreviated form. */
	readonly times: ReadonlySet<string>;
	/** @throws SlipwayError NPM_REPLY_INVALID */
	version(version: string): VersionManifest | undefined;
}

/** `unknown`: the registry did not say (unreachable, error, no right to read). */
export type Reading<Value> =
	| { readonly state: 'found'; readonly value: Value }
	| { readonly state: 'absent' }
	| { readonly state: 'unknown'; readonly reason: string };

/** Held whole, so that the process stays below 256 MiB with it. */
export const MAX_PACKUMENT_BYTES = 80 * 1024 * 1024;
const ABBREVIATED = 'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8';

const toInvalid = (name: string, detail: string): SlipwayError =>
	new SlipwayError<NpmCode>('NPM_REPLY_INVALID', `the registry's answer for ${name} ${detail}`, {
		hint: 'Nothing was published on the strength of it. Look at the configured registry and at what stands between.',
	});

const readVersion = (name: string, version: string, value: unknown): VersionManifest => {
	const parsed = v.safeParse(VersionManifest, value);
	if (!parsed.success) throw toInvalid(name, `does not describe version ${version}`);
	const found = `${parsed.output.name}@${parsed.output.version}`;
	if (found !== `${name}@${version}`)
		throw toInvalid(name, `describes ${JSON.stringify(toPrintable(found, 200))} as version ${version}`);
	return parsed.output;
};

/** @throws SlipwayError NPM_REPLY_INVALID for a document of another package or shape */
export const parsePackument = (body: Uint8Array, name: string): Packument => {
	const parsed = v.safeParse(Packument, parseBody(body));
	if (!parsed.success) throw toInvalid(name, 'is no packument');
	const { versions, time, 'dist-tags': tags } = parsed.output;
	if (parsed.output.name !== name)
		throw toInvalid(name, `is about ${JSON.stringify(toPrintable(parsed.output.name, 200))}`);
	return {
		name,
		tags: new Map(Object.entries(tags)),
		versions: new Set(Object.keys(versions)),
		times: new Set(Object.keys(time)),
		version: (version) =>
			Object.hasOwn(versions, version) ? readVersion(name, version, versions[version]) : undefined,
	};
};

/** What a read came to, before its body is looked at. */
export const toReading = (reply: HttpReply): Reading<Uint8Array> => {
	if (reply.kind === 'lost') return { state: 'unknown', reason: reply.reason };
	if (reply.status === 404) return { state: 'absent' };
	if (reply.status === 200) return { state: 'found', value: reply.body };
	return { state: 'unknown', reason: `${reply.status} ${toReplyMessage(reply.body)}` };
};

export interface ReadPackument {
	readonly name: string;
	readonly context: Context;
	readonly authorization: string | undefined;
	/** With times and everything else, and bypassing caches: what npm asks for before it writes. */
	readonly full?: boolean;
}

/** @throws SlipwayError NPM_REPLY_INVALID */
export const readPackument = async (
	registry: Registry,
	{ name, context, authorization, full = false }: ReadPackument,
): Promise<Reading<Packument>> => {
	const path = `${toEscapedName(name)}${full ? '?write=true' : ''}`;
	const accept = full ? 'application/json' : ABBREVIATED;
	const reading = toReading(
		await registry.read(path, { context, authorization, accept, maxBytes: MAX_PACKUMENT_BYTES }),
	);
	return reading.state === 'found' ? { state: 'found', value: parsePackument(reading.value, name) } : reading;
};
