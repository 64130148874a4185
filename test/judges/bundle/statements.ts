import { PREDICATE_TYPES, type Statement, toStatement } from '@slipway/core/attestation';
import type { SubjectFile } from './exhibit.ts';
import type { StatementKind } from './kinds.ts';
import { PREDICATES } from './predicates.ts';
import type { Subjects } from './subjects.ts';

const toDescriptor = (name: string, { algorithm, digest }: SubjectFile) => ({
	name,
	digest: { [algorithm]: digest },
});

/** Which file a statement of that kind is held against. */
export const toSubjectFile = (kind: StatementKind, { artifact, tarball, record }: Subjects): SubjectFile => {
	if (kind === 'npm provenance') return tarball;
	return kind === 'stage' ? record : artifact;
};

export const toPredicateType = (kind: StatementKind): string =>
	PREDICATE_TYPES[kind === 'npm provenance' ? 'provenance' : kind];

const toName = (kind: StatementKind): string => {
	if (kind === 'npm provenance') return 'pkg:npm/greet@1.0.0';
	return kind === 'stage' ? 'records/build-linux-x64.json' : 'greet-1.0.0.tgz';
};

/** A statement of each kind about the files; npm's names one subject alone, the others a second one besides. */
export const toJudgedStatement = (kind: StatementKind, subjects: Subjects): Statement => {
	const subject = toDescriptor(toName(kind), toSubjectFile(kind, subjects));
	const besides = toDescriptor('SHA256SUMS', { ...subjects.artifact, digest: 'c'.repeat(64) });
	const all = kind === 'npm provenance' ? [subject] : [subject, besides];
	return toStatement(toPredicateType(kind), all, PREDICATES[kind]);
};
