// Bundles and policies that are wrong in one way each, and the code that each has to be refused with.
import { generateKeyPairSync, sign } from 'node:crypto';
import { PREDICATE_TYPES, toPae } from '@slipway/core/attestation';
import { type LocalSigstore, startSigstore } from '@slipway/rehearsal/sigstore';
import type { VerifyCode } from './index.ts';
import { type BundleDraft, type Making, makeBundle, type TlogEntryDraft } from './sigstore-bundle.fixture.ts';
import { IDENTITY, OTHER_DIGEST, REF, toProvenance, WORKFLOW } from './verify-bundle.fixture.ts';

export interface Workshop {
	readonly sigstore: LocalSigstore;
	/** Another instance, that nobody here trusts. */
	readonly stranger: LocalSigstore;
	make(more?: Partial<Making>): Promise<BundleDraft>;
}

export const openWorkshop = async (): Promise<Workshop & { close(): Promise<void> }> => {
	const sigstore = await startSigstore();
	const stranger = await startSigstore({ issuer: sigstore.issuer });
	return {
		sigstore,
		stranger,
		make: (more = {}) => makeBundle(sigstore, { payload: toProvenance(), ...more }),
		close: async () => void (await Promise.all([sigstore.stop(), stranger.stop()])),
	};
};

export interface Refusal {
	readonly name: string;
	readonly code: VerifyCode;
	/** Fields over those of the policy's one signer. */
	readonly signer?: object;
	readonly thresholds?: object;
	/** Default: a good bundle. */
	bundle?(workshop: Workshop): Promise<object>;
}

const MISMATCH = 'VERIFY_IDENTITY_MISMATCH';
const byPolicy = (name: string, signer: object): Refusal => ({ name, code: MISMATCH, signer });
const COMMIT = '5c4d1a2f0e6b7c8d9e0f1a2b3c4d5e6f70819203';
const OTHER_COMMIT = 'f'.repeat(40);

/** F17, first half: authentic bundles of somebody whom the policy does not mean. */
export const WRONG_SIGNERS: readonly Refusal[] = [
	byPolicy('another identity', { identity: `${WORKFLOW}@refs/heads/main` }),
	byPolicy('an identity that only begins so', { identity: WORKFLOW }),
	byPolicy('an identity that is a part', { identity: 'example/greet' }),
	byPolicy('an identity that would match as a pattern', { identity: '.*' }),
	byPolicy('an identity in other letters', { identity: IDENTITY.toUpperCase() }),
	byPolicy('a pattern for a part', {
		identity: undefined,
		'identity-pattern': 'https://github[.]com/example',
	}),
	byPolicy('a pattern of one dot', { identity: undefined, 'identity-pattern': '.' }),
	byPolicy('another issuer', { issuer: 'https://issuer.example' }),
	byPolicy('an issuer that only begins so', { issuer: 'http://127.0.0.1' }),
	byPolicy('another workflow file', { workflow: `${WORKFLOW.replace('release', 'ci')}@${REF}` }),
	byPolicy('the workflow without its ref', { workflow: WORKFLOW }),
	byPolicy('another workflow digest', { 'workflow-digests': [OTHER_COMMIT] }),
	byPolicy('another builder ref', { 'builder-refs': ['refs/tags/v2.0.0'] }),
	byPolicy('another builder commit', { identity: WORKFLOW, 'builder-refs': [OTHER_COMMIT] }),
	byPolicy('another builder at a ref on the list', { identity: `${WORKFLOW}x`, 'builder-refs': [REF] }),
	byPolicy('another source repository', { 'source-repository': 'https://github.com/example/greetings' }),
	byPolicy('another repository id', { 'source-repository-id': '1002' }),
	byPolicy('another owner id', { 'source-owner-id': '2003' }),
	byPolicy('another source ref', { 'source-ref': 'refs/tags/v1.0.1' }),
	byPolicy('a source ref pattern for a part', { 'source-ref-pattern': 'v1' }),
	byPolicy('a self-hosted runner wanted', { 'runner-environment': 'self-hosted' }),
	byPolicy('another event', { events: ['workflow_dispatch', 'schedule'] }),
	{
		name: 'a predicate that the signer may not sign',
		code: 'VERIFY_PREDICATE_MISMATCH',
		signer: { predicates: ['vsa', 'stage'] },
	},
];

