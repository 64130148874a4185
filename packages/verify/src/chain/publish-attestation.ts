import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { parseJson, SlipwayError, toPurl } from '@slipway/core';
import { STATEMENT_PAYLOAD_TYPE, toPae } from '@slipway/core/attestation';
import * as v from 'valibot';
import type { ChainCode } from './code.ts';

/** npm/attestation, specs/publish: what a registry signs itself. */
const PUBLISH_TYPE = 'https://github.com/npm/attestation/tree/main/specs/publish/v0.1';

/** A key of a registry: as `/-/npm/v1/keys` lists it, or as the registry's TUF target does. */
const ListedKey = v.object({ keyid: v.string(), key: v.string(), expires: v.nullish(v.string()) });
const TargetKey = v.object({
	keyId: v.string(),
	keyUsage: v.literal('npm:attestations'),
	publicKey: v.object({
		rawBytes: v.string(),
		validFor: v.optional(v.object({ start: v.optional(v.string()), end: v.optional(v.string()) }), {}),
	}),
});
const OtherUse = v.object({ keyId: v.string(), keyUsage: v.string() });
const Keys = v.object({ keys: v.pipe(v.array(v.union([ListedKey, TargetKey, OtherUse])), v.maxLength(64)) });

/** A key with which a registry says that it published something. */
export interface RegistryKey {
	readonly id: string;
	readonly key: KeyObject;
	/** Milliseconds since 1970; null: without end. */
	readonly expires: number | null;
}

const refuse = (message: string, cause?: unknown): SlipwayError<ChainCode> =>
	new SlipwayError<ChainCode>('VERIFY_CHAIN_REFUSED', message, {
		hint: 'Do not install the package until you know why its registry says something else; look at the keys that you named.',
		cause,
	});

const toKey = (base64: string): KeyObject =>
	createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });

const toTime = (text: string | null | undefined): number | null => (text ? Date.parse(text) : null);

/**
 * Reads the keys of an npm registry, in either of the forms in which they are published.
 * @throws SlipwayError VERIFY_CHAIN_REFUSED, JSON_*
 */
export const parseRegistryKeys = (bytes: Uint8Array, from: string): RegistryKey[] => {
	const parsed = v.safeParse(Keys, parseJson(bytes, from));
	if (!parsed.success) throw refuse(`${from}: expected the keys of an npm registry, got another document`);
	try {
		return parsed.output.keys.flatMap((entry) => {
			if ('key' in entry) return [{ id: entry.keyid, key: toKey(entry.key), expires: toTime(entry.expires) }];
			if (!('publicKey' in entry)) return [];
			const { rawBytes, validFor } = entry.publicKey;
			return [{ id: entry.keyId, key: toKey(rawBytes), expires: toTime(validFor.end) }];
		});
	} catch (cause) {
		throw refuse(`${from}: expected public keys in base64 (DER), got something else`, cause);
	}
};

const Bundle = v.object({
	dsseEnvelope: v.object({
		payload: v.string(),
		payloadType: v.literal(STATEMENT_PAYLOAD_TYPE),
		signatures: v.pipe(
			v.array(v.object({ sig: v.string(), keyid: v.optional(v.string(), '') })),
			v.length(1),
		),
	}),
	verificationMaterial: v.object({
		publicKey: v.object({ hint: v.string() }),
	}),
});

const Statement = v.object({
	predicateType: v.literal(PUBLISH_TYPE),
	subject: v.pipe(
		v.array(v.object({ name: v.string(), digest: v.object({ sha512: v.string() }) })),
		v.length(1),
	),
	predicate: v.object({ name: v.string(), version: v.string() }),
});

export interface PublishedSubject {
	readonly name: string;
	readonly version: string;
	readonly sha512: string;
	readonly now: number;
}

const toNpmPurl = ({ name, version }: PublishedSubject): string => {
	const [scope, rest] = name.startsWith('@') ? name.split('/') : [undefined, name];
	return toPurl({ type: 'npm', namespace: scope, name: rest ?? name, version });
};

const isAbout = (statement: v.InferOutput<typeof Statement>, subject: PublishedSubject): boolean => {
	const [first] = statement.subject;
	const { name, version } = statement.predicate;
	return (
		first?.name === toNpmPurl(subject) &&
		first.digest.sha512 === subject.sha512 &&
		name === subject.name &&
		version === subject.version
	);
};

/**
 * Verifies what a registry says itself: that it published these bytes under this name and version. By its own keys; the
 * statement is of in-toto 0.1, which nothing else here takes. Times and logs are not looked at.
 * @returns the id of the key
 * @throws SlipwayError VERIFY_CHAIN_REFUSED, JSON_*
 */
export const verifyPublishAttestation = (
	bytes: Uint8Array,
	keys: readonly RegistryKey[],
	subject: PublishedSubject,
): string => {
	const what = `what the registry attests of ${subject.name}@${subject.version}`;
	const bundle = v.safeParse(Bundle, parseJson(bytes, what));
	if (!bundle.success) throw refuse(`${what}: expected a bundle signed with a key, got another one`);
	const { dsseEnvelope, verificationMaterial } = bundle.output;
	const { hint } = verificationMaterial.publicKey;
	const found = keys.find(({ id, expires }) => id === hint && (expires === null || expires > subject.now));
	if (!found)
		throw refuse(
			`${what}: signed with the key ${JSON.stringify(hint.slice(0, 200))}, which is none of those named`,
		);
	const payload = Buffer.from(dsseEnvelope.payload, 'base64');
	const signature = Buffer.from(dsseEnvelope.signatures[0]?.sig ?? '', 'base64');
	if (!verify('sha256', toPae(STATEMENT_PAYLOAD_TYPE, payload), found.key, signature))
		throw refuse(`${what}: its signature is wrong`);
	const statement = v.safeParse(Statement, parseJson(payload, what));
	if (statement.success && isAbout(statement.output, subject)) return found.id;
	throw refuse(`${what}: it speaks of another package or of other bytes`);
};
