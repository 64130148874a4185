import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { hashFile } from '@slipway/archive';
import { type Context, SlipwayError, toCanonicalJson } from '@slipway/core';
import { BUNDLE_SUFFIX, type Revocation, type Statement } from '@slipway/core/attestation';
import type { JoinCode, OpenProject } from './project.ts';
import { openMeans } from './sign-means.ts';

const DAY_MS = 86_400_000;

export interface RevocationRequest {
	/** SHA-256 digests of public keys, or files with them (PEM). */
	readonly keys: readonly string[];
	readonly builders: readonly string[];
	readonly files: readonly string[];
	/** RFC 3339. Default: now. */
	readonly date?: string | undefined;
	readonly reason: string;
	readonly out: string;
}

const toKeyDigest = async (text: string): Promise<string> => {
	if (/^[0-9a-f]{64}$/.test(text)) return text;
	const { toKeyFileDigest } = await import('@slipway/verify');
	return toKeyFileDigest(await readFile(text), text);
};

/** By both digests: npm's statements name a file by sha512 alone. */
const toSubject = async (path: string) => ({ name: basename(path), digest: (await hashFile(path)).digest });

/** A notice about keys and builders alone is about its own text: a statement needs a subject. */
const toNoticeSubject = (revocation: Revocation) => ({
	name: 'this notice',
	digest: { sha256: createHash('sha256').update(toCanonicalJson(revocation)).digest('hex') },
});

const toRevocation = async (request: RevocationRequest, now: number): Promise<Revocation> => {
	const { builders, files, reason } = request;
	const date = new Date(request.date ?? now);
	if (Number.isNaN(date.getTime()) || request.keys.length + builders.length + files.length === 0)
		throw new SlipwayError<JoinCode>(
			'REASON_MISSING',
			'expected what to revoke (--key, --builder, --file) and a date',
			{
				hint: 'For example: slipway keys revoke --key old.pub.pem --date 2026-01-31T12:00:00Z --reason "lost"',
			},
		);
	return {
		date: date.toISOString(),
		reason,
		keys: await Promise.all(request.keys.map(toKeyDigest)),
		builders: [...builders],
		subjects: files.length > 0,
	};
};

const toStatement = async (request: RevocationRequest, revocation: Revocation): Promise<Statement> => {
	const { toRevocationStatement } = await import('@slipway/sign');
	const subjects = await Promise.all(request.files.map(toSubject));
	return toRevocationStatement(subjects.length > 0 ? subjects : [toNoticeSubject(revocation)], revocation);
};

/**
 * Writes a revocation notice and signs it as slipway.yml says: `revocation-<day>-<digest>.sigstore.json`.
 * @throws SlipwayError SIGN_*, SIGNING_KEY_MISSING, REASON_MISSING
 */
export const revokeKeys = async (project: OpenProject, request: RevocationRequest, context: Context) => {
	const { sign } = project.config;
	if (!sign)
		throw new SlipwayError<JoinCode>(
			'SIGNING_KEY_MISSING',
			'slipway.yml has no `sign:`: nobody can sign the notice',
			{
				hint: 'Add `sign:` to slipway.yml, with a key or an identity that the policy lets sign revocations.',
			},
		);
	const revocation = await toRevocation(request, context.clock.now());
	const statement = await toStatement(request, revocation);
	const { openSigner } = await openMeans(project, sign, context);
	const bundle = await (await openSigner()).attest(statement);
	const digest = createHash('sha256').update(bundle).digest('hex').slice(0, 12);
	const path = join(request.out, `revocation-${revocation.date.slice(0, 10)}-${digest}${BUNDLE_SUFFIX}`);
	await mkdir(request.out, { recursive: true });
	await writeFile(path, bundle, { flag: 'wx' });
	return { path, revocation };
};

export interface NewKey {
	readonly privateKey: string;
	readonly publicKey: string;
	readonly digest: string;
	/** What to add below `signers:` of the policy. */
	readonly entry: string;
}

const toDay = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** A new P-256 key for signing without an identity: the private one for a secret, and its entry in the policy. */
export const makeKey = async (
	{ name, days, out }: { readonly name: string; readonly days: number; readonly out: string },
	now: number,
): Promise<NewKey> => {
	const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
	const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
	const der = pair.publicKey.export({ type: 'spki', format: 'der' });
	const [privateKey, publicKey] = [join(out, 'signing-key.pem'), join(out, 'signing-key.pub.pem')];
	await mkdir(out, { recursive: true });
	const secret = pair.privateKey.export({ type: 'pkcs8', format: 'pem' });
	await writeFile(privateKey, secret, { mode: 0o600, flag: 'wx' });
	await writeFile(publicKey, pem, { flag: 'wx' });
	const entry = [
		`  - name: ${JSON.stringify(name)}`,
		`    valid-from: ${toDay(now)}`,
		`    valid-until: ${toDay(now + days * DAY_MS)}`,
		'    key: |',
		...pem
			.trim()
			.split('\n')
			.map((line) => `      ${line}`),
	].join('\n');
	return { privateKey, publicKey, digest: createHash('sha256').update(der).digest('hex'), entry };
};
