import type { Artifact, Json, Manifest, StageRecord } from '@slipway/core';
import {
	MAX_SUBJECTS,
	PREDICATE_TYPES,
	type Revocation,
	type Statement,
	type StatementSubject,
	toStatement,
} from '@slipway/core/attestation';
import type { GithubPlatform, Platform } from './platform.ts';
import { toNpmProvenance, toProvenance } from './provenance.ts';

/** A file by its sha256. */
export interface NamedFile {
	readonly name: string;
	readonly digest: { readonly sha256: string; readonly sha512?: string | undefined };
}

const toSubject = ({ name, digest: { sha256, sha512 } }: NamedFile): StatementSubject => ({
	name,
	digest: { sha256, ...(sha512 !== undefined && { sha512 }) },
});

/** Statements of one predicate about many subjects, none with more than a statement may have. */
export const splitStatement = <Predicate extends object>(
	{ predicateType, subject, predicate }: Statement<Predicate>,
	max = MAX_SUBJECTS,
): Statement<Predicate>[] =>
	Array.from({ length: Math.max(1, Math.ceil(subject.length / max)) }, (_, index) =>
		toStatement(predicateType, subject.slice(index * max, (index + 1) * max), predicate),
	);

/** SLSA provenance of every artifact of a Release: one statement, or several above 1,024 artifacts. */
export const toProvenanceStatements = (manifest: Manifest, platform: Platform): Statement[] =>
	splitStatement(
		toStatement(
			PREDICATE_TYPES.provenance,
			manifest.artifacts.map(toSubject),
			toProvenance(platform, manifest),
		),
	);

/** SLSA provenance of one npm package: one subject, named by its purl, with sha512 alone (npm accepts no other form). */
export const toNpmStatement = (
	{ purl, sha512 }: { readonly purl: string; readonly sha512: string },
	platform: GithubPlatform,
): Statement =>
	toStatement(PREDICATE_TYPES.provenance, [{ name: purl, digest: { sha512 } }], toNpmProvenance(platform));

/** An SBOM as the predicate of its artifact. */
export const toSbomStatement = (
	format: 'cyclonedx' | 'spdx',
	artifact: Artifact,
	sbom: Readonly<Record<string, Json>>,
): Statement => toStatement(PREDICATE_TYPES[`sbom-${format}`], [toSubject(artifact)], sbom);

/**
 * A stage's record: the record itself is the predicate. Subjects are its file first, then what the stage gave out, or
 * took in where it gave out nothing; what exceeds 1,024 is named in the predicate alone.
 */
export const toStageStatement = (
	file: { readonly path: string; readonly digest: { readonly sha256: string } },
	record: StageRecord,
): Statement => {
	const files = record.outputs.length > 0 ? record.outputs : record.inputs;
	const subjects = [{ name: file.path, digest: file.digest }, ...files].slice(0, MAX_SUBJECTS);
	return toStatement(PREDICATE_TYPES.stage, subjects.map(toSubject), record);
};

/**
 * The result of a second build as a test result: which artifacts came out with the same bytes. It says nothing of SLSA:
 * two builds by one project are not two independent platforms.
 */
export const toReproductionStatement = (
	record: { readonly path: string; readonly digest: { readonly sha256: string } },
	artifacts: readonly Artifact[],
	isIdentical: (artifact: Artifact) => boolean,
): Statement => {
	const toTest = ({ name }: Artifact): string => `byte-identical: ${name}`;
	const failed = artifacts.filter((artifact) => !isIdentical(artifact));
	return toStatement(PREDICATE_TYPES['test-result'], artifacts.slice(0, MAX_SUBJECTS).map(toSubject), {
		result: failed.length === 0 ? 'PASSED' : 'FAILED',
		configuration: [{ name: record.path, digest: record.digest }],
		passedTests: artifacts.filter(isIdentical).map(toTest),
		failedTests: failed.map(toTest),
	});
};

/** SHA256SUMS and every artifact as one release of the project (in-toto release predicate v0.2). */
export const toReleaseStatements = (manifest: Manifest, sums: NamedFile): Statement[] => {
	const purl = `pkg:generic/${encodeURIComponent(manifest.project)}@${encodeURIComponent(manifest.version)}`;
	const artifacts = toStatement(PREDICATE_TYPES.release, manifest.artifacts.map(toSubject), { purl });
	return splitStatement(artifacts, MAX_SUBJECTS - 1).map((statement) => ({
		...statement,
		subject: [toSubject(sums), ...statement.subject],
	}));
};

/** A revocation notice about files; notices about keys and builders name their own text as subject. */
export const toRevocationStatement = (subjects: readonly NamedFile[], revocation: Revocation): Statement =>
	toStatement(PREDICATE_TYPES.revocation, subjects.map(toSubject), revocation);
