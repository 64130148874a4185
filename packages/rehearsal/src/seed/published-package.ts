import { createHash } from 'node:crypto';
import { type Json, parseJson, record } from '@slipway/core';
import { createHttpClient, type HttpClient } from '@slipway/http';
import * as v from 'valibot';
import { findHighestBelow } from '../project/previous-version.ts';

/** A version that is published, with its own bytes. */
export interface PublishedPackage {
	readonly name: string;
	readonly version: string;
	/** As the registry lists it, without `dist`. */
	readonly manifest: Readonly<Record<string, Json>>;
	readonly tarball: Uint8Array;
}

const Packument = v.object({
	name: v.string(),
	versions: record(
		v.string(),
		v.looseObject({ dist: v.looseObject({ tarball: v.string(), integrity: v.optional(v.string()) }) }),
	),
});

const MAX_BYTES = 256 * 1024 * 1024;
const TIMEOUT_MS = 20_000;

const read = async (client: HttpClient, path: string): Promise<Uint8Array | undefined> => {
	const reply = await client.send({ method: 'GET', path, maxBytes: MAX_BYTES, timeoutMs: TIMEOUT_MS });
	return reply.kind === 'reply' && reply.status === 200 ? reply.body : undefined;
};

const isIntact = (tarball: Uint8Array, integrity: string | undefined): boolean => {
	const sha512 = /sha512-(\S+)/.exec(integrity ?? '')?.[1];
	return sha512 === undefined || sha512 === createHash('sha512').update(tarball).digest('base64');
};

const readTarball = async (
	client: HttpClient,
	{ tarball: url, integrity }: { readonly tarball: string; readonly integrity?: string | undefined },
): Promise<Uint8Array | undefined> => {
	if (!URL.canParse(url) || new URL(url).origin !== client.origin) return undefined;
	const tarball = await read(client, new URL(url).pathname);
	return tarball && isIntact(tarball, integrity) ? tarball : undefined;
};

const parsePackument = (bytes: Uint8Array, name: string): v.InferOutput<typeof Packument> | undefined => {
	const json = parseJson(bytes, `what the registry says about ${name}`, { maxBytes: MAX_BYTES });
	const parsed = v.safeParse(Packument, json);
	return parsed.success && parsed.output.name === name ? parsed.output : undefined;
};

const find = async (
	registry: string,
	name: string,
	version: string,
): Promise<PublishedPackage | undefined> => {
	const client = createHttpClient({ origin: registry });
	const path = new URL(name.replace('/', '%2f'), registry.replace(/\/?$/, '/')).pathname;
	const bytes = await read(client, path);
	const packument = bytes && parsePackument(bytes, name);
	const below = packument && findHighestBelow(Object.keys(packument.versions), version);
	const { dist, ...manifest } = (below && packument.versions[below]) || {};
	const tarball = dist && (await readTarball(client, dist as { readonly tarball: string }));
	if (!tarball || !below) return undefined;
	return { name, version: below, manifest: manifest as Record<string, Json>, tarball };
};

/**
 * The highest final version below `version` in a registry that can be read without credentials, with its own bytes.
 * undefined: there is none, or the registry cannot be read; a rehearsal then makes one up.
 */
export const findPublished = async (
	registry: string | undefined,
	name: string,
	version: string,
): Promise<PublishedPackage | undefined> => {
	if (registry === undefined) return undefined;
	try {
		return await find(registry, name, version);
	} catch {
		// Whatever it is (offline, no JSON, no such name): the rehearsal does not depend on it.
		return undefined;
	}
};
