import type { StatementSubject } from '@slipway/core/attestation';
import type { BundleLink } from './bundles.ts';
import type { Evidence, FileDigest } from './evidence.ts';
import { type LinkProblem, toProblem } from './problem.ts';

/** Whether a subject is this file: it names at least one digest that we know, and no other one of these. */
export const isSubject = ({ digest }: StatementSubject, found: FileDigest): boolean =>
	(digest.sha256 !== undefined || digest.sha512 !== undefined) &&
	(digest.sha256 ?? found.sha256) === found.sha256 &&
	(digest.sha512 ?? found.sha512) === found.sha512;

const findArtifactDigest = (evidence: Evidence, name: string): FileDigest | undefined => {
	const artifact = evidence.manifest.artifacts.find((each) => each.name === name);
	return artifact && evidence.files.get(artifact.path)?.digest;
};

const toMismatch = ({ path }: BundleLink, problem: string): LinkProblem =>
	toProblem('VERIFY_CHAIN_MISMATCH', path, problem);

/** Every subject is an artifact of this Release, by name and digest. */
const checkAreArtifacts = (
	evidence: Evidence,
	bundle: BundleLink,
	subjects: readonly StatementSubject[] = bundle.attestation.statement.subject,
): LinkProblem[] =>
	subjects.flatMap((subject) => {
		const digest = findArtifactDigest(evidence, subject.name ?? '');
		return digest && isSubject(subject, digest)
			? []
			: [
					toMismatch(
						bundle,
						`speaks of ${JSON.stringify(subject.name?.slice(0, 200) ?? '')} with a digest that no artifact of this Release has`,
					),
				];
	});

/** One subject: the artifact in the bundle's name. npm's statement names it by package URL and sha512. */
const checkIsOne = (evidence: Evidence, bundle: BundleLink): LinkProblem[] => {
	const { manifest } = evidence;
	const artifact = manifest.artifacts.find(({ name }) => name === bundle.of);
	const digest = artifact && evidence.files.get(artifact.path)?.digest;
	const [subject, ...more] = bundle.attestation.statement.subject;
	if (!artifact || !digest)
		return [toProblem('VERIFY_CHAIN_UNKNOWN', bundle.path, 'belongs to no artifact of this Release')];
	const name = bundle.role === 'npm-provenance' ? artifact.purl : artifact.name;
	return subject && more.length === 0 && subject.name === name && isSubject(subject, digest)
		? []
		: [toMismatch(bundle, `expected ${name} with sha256 ${digest.sha256} as the only subject, got another`)];
};

const checkSums = (evidence: Evidence, bundle: BundleLink): LinkProblem[] => {
	const sums = evidence.files.get('SHA256SUMS');
	const [first, ...artifacts] = bundle.attestation.statement.subject;
	if (!sums || first?.name !== 'SHA256SUMS' || !isSubject(first, sums.digest))
		return [toProblem('VERIFY_CHAIN_CHANGED', 'SHA256SUMS', `is not the file that ${bundle.path} signs`)];
	const named = new Set(artifacts.map(({ name }) => name));
	const missing = evidence.manifest.artifacts.filter(({ name }) => !named.has(name));
	return [
		...missing.map(({ path }) => toProblem('VERIFY_CHAIN_MISMATCH', path, `is no subject of ${bundle.path}`)),
		...checkAreArtifacts(evidence, bundle, artifacts),
	];
};

/** The statements speak of this Release's files, by digest, and of nothing else. Records are compared apart. */
export const checkSubjects = (evidence: Evidence, bundles: readonly BundleLink[]): LinkProblem[] =>
	bundles.flatMap((bundle) => {
		switch (bundle.role) {
			case 'npm-provenance':
			case 'sbom-cyclonedx':
			case 'sbom-spdx':
				return checkIsOne(evidence, bundle);
			case 'release':
				return checkSums(evidence, bundle);
			case 'provenance':
			case 'test-result':
			case 'vsa':
				return checkAreArtifacts(evidence, bundle);
			default:
				return [];
		}
	});
