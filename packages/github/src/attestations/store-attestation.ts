import { parseJson, SlipwayError } from '@slipway/core';
import { parseStatement } from '@slipway/core/attestation';
import * as v from 'valibot';
import type { GitHubCode } from '../code.ts';
import { toRestError } from '../rest/failure.ts';
import { readPages } from '../rest/pages.ts';
import { pathOf } from '../rest/path.ts';
import { askPatiently, readPatiently } from '../rest/patience.ts';
import type { GitHubRest } from '../rest/rest.ts';

const Envelope = v.object({
	payload: v.string(),
	signatures: v.pipe(v.array(v.object({ sig: v.string() })), v.minLength(1)),
});

const Bundle = v.looseObject({ dsseEnvelope: Envelope });

const Stored = v.object({ bundle: v.nullish(v.looseObject({ dsseEnvelope: v.optional(Envelope) })) });

const Id = v.object({ id: v.union([v.number(), v.string()]) });

const parseBundle = (text: string | Uint8Array) => {
	const json = parseJson(text, 'the bundle');
	const parsed = v.safeParse(Bundle, json);
	if (parsed.success) return { json, envelope: parsed.output.dsseEnvelope };
	throw new SlipwayError<GitHubCode>(
		'GITHUB_BUNDLE_INVALID',
		'expected a Sigstore bundle with a signed statement, got something else',
		{ hint: 'Sign the release again.' },
	);
};

const toKey = ({ payload, signatures }: v.InferOutput<typeof Envelope>): string =>
	`${payload} ${signatures.map(({ sig }) => sig).join(' ')}`;

/** Is this very signature stored already? Undefined where the API does not say. */
const isStored = async (
	rest: GitHubRest,
	digest: string,
	envelope: v.InferOutput<typeof Envelope>,
): Promise<boolean | undefined> => {
	const path = pathOf`attestations/${digest}`;
	const reply = await readPatiently(rest, () =>
		readPages(rest, { path, item: Stored, key: 'attestations', maxPages: 10 }),
	);
	if (reply.kind === 'not-found') return false;
	if (reply.kind !== 'ok') return undefined;
	return reply.value.some(
		({ bundle }) => bundle?.dsseEnvelope !== undefined && toKey(bundle.dsseEnvelope) === toKey(envelope),
	);
};

/** The digest that the API finds a statement by: `sha256:HEX` of its first subject that has one. */
const toSubjectDigest = (envelope: v.InferOutput<typeof Envelope>): string | undefined => {
	const { subject } = parseStatement(Buffer.from(envelope.payload, 'base64'));
	const sha256 = subject.find(({ digest }) => digest.sha256 !== undefined)?.digest.sha256;
	return sha256 && `sha256:${sha256}`;
};

/**
 * Stores a signed statement at the repository (POST /repos/OWNER/NAME/attestations), where `gh attestation verify` looks.
 * Asks by digest first, so that a second run stores nothing twice.
 * @param bundle Sigstore bundle (JSON)
 * @throws SlipwayError GITHUB_BUNDLE_INVALID, GITHUB_*, STATEMENT_*, JSON_*
 */
export const storeAttestation = async (
	rest: GitHubRest,
	bundle: string | Uint8Array,
): Promise<'stored' | 'already'> => {
	const { json, envelope } = parseBundle(bundle);
	const digest = toSubjectDigest(envelope);
	if (digest !== undefined && (await isStored(rest, digest, envelope))) return 'already';
	const reply = await askPatiently(rest, () =>
		rest.send({ method: 'POST', path: 'attestations', body: { bundle: json }, schema: Id }),
	);
	if (reply.kind === 'ok') return 'stored';
	const isLost = reply.kind === 'unknown' && reply.sent;
	if (isLost && digest !== undefined && (await isStored(rest, digest, envelope))) return 'stored';
	throw toRestError(`an attestation of ${rest.repository}`, reply, true);
};
