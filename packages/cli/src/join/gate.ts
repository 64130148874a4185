import type { Release } from '@slipway/archive';
import type { Context } from '@slipway/core';
import type { Emergency } from '@slipway/gate';
import { findEarlierReport, type StoredReport, writeGateFiles } from './gate-files.ts';
import { withQuality } from './gate-quality.ts';
import { toGateRequest } from './gate-request.ts';
import { openAdvisorySources } from './gate-sources.ts';
import { type OpenedPolicy, openPolicy } from './policy.ts';
import type { OpenProject } from './project.ts';

/** Who declares an emergency, and why. */
export type EmergencyRequest = Emergency;

export interface GateOptions {
	readonly emergency?: EmergencyRequest | undefined;
	/** Throw where a gate fails. Default false: the report says so. */
	readonly refuse?: boolean | undefined;
	/** Look again also where a report about the same bytes, SBOMs and policy lies in the Release. */
	readonly again?: boolean | undefined;
	/** A policy named by hand. */
	readonly policyFile?: string | undefined;
}

/** What the gates said, and under which policy. */
export interface Gated extends StoredReport {
	readonly policy: { readonly sha256: string; readonly from: string } | null;
}

const warn = (policy: OpenedPolicy | undefined, { log }: Context): void => {
	if (!policy) log.info('the project has no policy (slipway.policy.yml): the defaults of every gate hold');
	for (const { message } of policy?.findings ?? []) log.warning(message);
};

/** Runs every gate on a Release and leaves gate/ and the record of the stage in it. */
const look = async (
	project: OpenProject,
	{ release, policy, emergency, again }: GateOptions & { release: Release; policy: OpenedPolicy | undefined },
	context: Context,
): Promise<StoredReport> => {
	const { BYTE_GATES, checkGates, toDataGates } = await import('@slipway/gate');
	const request = await toGateRequest(project, { release, policy, emergency }, context);
	const start = context.clock.now();
	const earlier = again ? undefined : await findEarlierReport(request, start);
	if (earlier) return earlier;
	const sources = await openAdvisorySources(project, request.policy);
	const scored = await withQuality(request);
	const report = await checkGates([...toDataGates(scored, sources), ...BYTE_GATES], scored, context);
	return writeGateFiles(scored, report, { start, end: context.clock.now() });
};

/**
 * The gate stage: every gate looks at the Release under the project's policy (the defaults where it has none); its report
 * and record are left in the Release.
 * @throws SlipwayError GATE_REFUSED where `refuse` is set, GATE_EMERGENCY_INVALID, RELEASE_*, POLICY_*
 */
export const gateProject = async (
	project: OpenProject,
	release: Release,
	options: GateOptions,
	context: Context,
): Promise<Gated> => {
	const { verifyGates } = await import('@slipway/gate');
	const policy = await openPolicy(project, { file: options.policyFile });
	warn(policy, context);
	const stored = await look(project, { ...options, release, policy }, context);
	if (options.refuse) verifyGates(stored.report);
	return { ...stored, policy: policy ? { sha256: policy.digest.sha256, from: policy.from } : null };
};
