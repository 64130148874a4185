import { hashBytes } from '@slipway/archive';
import { type Context, SlipwayError, trimEndOf } from '@slipway/core';
import * as v from 'valibot';
import type { NpmCode } from '../code.ts';
import type { NpmCredentials } from '../config/credentials.ts';
import { toUnreachable } from '../publisher/errors.ts';
import { fetchTarball } from '../publisher/fetch-tarball.ts';
import { LATEST } from '../publisher/tags.ts';
import { parseSha512 } from '../registry/integrity.ts';
import { type Reading, readPackument, type VersionManifest } from '../registry/read-packument.ts';
import { createRegistry, type Registry } from '../registry/registry.ts';
import type { ParsedBundle } from './bundle.ts';
import { type Attestations, readAttestations } from './read-attestations.ts';

export interface PublishedAttestation {
	readonly predicateType: string;
	/** A Sigstore bundle as JSON text in UTF-8, not verified. */
	readonly bundle: Uint8Array;
	/** Made by the registry itself: that it published this. */
	readonly byRegistry: boolean;
}

/** A version of a package as a registry gives it to everybody. */
export interface PublishedPackage {
	readonly name: string;
	readonly version: string;
	/** The tarball; its sha512 is the one that the registry names, where it names one. */
	readonly bytes: Uint8Array;
	/** `dist.integrity`, as written. */
	readonly integrity: string | undefined;
	/** undefined: the registry lists none. */
	readonly attestations: readonly PublishedAttestation[] | undefined;
	/** Who built it, as its provenance says (SLSA v1 or v0.2); to be shown, not to be trusted. */
	readonly builder: string | undefined;
}

export interface PublishedPlace {
	/** Registry address, with or without a final slash. */
	readonly registry: string;
	readonly credentials: Pick<NpmCredentials, 'authorize'>;
}

interface Wanted {
	readonly name: string;
	/** Default: what `tag` names. */
	readonly version?: string | undefined;
	/** Default: latest. */
	readonly tag?: string | undefined;
}

const toFound = <Value>(what: string, reading: Reading<Value>): Value => {
	if (reading.state === 'found') return reading.value;
	throw toUnreachable(what, reading.state === 'unknown' ? reading.reason : 'it lists what it does not have');
};

const verifyBytes = (what: string, bytes: Uint8Array, integrity: string | undefined): void => {
	const expected = parseSha512(integrity);
	const { sha512 } = hashBytes(bytes).digest;
	if (expected === undefined || expected === sha512) return;
	throw new SlipwayError<NpmCode>(
		'NPM_DIGEST_MISMATCH',
		`${what}, tarball: expected sha512 ${expected}, got ${sha512}`,
		{ hint: 'Do not install it. Look at the configured registry and at what stands between.' },
	);
};

const toItems = ({ publish, others }: Attestations): readonly PublishedAttestation[] => {
	const toItem =
		(byRegistry: boolean) =>
		({ predicateType, json }: ParsedBundle) => ({
			predicateType,
			bundle: Buffer.from(JSON.stringify(json)),
			byRegistry,
		});
	return [...publish.map(toItem(true)), ...others.map(toItem(false))];
};

const Builder = v.object({ id: v.string() });
const BuiltBy = v.union([
	v.object({ runDetails: v.object({ builder: Builder }) }),
	v.object({ builder: Builder }),
]);

const findBuilder = ({ others }: Attestations): string | undefined => {
	for (const { predicate } of others) {
		const parsed = v.safeParse(BuiltBy, predicate);
		if (!parsed.success) continue;
		return 'builder' in parsed.output ? parsed.output.builder.id : parsed.output.runDetails.builder.id;
	}
	return undefined;
};

const readListed = async (
	registry: Registry,
	{ name, version, dist }: VersionManifest,
	rights: { readonly context: Context; readonly authorization: string | undefined },
): Promise<Attestations | undefined> => {
	if (dist.attestations === undefined) return undefined;
	const reading = await readAttestations(registry, { name, version, ...rights });
	return toFound(`the attestations of ${name}@${version}`, reading);
};

/**
 * Reads a published version: its tarball, compared with the digest that the registry names, and what is attested of it.
 * Everything comes from the registry's own address. undefined: no such package or version.
 * @throws SlipwayError NPM_REGISTRY_UNREACHABLE, NPM_REPLY_INVALID, NPM_TARBALL_ELSEWHERE, NPM_DIGEST_MISMATCH,
 * NPM_PROVENANCE_INVALID, JSON_*, HTTP_ORIGIN_INVALID
 */
export const readPublished = async (
	{ registry: url, credentials }: PublishedPlace,
	{ name, version, tag = LATEST }: Wanted,
	context: Context,
): Promise<PublishedPackage | undefined> => {
	const registry = createRegistry(`${trimEndOf(url, '/')}/`);
	const authorization = await credentials.authorize(name, 'read', context);
	const reading = await readPackument(registry, { name, context, authorization });
	if (reading.state === 'absent') return undefined;
	const packument = toFound(name, reading);
	const chosen = version ?? packument.tags.get(tag);
	const manifest = chosen === undefined ? undefined : packument.version(chosen);
	if (!manifest) return undefined;
	const what = `${name}@${manifest.version}`;
	const { integrity } = manifest.dist;
	const bytes = toFound(what, await fetchTarball({ registry, credentials }, manifest, context));
	verifyBytes(what, bytes, integrity);
	const attestations = await readListed(registry, manifest, { context, authorization });
	return {
		name,
		version: manifest.version,
		bytes,
		integrity,
		attestations: attestations && toItems(attestations),
		builder: attestations && findBuilder(attestations),
	};
};
