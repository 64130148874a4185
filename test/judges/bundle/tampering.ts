import { type BundleJson, flipBase64, type LogEntryJson, withEnvelope, withMaterial } from './bundle-json.ts';
import { type BundleKind, hasLog, hasTimestamp, isKeyless } from './kinds.ts';

/** What was done to a bundle, or what a judge was told that does not fit it. */
export const TAMPERINGS = [
	'payload changed',
	'payload type changed',
	'signature flipped',
	'certificate of another run',
	'log entry stripped',
	'log entry of another',
	'log proof broken',
	'checkpoint broken',
	'timestamp stripped',
	'timestamp of another',
	'timestamp broken',
	'signed by another',
	'another file',
	'another issuer',
] as const;
export type Tampering = (typeof TAMPERINGS)[number];

/** Where parts of other bundles are taken from. */
export interface Donors {
	/** The same statement signed by somebody else, all else alike. */
	readonly other: BundleJson;
	/** Something signed by the same party at another time: with a certificate, it is another one. */
	readonly again: BundleJson;
}

type Tamper = (bundle: BundleJson, donors: Donors) => BundleJson;

const changePayload: Tamper = (bundle) => {
	const statement = JSON.parse(Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString('utf8'));
	statement.predicate.tampered = true;
	return withEnvelope(bundle, { payload: Buffer.from(JSON.stringify(statement)).toString('base64') });
};

const flipSignature: Tamper = (bundle) =>
	withEnvelope(bundle, {
		signatures: bundle.dsseEnvelope.signatures.map((signature) => ({
			...signature,
			sig: flipBase64(signature.sig),
		})),
	});

const changeEntries = (bundle: BundleJson, change: (entry: LogEntryJson) => LogEntryJson): BundleJson =>
	withMaterial(bundle, { tlogEntries: (bundle.verificationMaterial.tlogEntries ?? []).map(change) });

const breakProof: Tamper = (bundle) =>
	changeEntries(bundle, ({ inclusionProof, ...entry }) => {
		if (!inclusionProof?.hashes?.length) throw new Error('expected a log with more than one entry');
		const [first = '', ...rest] = inclusionProof.hashes;
		return { ...entry, inclusionProof: { ...inclusionProof, hashes: [flipBase64(first), ...rest] } };
	});

/** Flips a bit in the signatures of a signed note (C2SP signed-note): the key's number in front of them stays. */
const breakNote = (envelope: string): string =>
	envelope.replaceAll(
		/^(— \S+ )(\S+)$/gm,
		(_line, head: string, signature: string) => head + flipBase64(signature),
	);

const breakCheckpoint: Tamper = (bundle) =>
	changeEntries(bundle, ({ inclusionProof, ...entry }) => {
		if (!inclusionProof) throw new Error('expected a log entry with its proof');
		const checkpoint = { envelope: breakNote(inclusionProof.checkpoint.envelope) };
		return { ...entry, inclusionProof: { ...inclusionProof, checkpoint } };
	});

const breakTimestamp: Tamper = (bundle) => {
	const { rfc3161Timestamps = [] } = bundle.verificationMaterial.timestampVerificationData ?? {};
	// The end of a reply is the signature of the authority: a bit there leaves everything readable.
	const flipEnd = (text: string): string => {
		const bytes = Buffer.from(text, 'base64');
		bytes[bytes.length - 8] = (bytes[bytes.length - 8] ?? 0) ^ 1;
		return bytes.toString('base64');
	};
	const broken = rfc3161Timestamps.map(({ signedTimestamp }) => ({
		signedTimestamp: flipEnd(signedTimestamp),
	}));
	return withMaterial(bundle, { timestampVerificationData: { rfc3161Timestamps: broken } });
};

/** How bytes are changed. The three that are not here change who or what the judge is asked about. */
const TAMPER: Readonly<Partial<Record<Tampering, Tamper>>> = {
	'payload changed': changePayload,
	'payload type changed': (bundle) => withEnvelope(bundle, { payloadType: 'application/json' }),
	'signature flipped': flipSignature,
	'certificate of another run': (bundle, { again }) => {
		const { certificate } = again.verificationMaterial;
		return withMaterial(bundle, certificate ? { certificate } : {});
	},
	'log entry stripped': (bundle) => withMaterial(bundle, { tlogEntries: [] }),
	'log entry of another': (bundle, { other }) =>
		withMaterial(bundle, { tlogEntries: other.verificationMaterial.tlogEntries ?? [] }),
	'log proof broken': breakProof,
	'checkpoint broken': breakCheckpoint,
	'timestamp stripped': (bundle) => withMaterial(bundle, { timestampVerificationData: {} }),
	'timestamp of another': (bundle, { other }) => {
		const { timestampVerificationData } = other.verificationMaterial;
		return withMaterial(bundle, timestampVerificationData ? { timestampVerificationData } : {});
	},
	'timestamp broken': breakTimestamp,
};

/** True where the kind of bundle has what would be tampered with. */
export const appliesTo = (tampering: Tampering, kind: BundleKind): boolean => {
	if (tampering === 'certificate of another run' || tampering === 'another issuer') return isKeyless(kind);
	if (tampering.startsWith('log ') || tampering === 'checkpoint broken') return hasLog(kind);
	return tampering.startsWith('timestamp ') ? hasTimestamp(kind) : true;
};

/** The bundle after the tampering. @throws Error where nothing was changed: the judges would be asked about nothing */
export const tamper = (tampering: Tampering, bundle: BundleJson, donors: Donors): BundleJson => {
	if (tampering === 'signed by another') return donors.other;
	const change = TAMPER[tampering];
	if (!change) return bundle;
	const changed = change(bundle, donors);
	if (JSON.stringify(changed) === JSON.stringify(bundle))
		throw new Error(`${tampering}: nothing was changed`);
	return changed;
};