/** The same, where the certificate is what differs. */
export const WRONG_CLAIMS: readonly Refusal[] = (
	[
		[
			'a fork of the same name',
			{ repository: 'mallory/greet' },
			{ 'source-repository': 'https://github.com/example/greet' },
		],
		[
			'a repository that was made again under its name',
			{ repository_id: '9' },
			{ 'source-repository-id': '1001' },
		],
		['an account that was taken over', { repository_owner_id: '9' }, { 'source-owner-id': '2002' }],
		['a pull request', { event_name: 'pull_request_target' }, { events: ['push'] }],
		[
			'a runner of their own',
			{ runner_environment: 'self-hosted' },
			{ 'runner-environment': 'github-hosted' },
		],
		['a branch', { ref: 'refs/heads/main' }, { 'source-ref-pattern': 'refs/tags/v.*' }],
		[
			'a workflow of another repository',
			{ job_workflow_ref: `mallory/greet/.github/workflows/release.yml@${REF}` },
			{},
		],
		['a moved tag of the builder', { job_workflow_sha: OTHER_COMMIT }, { 'workflow-digests': [COMMIT] }],
	] as const
).map(([name, claims, signer]) => ({
	name,
	code: MISMATCH,
	signer,
	bundle: ({ make }) => make({ claims }),
}));

const bend =
	(change: (bundle: BundleDraft, workshop: Workshop) => void | Promise<void>, making: Partial<Making> = {}) =>
	async (workshop: Workshop): Promise<object> => {
		const bundle = await workshop.make(making);
		await change(bundle, workshop);
		return bundle;
	};

const firstEntry = (bundle: BundleDraft): TlogEntryDraft => {
	const [entry] = bundle.verificationMaterial.tlogEntries;
	if (!entry) throw new Error('expected a log entry');
	return entry;
};

const swap = (base64: string, at: number): string => {
	const bytes = Buffer.from(base64, 'base64');
	bytes[at] = (bytes[at] ?? 0) ^ 1;
	return bytes.toString('base64');
};

