import type { Context } from '@slipway/core';
import { openGitHubRest } from '../join/github.ts';
import { type Door, openProject } from '../join/project.ts';
import { checkApt } from './check-apt.ts';
import { checkCallers } from './check-callers.ts';
import { checkEnvironments } from './check-environments.ts';
import { checkNpm } from './check-npm.ts';
import { checkPolicy } from './check-policy.ts';
import { checkRepository } from './check-repository.ts';
import { checkSigstore } from './check-sigstore.ts';
import { checkTools } from './check-tools.ts';
import type { Check, Examination } from './examination.ts';
import { bad, fromThrown, type Observation } from './observation.ts';

export interface Diagnosis {
	readonly project: string;
	readonly version: string;
	readonly observations: readonly Observation[];
}

/** Everything that a doctor looks at, in the order in which it is told. */
const CHECKS: readonly Check[] = [
	checkTools,
	checkCallers,
	checkPolicy,
	checkRepository,
	checkEnvironments,
	checkNpm,
	checkApt,
	checkSigstore,
];

/** How long one look may take: whoever waits for a doctor wants to know what is wrong, also that something is slow. */
const DEADLINE_MS = 10_000;

const examine = async ({ about, look }: Check, examination: Examination): Promise<readonly Observation[]> => {
	const deadline = AbortSignal.timeout(DEADLINE_MS);
	const signal = AbortSignal.any([examination.context.signal, deadline]);
	const context = { ...examination.context, signal };
	const rest = examination.rest?.within(context);
	try {
		return await look({ ...examination, rest, context });
	} catch (thrown) {
		examination.context.signal.throwIfAborted();
		if (!deadline.aborted) return [fromThrown(about, thrown)];
		return [
			bad('unknown', 'DOCTOR_TIMEOUT', {
				about,
				message: `no answer within ${DEADLINE_MS / 1000} s`,
				action: 'Look at the network, then run the command again.',
			}),
		];
	}
};

/**
 * Looks at every credential, permission and setting that a release, its rollback and its verification need. Reads only;
 * everything at once.
 * @throws SlipwayError PROJECT_*, CONFIG_*
 */
export const diagnose = async (door: Door, context: Context): Promise<Diagnosis> => {
	const project = await openProject(door);
	const rest = await openGitHubRest(project);
	const found = await Promise.all(CHECKS.map((check) => examine(check, { project, rest, context })));
	return { project: project.project, version: project.version, observations: found.flat() };
};
