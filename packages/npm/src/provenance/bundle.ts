import { type Json, parseJson, parseWith, record, SlipwayError } from '@slipway/core';
import { STATEMENT_PAYLOAD_TYPE } from '@slipway/core/attestation';
import * as v from 'valibot';
import type { NpmCode } from '../code.ts';

const Base64 = v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/_-]*={0,2}$/, 'expected base64'));

/** The parts of a Sigstore bundle (protobuf-specs, sigstore_bundle.proto) that say what it is about; the rest is kept. */
const Bundle = v.object({
	mediaType: v.string(),
	verificationMaterial: v.looseObject({}),
	dsseEnvelope: v.object({
		payload: v.pipe(Base64, v.minLength(1)),
		payloadType: v.literal(STATEMENT_PAYLOAD_TYPE),
		signatures: v.pipe(v.array(v.object({ sig: v.pipe(Base64, v.minLength(1)) })), v.minLength(1)),
	}),
});

/** Of whatever version of in-toto: a registry's own attestations are of 0.1. */
const Claim = v.object({
	subject: v.array(v.object({ name: v.optional(v.string()), digest: record(v.string(), v.string()) })),
	predicateType: v.string(),
	predicate: v.optional(v.unknown()),
});

/** What a bundle claims, before anybody has checked its signature. */
export interface ParsedBundle {
	readonly json: Json;
	readonly mediaType: string;
	readonly predicateType: string;
	readonly subjects: v.InferOutput<typeof Claim>['subject'];
	readonly predicate: unknown;
	/** The statement's bytes. */
	readonly payload: Uint8Array;
}

const MAX_BYTES = 8 * 1024 * 1024;
const HINT = 'Sign the release again; a bundle is one JSON document and is never edited.';

export const toProvenanceError = (code: NpmCode, message: string, hint: string, cause?: unknown) =>
	new SlipwayError<NpmCode>(code, message, { hint, cause });

/** One value that may be anything, as a bundle. @throws SlipwayError NPM_PROVENANCE_INVALID, JSON_* */
export const toBundle = (json: Json, what: string): ParsedBundle => {
	const failure = { code: 'NPM_PROVENANCE_INVALID' satisfies NpmCode, what, hint: HINT };
	const { mediaType, dsseEnvelope } = parseWith(Bundle, json, failure);
	const payload = Buffer.from(dsseEnvelope.payload, 'base64');
	const statement = parseWith(Claim, parseJson(payload, `the statement in ${what}`), failure);
	const { subject: subjects, predicateType, predicate } = statement;
	return { json, mediaType, subjects, predicateType, predicate, payload };
};

/**
 * Reads a Sigstore bundle with a DSSE envelope around an in-toto statement, without trusting it.
 * @throws SlipwayError NPM_PROVENANCE_INVALID, JSON_*
 */
export const parseBundle = (source: string | Uint8Array, what: string): ParsedBundle =>
	toBundle(parseJson(source, what, { maxBytes: MAX_BYTES }), what);
