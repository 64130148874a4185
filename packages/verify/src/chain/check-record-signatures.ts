import { type Json, type StageName, toCanonicalJson } from '@slipway/core';
import { MAX_SUBJECTS, type StatementSubject } from '@slipway/core/attestation';
import type { BundleLink } from './bundles.ts';
import { isSubject } from './check-subjects.ts';
import { checkSignedAt } from './check-times.ts';
import { toStageBundlePath } from './place.ts';
import { type LinkProblem, toProblem } from './problem.ts';
import type { RecordLink } from './records.ts';

const isSameJson = (a: unknown, b: unknown): boolean => {
	try {
		return toCanonicalJson(a as Json) === toCanonicalJson(b as Json);
	} catch {
		return false;
	}
};

/** After the record itself: what the stage gave out, or took in where it gave out nothing; as many as a statement holds. */
const areMaterials = ({ record }: RecordLink, subjects: readonly StatementSubject[]): boolean => {
	const materials = record.outputs.length > 0 ? record.outputs : record.inputs;
	return isSameJson(
		subjects.map(({ name, digest }) => ({ name, digest })),
		materials.slice(0, MAX_SUBJECTS - 1).map(({ name, digest }) => ({ name, digest })),
	);
};

const checkOne = (link: RecordLink, bundle: BundleLink): LinkProblem[] => {
	const { statement, signedAt } = bundle.attestation;
	const [own, ...materials] = statement.subject;
	if (
		!own ||
		own.name !== link.path ||
		!isSubject(own, link.digest) ||
		!isSameJson(statement.predicate, link.record)
	)
		return [toProblem('VERIFY_CHAIN_CHANGED', link.path, `is not the record that ${bundle.path} signs`)];
	if (!areMaterials(link, materials))
		return [
			toProblem('VERIFY_CHAIN_MISMATCH', bundle.path, `does not speak of the files that ${link.path} names`),
		];
	return checkSignedAt(link, bundle.path, signedAt);
};

/**
 * Every record is signed, as it lies there, by the bundle in its name; no signature belongs to no record.
 * @param unsigned stages that run on this machine just now: their records are signed later
 */
export const checkRecordSignatures = (
	records: readonly RecordLink[],
	bundles: readonly BundleLink[],
	unsigned: readonly StageName[],
): LinkProblem[] => {
	const signatures = bundles.filter(({ role }) => role === 'stage');
	const orphans = signatures.filter(({ of }) => !records.some(({ path }) => path === of));
	return [
		...orphans.map(({ path, of }) =>
			toProblem('VERIFY_CHAIN_MISSING', of ?? path, `expected the record that ${path} signs, found none`),
		),
		...records.flatMap((link) => {
			const bundle = signatures.find(({ of }) => of === link.path);
			if (bundle) return checkOne(link, bundle);
			return unsigned.includes(link.stage)
				? []
				: [
						toProblem(
							'VERIFY_CHAIN_UNSIGNED',
							link.path,
							`expected its signature ${toStageBundlePath(link.path)}, found none`,
						),
					];
		}),
	];
};
