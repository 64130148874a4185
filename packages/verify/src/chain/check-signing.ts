import type { BundleLink } from './bundles.ts';
import type { Evidence } from './evidence.ts';
import { type LinkProblem, toProblem } from './problem.ts';
import { isFile, type RecordLink, toOrder } from './records.ts';

const SIGN = toOrder('sign');

/** Signing names every bundle that it wrote; these come after it, or from elsewhere. */
const isLater = (bundle: BundleLink, records: readonly RecordLink[]): boolean => {
	if (bundle.role === 'vsa' || bundle.role === 'revocation') return true;
	const record = records.find(({ path }) => path === bundle.of);
	return bundle.role === 'stage' && record !== undefined && record.order >= SIGN;
};

const isNamed = ({ record }: RecordLink, path: string, evidence: Evidence): boolean => {
	const file = evidence.files.get(path);
	return record.outputs.some(
		(named) => named.name === path && file !== undefined && isFile(named, file.digest),
	);
};

/** What the record of signing says it wrote is what lies there: nothing was put in, taken out or exchanged since. */
export const checkSigning = (
	evidence: Evidence,
	{ records, bundles }: { readonly records: readonly RecordLink[]; readonly bundles: readonly BundleLink[] },
): LinkProblem[] => {
	const signings = records.filter(({ stage }) => stage === 'sign');
	const [first] = signings;
	if (!first) return [];
	return bundles
		.filter((bundle) => !isLater(bundle, records))
		.filter(({ path }) => !signings.some((signing) => isNamed(signing, path, evidence)))
		.map(({ path }) =>
			toProblem('VERIFY_CHAIN_MISMATCH', path, `is not the attestation that ${first.path} names`),
		);
};
