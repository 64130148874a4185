import { readFileSync } from 'node:fs';
import { findPredicateKind } from '@slipway/core/attestation';
import { type PinnedPolicy, parsePolicy } from '@slipway/core/policy';
import { openTrust, type Trust, verifyBundle } from '@slipway/verify';
import type { Exhibit } from '../bundle/exhibit.ts';
import { hasLog, hasTimestamp, isKeyless } from '../bundle/kinds.ts';
import type { Tampering } from '../bundle/tampering.ts';
import { askInside } from './ask.ts';
import { ACCEPTS, type Judge, REFUSES } from './judge.ts';

/** As many witnesses as the kind of bundle has: one less is refused. */
const toThresholds = ({ kind }: Exhibit) => ({
	'transparency-logs': Number(hasLog(kind)),
	timestamps: Number(hasTimestamp(kind)),
	...(isKeyless(kind) && { 'certificate-logs': 1 }),
});

const toSigner = (exhibit: Exhibit): object => {
	const { identity, issuer, publicKeyFile } = exhibit.expected;
	const thresholds = toThresholds(exhibit);
	return publicKeyFile === undefined
		? { name: 'release workflow', issuer, identity, thresholds }
		: { name: 'own key', key: readFileSync(publicKeyFile, 'utf8'), thresholds };
};

const toPolicy = (exhibit: Exhibit): PinnedPolicy =>
	parsePolicy(Buffer.from(JSON.stringify({ policy: 1, signers: [toSigner(exhibit)] })));

const verify = (trust: Trust, exhibit: Exhibit): void => {
	const { subject, predicateType, file } = exhibit;
	const kind = findPredicateKind(predicateType);
	verifyBundle(readFileSync(file), {
		trust,
		policy: toPolicy(exhibit),
		subject: { [subject.algorithm]: subject.digest },
		...(kind && { kinds: [kind] }),
		clock: Date,
	});
};

/** What each tampering is refused with: for that reason and no other. */
const CODES: Readonly<Record<Tampering, RegExp>> = {
	'payload changed': /^VERIFY_(SIGNATURE|LOG)_INVALID/,
	'payload type changed': /^VERIFY_STATEMENT_INVALID/,
	'signature flipped': /^VERIFY_(SIGNATURE|TIMESTAMP)_INVALID/,
	// It was issued some moments before or after: the time of signing may lie outside its validity.
	'certificate of another run': /^VERIFY_(SIGNATURE|CERTIFICATE)_INVALID/,
	'log entry stripped': /^VERIFY_THRESHOLD_UNMET/,
	// The time of another's entry may lie outside the validity of the certificate, which is looked at first.
	'log entry of another': /^VERIFY_(LOG|CERTIFICATE)_INVALID/,
	'log proof broken': /^VERIFY_LOG_INVALID/,
	'checkpoint broken': /^VERIFY_LOG_INVALID/,
	'timestamp stripped': /^VERIFY_(THRESHOLD_UNMET|TIMESTAMP_INVALID)/,
	'timestamp of another': /^VERIFY_TIMESTAMP_INVALID/,
	'timestamp broken': /^VERIFY_TIMESTAMP_INVALID/,
	'signed by another': /^VERIFY_(IDENTITY_MISMATCH|KEY_REFUSED)/,
	'another file': /^VERIFY_SUBJECT_MISMATCH/,
	'another issuer': /^VERIFY_IDENTITY_MISMATCH/,
};

/** Slipway's own verdict, in the same table as those of strangers. */
export const openSlipway = async (trustedRoot: object): Promise<Judge> => {
	const trust = await openTrust({ trustedRoot: Buffer.from(JSON.stringify(trustedRoot)), clock: Date });
	return {
		name: 'slipway',
		expect: ({ tampering }) => (tampering === 'as made' ? ACCEPTS : { ...REFUSES, saying: CODES[tampering] }),
		look: async (exhibit) => askInside(() => verify(trust, exhibit)),
	};
};