/** What was signed, and by what, was changed after. */
export const CHANGED: readonly Refusal[] = [
	{
		name: 'another payload',
		code: 'VERIFY_LOG_INVALID',
		bundle: bend(({ dsseEnvelope }) => {
			dsseEnvelope.payload = Buffer.from(JSON.stringify(toProvenance(OTHER_DIGEST))).toString('base64');
		}),
	},
	{
		name: 'another payload, without any log',
		code: 'VERIFY_SIGNATURE_INVALID',
		thresholds: { 'transparency-logs': 0 },
		bundle: bend(
			({ dsseEnvelope }) => {
				dsseEnvelope.payload = Buffer.from(JSON.stringify(toProvenance(OTHER_DIGEST))).toString('base64');
			},
			{ witnesses: ['tsa'] },
		),
	},
	{
		name: 'another payload type',
		code: 'VERIFY_STATEMENT_INVALID',
		bundle: ({ make }) => make({ payloadType: 'application/vnd.in-toto+xml' }),
	},
	{
		name: 'a payload type changed after signing',
		code: 'VERIFY_SIGNATURE_INVALID',
		bundle: bend(
			({ dsseEnvelope }) => {
				dsseEnvelope.payloadType = 'application/vnd.in-toto+json';
			},
			{ payloadType: 'text/plain' },
		),
	},
	{
		name: 'another signature',
		code: 'VERIFY_TIMESTAMP_INVALID',
		bundle: bend(({ dsseEnvelope: { signatures } }) => {
			for (const signature of signatures) signature.sig = swap(signature.sig, 40);
		}),
	},
	{
		name: 'the certificate of another signature',
		code: 'VERIFY_SIGNATURE_INVALID',
		bundle: bend(async ({ verificationMaterial }, { make }) => {
			const other = await make();
			verificationMaterial.certificate = other.verificationMaterial.certificate ?? { rawBytes: '' };
		}),
	},
	{
		name: 'a certificate for another key',
		code: 'VERIFY_SIGNATURE_INVALID',
		thresholds: { 'transparency-logs': 0 },
		bundle: ({ make }) => make({ lies: { ca: 'other-key' }, witnesses: ['tsa'] }),
	},
	{
		name: 'one byte of the certificate changed',
		code: 'VERIFY_CERTIFICATE_INVALID',
		bundle: bend(({ verificationMaterial: { certificate } }) => {
			if (certificate)
				certificate.rawBytes = swap(
					certificate.rawBytes,
					-1 + Buffer.from(certificate.rawBytes, 'base64').length,
				);
		}),
	},
	{
		name: 'a second signature mixed in',
		code: 'VERIFY_BUNDLE_INVALID',
		bundle: bend(({ dsseEnvelope: { payload, payloadType, signatures } }) => {
			const { privateKey } = generateKeyPairSync('ed25519');
			const sig = sign(null, toPae(payloadType, Buffer.from(payload, 'base64')), privateKey);
			signatures.push({ sig: sig.toString('base64') });
		}),
	},
	{
		name: 'no signature',
		code: 'VERIFY_BUNDLE_INVALID',
		bundle: bend(({ dsseEnvelope }) => {
			dsseEnvelope.signatures = [];
		}),
	},
	{
		name: 'a bundle that is a bare signature',
		code: 'VERIFY_STATEMENT_INVALID',
		bundle: async ({ make }) => {
			const { mediaType, verificationMaterial, dsseEnvelope } = await make();
			const digest = Buffer.from(OTHER_DIGEST.sha256, 'hex').toString('base64');
			const signature = dsseEnvelope.signatures[0]?.sig;
			return {
				mediaType,
				verificationMaterial,
				messageSignature: { messageDigest: { algorithm: 'SHA2_256', digest }, signature },
			};
		},
	},
];

/** The statement is signed rightly and is none that can be used. */
export const WRONG_STATEMENTS: readonly Refusal[] = [
	{ name: 'in-toto v0.1', payload: { ...toProvenance(), _type: 'https://in-toto.io/Statement/v0.1' } },
	{ name: 'no type', payload: { ...toProvenance(), _type: undefined } },
	{ name: 'no subject', payload: { ...toProvenance(), subject: [] } },
	{
		name: 'a subject without a digest',
		payload: { ...toProvenance(), subject: [{ name: 'a', digest: {} }] },
	},
	{ name: 'a predicate that is a list', payload: { ...toProvenance(), predicate: [] } },
	{ name: 'no JSON', payload: 'a statement' },
	{ name: 'a key twice', payload: `{"_type":"x",${JSON.stringify(toProvenance()).slice(1)}` },
	{ name: 'deep JSON', payload: '['.repeat(100_000) },
	{
		name: 'too many subjects',
		payload: { ...toProvenance(), subject: Array.from({ length: 1025 }, () => toProvenance().subject[0]) },
	},
].map(({ name, payload }) => ({
	name,
	code: 'VERIFY_STATEMENT_INVALID',
	bundle: ({ make }) => make({ payload }),
}));

export const CUSTOM_PREDICATE = { ...toProvenance(), predicateType: 'https://example.com/custom/v1' };
export const VSA = { ...toProvenance(), predicateType: PREDICATE_TYPES.vsa };
export { bend, firstEntry, swap };
