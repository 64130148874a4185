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

/** SHA256SUMS first, then artifacts. */
const checkSums = (evidence: Evidence, bundle: BundleLink): LinkProblem[] => {
	const sums = evidence.files.get('SHA256SUMS');
	const [first, ...artifacts] = bundle.attestation.statement.subject;
	if (!sums || first?.name !== 'SHA256SUMS' || !isSubject(first, sums.digest))
		return [toProblem('VERIFY_CHAIN_CHANGED', 'SHA256SUMS', `is not the file that ${bundle.path} signs`)];
	return checkAreArtifacts(evidence, bundle, artifacts);
};

/** Where statements of a kind are about all artifacts, together they name each one. */
const checkComplete = (
	{ manifest }: Evidence,
	bundles: readonly BundleLink[],
	wanted: 'provenance' | 'release',
): LinkProblem[] => {
	const own = bundles.filter(({ role }) => role === wanted);
	const named = new Set(
		own.flatMap(({ attestation }) => attestation.statement.subject.map(({ name }) => name)),
	);
	return manifest.artifacts
		.filter(({ name }) => own.length > 0 && !named.has(name))
		.map(({ path }) => toProblem('VERIFY_CHAIN_MISMATCH', path, `is no subject of ${own[0]?.path}`));
};

const checkOne = (evidence: Evidence, bundle: BundleLink): LinkProblem[] => {
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
};

/** The statements speak of this Release's files, by digest, and of nothing else. Records are compared apart. */
export const checkSubjects = (evidence: Evidence, bundles: readonly BundleLink[]): LinkProblem[] => [
	...bundles.flatMap((bundle) => checkOne(evidence, bundle)),
	...checkComplete(evidence, bundles, 'provenance'),
	...checkComplete(evidence, bundles, 'release'),
];
