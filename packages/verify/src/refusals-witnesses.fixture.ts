// Witnesses that are missing, false, of strangers, or counted twice.
import { bend, firstEntry, type Refusal, swap } from './refusals.fixture.ts';

const HOUR = 3_600_000;
const ALL = ['rekor', 'rekor-v2', 'tsa'] as const;
const UNMET = 'VERIFY_THRESHOLD_UNMET';

export const WITNESSES: readonly Refusal[] = [
	{
		name: 'the log stripped',
		code: UNMET,
		bundle: bend(({ verificationMaterial }) => {
			verificationMaterial.tlogEntries = [];
		}),
	},
	{
		name: 'the timestamp stripped, though the log knows the time',
		code: UNMET,
		bundle: bend(({ verificationMaterial }) => {
			delete verificationMaterial.timestampVerificationData;
		}),
	},
	{
		name: 'all proofs of time stripped',
		code: 'VERIFY_TIMESTAMP_INVALID',
		thresholds: { 'transparency-logs': 0, timestamps: 0 },
		bundle: ({ make }) => make({ witnesses: [] }),
	},
	{
		name: 'Rekor v2 without a timestamp',
		code: 'VERIFY_TIMESTAMP_INVALID',
		thresholds: { timestamps: 0 },
		bundle: ({ make }) => make({ witnesses: ['rekor-v2'] }),
	},
	{ name: 'no certificate log', code: UNMET, bundle: ({ make }) => make({ lies: { ca: 'no-log' } }) },
	{
		name: 'the certificate log of a stranger',
		code: 'VERIFY_CERTIFICATE_INVALID',
		bundle: ({ make }) => make({ lies: { ca: 'other-log' } }),
	},
	{
		name: 'one log where two are demanded',
		code: UNMET,
		thresholds: { 'transparency-logs': 2 },
	},
	{
		name: 'one log entry twice',
		code: 'VERIFY_TIMESTAMP_INVALID',
		thresholds: { 'transparency-logs': 2 },
		bundle: bend((bundle) => {
			bundle.verificationMaterial.tlogEntries.push(firstEntry(bundle));
		}),
	},
	{
		name: 'one log entry twice, under another index',
		code: 'VERIFY_LOG_INVALID',
		thresholds: { 'transparency-logs': 2 },
		bundle: bend(
			(bundle) => {
				bundle.verificationMaterial.tlogEntries.push({ ...firstEntry(bundle), logIndex: '77' });
			},
			{ witnesses: ['rekor-v2', 'tsa'] },
		),
	},
	{
		name: 'one timestamp twice',
		code: 'VERIFY_TIMESTAMP_INVALID',
		thresholds: { timestamps: 2 },
		bundle: bend(({ verificationMaterial: { timestampVerificationData: data } }) => {
			data?.rfc3161Timestamps.push(...data.rfc3161Timestamps);
		}),
	},
	{
		name: 'a signature of another time, its timestamp borrowed',
		code: 'VERIFY_TIMESTAMP_INVALID',
		bundle: bend(async ({ verificationMaterial }, { make }) => {
			const { timestampVerificationData } = (await make()).verificationMaterial;
			if (timestampVerificationData)
				verificationMaterial.timestampVerificationData = timestampVerificationData;
		}),
	},
	{
		name: 'the log entry of another signature',
		code: 'VERIFY_LOG_INVALID',
		bundle: bend(async ({ verificationMaterial }, { make }) => {
			verificationMaterial.tlogEntries = (await make()).verificationMaterial.tlogEntries;
		}),
	},
	{
		name: 'a log entry that says later than its promise',
		code: 'VERIFY_LOG_INVALID',
		bundle: bend((bundle) => {
			const entry = firstEntry(bundle);
			entry.integratedTime = String(Number(entry.integratedTime) + 1);
		}),
	},
	{
		name: 'the promise of a log changed',
		code: 'VERIFY_LOG_INVALID',
		bundle: bend((bundle) => {
			const promise = firstEntry(bundle).inclusionPromise;
			if (promise) promise.signedEntryTimestamp = swap(promise.signedEntryTimestamp, 30);
		}),
	},
	{
		name: 'a proof of inclusion without its checkpoint',
		code: 'VERIFY_BUNDLE_INVALID',
		bundle: bend((bundle) => {
			delete firstEntry(bundle).inclusionProof;
		}),
	},
	{
		name: 'a version of the entry that is unknown',
		code: 'VERIFY_BUNDLE_INVALID',
		bundle: bend((bundle) => {
			firstEntry(bundle).kindVersion.version = '9.9.9';
		}),
	},
	...(['other-entry', 'other-log', 'wrong-proof', 'wrong-checkpoint'] as const).flatMap((lie) => [
		{
			name: `Rekor v1 lies: ${lie}`,
			code: 'VERIFY_LOG_INVALID' as const,
			bundle: ({ make }) => make({ lies: { rekor: lie } }),
		} satisfies Refusal,
		{
			name: `Rekor v2 lies: ${lie}`,
			code: 'VERIFY_LOG_INVALID' as const,
			bundle: ({ make }) => make({ witnesses: ['rekor-v2', 'tsa'], lies: { 'rekor-v2': lie } }),
		} satisfies Refusal,
	]),
	{
		name: 'Rekor v1 lies: wrong-promise',
		code: 'VERIFY_LOG_INVALID',
		bundle: ({ make }) => make({ lies: { rekor: 'wrong-promise' } }),
	},
	{
		name: 'one good log and one that lies, where one is enough',
		code: 'VERIFY_LOG_INVALID',
		bundle: ({ make }) => make({ witnesses: ALL, lies: { 'rekor-v2': 'wrong-proof' } }),
	},
	...(['other-bytes', 'other-authority'] as const).map(
		(lie): Refusal => ({
			name: `the timestamp authority lies: ${lie}`,
			code: 'VERIFY_TIMESTAMP_INVALID',
			bundle: ({ make }) => make({ lies: { tsa: lie } }),
		}),
	),
	{
		name: 'a certificate of another authority',
		code: 'VERIFY_CERTIFICATE_INVALID',
		bundle: ({ make }) => make({ lies: { ca: 'other-authority' } }),
	},
	{
		name: 'a certificate that had expired when it was used',
		code: 'VERIFY_CERTIFICATE_INVALID',
		bundle: ({ make }) => make({ lies: { ca: 'expired' } }),
	},
	{
		name: 'a timestamp an hour after the certificate ended',
		code: 'VERIFY_CERTIFICATE_INVALID',
		bundle: ({ make }) => make({ times: { tsa: Date.now() + HOUR } }),
	},
	{
		name: 'a timestamp an hour before the certificate began',
		code: 'VERIFY_CERTIFICATE_INVALID',
		bundle: ({ make }) => make({ times: { tsa: Date.now() - HOUR } }),
	},
	{
		name: 'a log entry an hour after the certificate ended',
		code: 'VERIFY_CERTIFICATE_INVALID',
		bundle: ({ make }) => make({ times: { rekor: Date.now() + HOUR } }),
	},
	{
		name: 'everything of another instance',
		code: 'VERIFY_TIMESTAMP_INVALID',
		bundle: async ({ stranger, make }) => {
			const { makeBundle } = await import('./sigstore-bundle.fixture.ts');
			const { dsseEnvelope } = await make();
			return makeBundle(stranger, { payload: Buffer.from(dsseEnvelope.payload, 'base64').toString() });
		},
	},
	{
		name: 'a certificate of one\u2019s own, the witnesses real',
		code: 'VERIFY_CERTIFICATE_INVALID',
		bundle: ({ make }) => make({ lies: { ca: 'other-authority' }, witnesses: ALL }),
	},
];
