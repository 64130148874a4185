import type { Revocation, StatementSubject } from '@slipway/core/attestation';
import { toRefusal } from './error.ts';

/** A revocation notice whose signature was verified: what it says, and who said it. */
export interface RevocationNotice {
	readonly revocation: Revocation;
	readonly subjects: readonly StatementSubject[];
	readonly signer: string;
}

interface RevocableFile {
	readonly name?: string | undefined;
	readonly digest: Readonly<Record<string, string | undefined>>;
}

/** What is held against the notices. */
export interface RevocationCandidate {
	readonly keyDigest: string;
	/** Names of the signer: certificate identity, workflow. */
	readonly identities: readonly string[];
	/** What the statement names, and the file that it was asked about, by every digest of it that is known. */
	readonly subjects: readonly RevocableFile[];
	/** Proven times of signing. */
	readonly times: readonly Date[];
	readonly now: number;
}

const STRONG = ['sha256', 'sha384', 'sha512'];

/** True when two digest sets name the same bytes: some strong algorithm in both, and none that differs. */
export const isSameSubject = (
	a: Readonly<Record<string, string | undefined>>,
	b: Readonly<Record<string, string | undefined>>,
): boolean => {
	const common = STRONG.filter((algorithm) => a[algorithm] !== undefined && b[algorithm] !== undefined);
	return common.length > 0 && common.every((algorithm) => a[algorithm] === b[algorithm]);
};

/** One digest in common is enough to revoke: a second one that differs saves no file. */
const isNamed = (subjects: readonly StatementSubject[], { digest }: RevocableFile): boolean =>
	subjects.some((subject) =>
		STRONG.some(
			(algorithm) => digest[algorithm] !== undefined && subject.digest[algorithm] === digest[algorithm],
		),
	);

/** Why a notice forbids a signature; undefined when it does not. */
const findReason = (
	{ revocation, subjects }: RevocationNotice,
	candidate: RevocationCandidate,
): string | undefined => {
	const date = new Date(revocation.date).getTime();
	if (candidate.now < date) return undefined;
	const revoked = revocation.subjects
		? candidate.subjects.find((file) => isNamed(subjects, file))
		: undefined;
	if (revoked) return `the file ${JSON.stringify(revoked.name ?? '')}`;
	const isBefore = candidate.times.length > 0 && candidate.times.every((time) => time.getTime() < date);
	if (isBefore) return undefined;
	if (revocation.keys.includes(candidate.keyDigest)) return `the key ${candidate.keyDigest}`;
	const builder = candidate.identities.find((identity) => revocation.builders.includes(identity));
	return builder === undefined ? undefined : `the signer ${JSON.stringify(builder)}`;
};

/**
 * Obeys revocation notices from their date on. Files are refused whenever they were signed; keys and builders where
 * not every witness proves a time before the date, or none proves any.
 * @throws SlipwayError VERIFY_REVOKED
 */
export const checkRevocations = (
	notices: readonly RevocationNotice[],
	candidate: RevocationCandidate,
): void => {
	for (const notice of notices) {
		const reason = findReason(notice, candidate);
		if (reason === undefined) continue;
		const { date, reason: why } = notice.revocation;
		throw toRefusal('VERIFY_REVOKED', `${reason} was revoked by ${notice.signer} as of ${date}: ${why}`);
	}
};
