import type { Release } from '@slipway/archive';
import type { Context, Finding } from '@slipway/core';
import type { GateReport } from '@slipway/gate';
import { readStoredReport } from './gate-files.ts';
import { toGateRequest } from './gate-request.ts';
import { openAdvisorySources } from './gate-sources.ts';
import type { OpenedPolicy } from './policy.ts';
import type { OpenProject } from './project.ts';

const toFindings = (
	{ verdicts }: GateReport,
	toOpenErrors: typeof import('@slipway/gate').toOpenErrors,
): Finding[] =>
	verdicts
		.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn')
		.flatMap((each) =>
			toOpenErrors(each).map(({ message, hint }) => ({
				severity: each.verdict === 'fail' ? ('error' as const) : ('warning' as const),
				code: 'GATE_REFUSED',
				message: `${each.id}: ${message}`,
				hint,
			})),
		);

/**
 * Looks again at what ages, right before a release is exposed: vulnerabilities and malware, under the policy as it is now.
 * An emergency that the release was gated under still holds.
 */
export const recheckProject = async (
	project: OpenProject,
	{ release, policy }: { readonly release: Release; readonly policy: OpenedPolicy | undefined },
	context: Context,
): Promise<readonly Finding[]> => {
	const { checkGates, toAgeingGates, toOpenErrors } = await import('@slipway/gate');
	const emergency = (await readStoredReport(release))?.report.emergency;
	const request = await toGateRequest(project, { release, policy, emergency }, context);
	const sources = await openAdvisorySources(project, request.policy);
	const report = await checkGates(toAgeingGates(request, sources), request, context);
	return toFindings(report, toOpenErrors);
};
