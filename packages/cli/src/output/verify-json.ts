import type { VerifyMeans } from '../join/verify-means.ts';
import type { Verified } from '../join/verify-what.ts';

const toMeans = ({ policy, trust }: VerifyMeans): object => ({
	policy: { sha256: policy.digest.sha256, from: policy.from },
	trust: { source: trust.source, age: trust.age },
});

/** What was verified, for machines: keys and authorities that were used are named by digest, not spelled out. */
export const toVerifiedJson = (verified: Verified): object => {
	switch (verified.kind) {
		case 'release':
			return { kind: verified.kind, folder: verified.folder, ...verified.verification };
		case 'apt':
			return {
				kind: verified.kind,
				from: verified.from,
				...(verified.means && toMeans(verified.means)),
				...verified.repository,
				packages: verified.packages.map(toFile),
			};
		default:
			return {
				kind: verified.kind,
				...toFile(verified.verification),
				...toMeans(verified.means),
				checks: verified.checks,
				notes: verified.notes,
			};
	}
};

type File = Extract<Verified, { readonly kind: 'file' | 'npm' | 'deb' }>['verification'];

const toFile = ({ name, sha256, attestations }: File): object => ({
	name,
	sha256,
	attestations: attestations.map(({ attestation, ...link }) => ({
		...link,
		predicateType: attestation.statement.predicateType,
	})),
});
