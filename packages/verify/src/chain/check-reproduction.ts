import { record } from '@slipway/core';
import * as v from 'valibot';
import type { BundleLink } from './bundles.ts';
import { type LinkProblem, toProblem } from './problem.ts';
import type { RecordLink } from './records.ts';

/** The part of a test result (in-toto, test-result v0.1) that ties it to a record of the second build. */
const TestResult = v.object({
	result: v.picklist(['PASSED', 'WARNED', 'FAILED']),
	configuration: v.array(v.object({ digest: record(v.string(), v.string()) })),
});

const names = (bundle: BundleLink, records: readonly RecordLink[]): boolean => {
	const parsed = v.safeParse(TestResult, bundle.attestation.statement.predicate);
	return (
		parsed.success &&
		parsed.output.configuration.some(({ digest }) =>
			records.some((record) => record.digest.sha256 === digest.sha256),
		)
	);
};

/** Where a second build was compared, its result is signed, and it is the result of the record that lies here. */
export const checkReproduction = (
	records: readonly RecordLink[],
	bundles: readonly BundleLink[],
): LinkProblem[] => {
	const builds = records.filter(({ stage }) => stage === 'reproduce');
	const results = bundles.filter(({ role }) => role === 'test-result');
	const strangers = results.filter((bundle) => !names(bundle, builds));
	return strangers.map(({ path }) =>
		toProblem('VERIFY_CHAIN_MISMATCH', path, 'is the result of no second build that has a record here'),
	);
};
