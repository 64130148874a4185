import { parseJson, toMessage } from '@slipway/core';
import type { PinnedPolicy } from '@slipway/core/policy';
import * as v from 'valibot';
import { findGatePolicy } from './check-materials.ts';
import type { Evidence } from './evidence.ts';
import { type LinkProblem, toProblem } from './problem.ts';
import type { RecordLink } from './records.ts';

const REPORT = 'gate/report.json';

/** The head of a gate report. */
const Report = v.object({
	project: v.string(),
	version: v.string(),
	policy: v.nullable(v.object({ sha256: v.string() })),
	overall: v.picklist(['pass', 'warn', 'fail']),
});

const checkReport = (
	{ manifest }: Evidence,
	report: v.InferOutput<typeof Report>,
	recorded: string | null,
): LinkProblem[] => {
	const problem = (text: string) => [toProblem('VERIFY_CHAIN_MISMATCH', REPORT, text)];
	if (report.project !== manifest.project || report.version !== manifest.version)
		return problem(
			`is about ${JSON.stringify(`${report.project} ${report.version}`.slice(0, 200))}, not ${manifest.project} ${manifest.version}`,
		);
	if ((report.policy?.sha256 ?? null) !== recorded)
		return problem(`names policy ${report.policy?.sha256 ?? '(none)'}, its record ${recorded ?? '(none)'}`);
	return report.overall === 'fail'
		? problem('expected the gate to have passed, it refused this Release')
		: [];
};

/**
 * The gate passed, on this Release, under the policy that its record names.
 * @param same the policy that it must have been; undefined: any
 */
export const checkGate = (
	evidence: Evidence,
	records: readonly RecordLink[],
	same: PinnedPolicy | undefined,
): LinkProblem[] => {
	const recorded = findGatePolicy(records);
	const bytes = evidence.files.get(REPORT)?.bytes;
	if (recorded === undefined || !bytes) return [];
	const gate = records.find(({ stage }) => stage === 'gate')?.path ?? REPORT;
	const other =
		same && recorded !== same.digest.sha256
			? [
					toProblem(
						'VERIFY_CHAIN_MISMATCH',
						gate,
						`ran under policy ${recorded ?? '(none)'}, expected ${same.digest.sha256} (${same.from})`,
					),
				]
			: [];
	try {
		const parsed = v.safeParse(Report, parseJson(bytes, REPORT));
		return parsed.success
			? [...other, ...checkReport(evidence, parsed.output, recorded)]
			: [...other, toProblem('VERIFY_CHAIN_CHANGED', REPORT, 'is no report of a gate')];
	} catch (cause) {
		return [
			...other,
			toProblem('VERIFY_CHAIN_CHANGED', REPORT, `cannot be read: ${toMessage(cause)}`, cause),
		];
	}
};
