import { readFileSync } from 'node:fs';
import { findPredicateKind } from '@slipway/core/attestation';
import { type PinnedPolicy, parsePolicy } from '@slipway/core/policy';
import { openTrust, type Trust, verifyBundle } from '@slipway/verify';
import type { Exhibit } from '../bundle/exhibit.ts';
import { hasLog, hasTimestamp, isKeyless } from '../bundle/kinds.ts';
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

/** Slipway's own verdict, in the same table as those of strangers. */
export const openSlipway = async (trustedRoot: object): Promise<Judge> => {
	const trust = await openTrust({ trustedRoot: Buffer.from(JSON.stringify(trustedRoot)), clock: Date });
	return {
		name: 'slipway',
		expect: ({ tampering }) => (tampering === 'as made' ? ACCEPTS : REFUSES),
		look: async (exhibit) => askInside(() => verify(trust, exhibit)),
	};
};
