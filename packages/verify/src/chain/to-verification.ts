import { toBuildLevel } from './build-level.ts';
import type { BundleLink } from './bundles.ts';
import { findGatePolicy } from './check-materials.ts';
import { isSubject } from './check-subjects.ts';
import type { Evidence } from './evidence.ts';
import { isFile, type RecordLink } from './records.ts';
import type {
	ReleaseVerification,
	ReleaseVerificationRequest,
	VerifiedArtifact,
	VerifiedLink,
	VerifiedStage,
} from './release-verification.ts';
import type { Chain } from './verify-release-folder.ts';

const toLink = ({ path, kind, attestation }: BundleLink): VerifiedLink => ({
	path,
	sha256: attestation.bundleDigest,
	kind,
	signer: attestation.signer,
	signedAt: attestation.signedAt,
	logs: attestation.logs.map(({ url }) => url),
	certificate: attestation.certificate,
});

const toArtifacts = ({ manifest, files }: Evidence, bundles: readonly BundleLink[]): VerifiedArtifact[] =>
	manifest.artifacts.flatMap(({ name, path, purl }) => {
		const file = files.get(path);
		if (!file) return [];
		const own = bundles.filter(
			({ role, attestation }) =>
				role !== 'stage' && attestation.statement.subject.some((subject) => isSubject(subject, file.digest)),
		);
		return [
			{ name, path, purl, size: file.size, ...file.digest, attestations: own.map((bundle) => bundle.path) },
		];
	});

const toStage = (link: RecordLink, { records, bundles }: Chain): VerifiedStage => {
	const { tool, platform, start, end, inputs, outputs, follows } = link.record;
	return {
		stage: link.stage,
		path: link.path,
		sha256: link.digest.sha256,
		tool,
		platform,
		start,
		end,
		inputs: inputs.length,
		outputs: outputs.length,
		follows: records
			.filter(({ digest }) => follows.some((named) => isFile(named, digest)))
			.map(({ path }) => path),
		signature: bundles.find(({ role, of }) => role === 'stage' && of === link.path)?.path ?? null,
	};
};

/** What is said of a Release after all checks passed. */
export const toVerification = (
	chain: Chain,
	{ policy, trust, clock }: ReleaseVerificationRequest,
): ReleaseVerification => {
	const { evidence, records, bundles } = chain;
	const { project, version, source } = evidence.manifest;
	const gatePolicy = findGatePolicy(records) ?? null;
	return {
		project,
		version,
		source,
		manifest: { sha256: evidence.files.get('manifest.json')?.digest.sha256 ?? '' },
		policy: { sha256: policy.digest.sha256, from: policy.from },
		gatePolicy:
			gatePolicy === null ? null : { sha256: gatePolicy, isSame: gatePolicy === policy.digest.sha256 },
		trust: { source: trust.source, age: trust.age },
		artifacts: toArtifacts(evidence, bundles),
		stages: records.map((link) => toStage(link, chain)),
		attestations: bundles.map(toLink),
		buildLevel: toBuildLevel(evidence, bundles),
		verifiedAt: new Date(clock.now()),
	};
};
