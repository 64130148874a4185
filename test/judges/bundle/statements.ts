import { PREDICATE_TYPES, type Statement } from '@slipway/core/attestation';
import {
	type GithubPlatform,
	parseIdToken,
	toNpmStatement,
	toPlatform,
	toProvenanceStatements,
	toReleaseStatements,
	toReproductionStatement,
	toRevocationStatement,
	toSbomStatement,
	toStageStatement,
	toVsaStatement,
} from '@slipway/sign';
import type { World } from '../world.ts';
import type { SubjectFile } from './exhibit.ts';
import type { StatementKind } from './kinds.ts';
import { type JudgedRelease, toJudgedRelease } from './release.ts';
import type { Subjects } from './subjects.ts';

/** Which file a statement of that kind is held against. */
export const toSubjectFile = (kind: StatementKind, { artifact, tarball, record }: Subjects): SubjectFile => {
	if (kind === 'npm provenance') return tarball;
	return kind === 'stage' ? record : artifact;
};

export const toPredicateType = (kind: StatementKind): string =>
	PREDICATE_TYPES[kind === 'npm provenance' ? 'provenance' : kind];

interface Facts extends JudgedRelease {
	readonly platform: GithubPlatform;
	/** A file that lies beside the artifacts, by digest; what it holds is of no importance here. */
	readonly file: {
		readonly name: string;
		readonly path: string;
		readonly digest: { readonly sha256: string };
	};
}

const SUMMARY = {
	verifier: { id: 'https://example.org/slipway', version: { slipway: '0.0.0' } },
	timeVerified: '2026-11-21T12:00:00Z',
	resourceUri: 'pkg:npm/greet@1.0.0',
	verificationResult: 'PASSED',
	verifiedLevels: ['SLSA_BUILD_LEVEL_2'],
	slsaVersion: '1.1',
} as const;

/** How Slipway itself writes each of them. */
const WRITERS: Readonly<Record<StatementKind, (facts: Facts) => Statement | undefined>> = {
	provenance: ({ manifest, platform }) => toProvenanceStatements(manifest, platform)[0],
	'npm provenance': ({ artifact: { purl, digest }, platform }) =>
		toNpmStatement({ purl, sha512: digest.sha512 ?? '' }, platform),
	'sbom-cyclonedx': ({ artifact, cycloneDx }) => toSbomStatement('cyclonedx', artifact, cycloneDx),
	'sbom-spdx': ({ artifact, spdx }) => toSbomStatement('spdx', artifact, spdx),
	stage: ({ file, record }) => toStageStatement(file, record),
	'test-result': ({ file, artifact }) => toReproductionStatement(file, [artifact], () => true),
	release: ({ manifest, file }) => toReleaseStatements(manifest, file)[0],
	vsa: ({ artifact: { name, digest }, file }) => {
		const inputs = [{ uri: file.path, digest: file.digest }];
		const policy = { uri: 'slipway.policy.yml', digest: file.digest };
		return toVsaStatement([{ name, digest: { sha256: digest.sha256 } }], {
			...SUMMARY,
			policy,
			inputAttestations: inputs,
		});
	},
	revocation: ({ artifact, file: { digest } }) =>
		toRevocationStatement([artifact], {
			date: '2026-11-21T12:00:00Z',
			reason: 'The key was lost',
			keys: [digest.sha256],
			builders: [],
			subjects: true,
		}),
};

const toFacts = ({ sigstore, subjects }: World): Facts => {
	const platform = toPlatform(parseIdToken(sigstore.toToken()).claims, {});
	if (platform.kind !== 'github') throw new Error('expected the token of a workflow');
	const path = 'records/build-linux-x64.json';
	const file = { name: path, path, digest: { sha256: subjects.record.digest } };
	return { ...toJudgedRelease(subjects), platform, file };
};

/** Statements of these kinds, as a release of that run makes them. */
export const toJudgedStatements = (kinds: readonly StatementKind[], world: World): readonly Statement[] => {
	const facts = toFacts(world);
	return kinds.map((kind) => {
		const statement = WRITERS[kind](facts);
		if (!statement) throw new Error(`expected a statement of ${kind}`);
		return statement;
	});
};
