import { type Context, type Manifest, type Publisher, SlipwayError } from '@slipway/core';
import { type Adopted, adoptPlan, freezePlan, repointPlan } from './adopt.ts';
import { type Boundary, toBoundaryPhase } from './boundary.ts';
import type { ReleaseCode } from './code.ts';
import { checkContract } from './contract.ts';
import { examine } from './examine.ts';
import { checkPointers, exposeAll } from './expose.ts';
import { type Claim, claimFence, joinFence, waitUntilFree } from './fence.ts';
import { finish, type Phase, runPhases, toReport } from './finish.ts';
import type { HistoryEntry, Journal, Run } from './journal.ts';
import { type Operation, type Stop, toOperation } from './operation.ts';
import type { ReleaseReport } from './outcome.ts';
import { findPlanDifferences, type Plan, type PlannedEvidence } from './plan.ts';
import { SubjectStates } from './subject-states.ts';
import { uploadDirect, uploadHidden } from './upload.ts';
import { verifySubjects } from './verify.ts';
import { checkGone, withdrawAll } from './withdraw.ts';

/** What every operation needs: whose journal, which targets, which run. */
export interface Project {
	readonly journal: Journal;
	readonly publishers: readonly Publisher[];
	readonly run: Run;
	readonly boundary?: Boundary | undefined;
	/** Why another release's unfinished operation is overruled. */
	readonly takeOver?: string | undefined;
	/** How long (ms) to wait for another release to end. */
	readonly waitMs?: number | undefined;
	/** An earlier job of this run has claimed; this one may not write the journal, and what it records is folded in later. */
	readonly claimed?: boolean | undefined;
}

export interface ReleaseRequest extends Project {
	readonly manifest: Manifest;
	readonly onFailure: 'rollback' | 'hold';
	/** Where the bytes are kept, for whoever continues. */
	readonly place: string;
	readonly line?: string | undefined;
	/** What the release was gated under, and what the gates said. */
	readonly evidence?: PlannedEvidence | undefined;
	/** Plan the pointers afresh, because somebody else moved them meanwhile. */
	readonly repoint?: boolean | undefined;
}

/**
 * Planning has just asked every target; a run that goes on with an older plan asks again, before its first change, for all
 * that going forward and going back need: credentials, keys, clocks. A version to go back to that has gone, or was withdrawn
 * itself, is a warning: the plan did not ask for it either, and the release may be what replaces it.
 */
const checkTargets = async (operation: Operation): Promise<Stop | undefined> => {
	if (!operation.resumed) return undefined;
	const found = (await examine(operation, 'rollback')).filter(({ severity }) => severity === 'error');
	for (const { target, message } of found.filter(({ onlyBack }) => onlyBack))
		operation.context.log.warning(`${target}: there may be no way back from this release: ${message}`);
	const errors = found.filter(({ onlyBack }) => !onlyBack);
	if (errors.length === 0) return undefined;
	const reasons = errors.map(
		({ target, code, message, hint }) => `${target}: ${code} ${message} (do: ${hint})`,
	);
	return { state: 'HELD', reason: reasons.join('; ') };
};

const hides = ({ mode }: { readonly mode: { readonly hides: boolean } }): boolean => mode.hides;

/** Uploads and checks of hidden bytes: nobody resolves anything new yet. */
export const HIDDEN_PHASES: readonly Phase[] = [
	toBoundaryPhase('upload'),
	{ name: 'upload hidden', run: uploadHidden },
	{ name: 'verify hidden', run: (operation) => verifySubjects(operation, 'hidden', hides) },
];

/** From the last check of all pointers to the look through a consumer's eyes. */
export const VISIBLE_PHASES: readonly Phase[] = [
	toBoundaryPhase('expose'),
	{ name: 'check pointers', run: checkPointers },
	{ name: 'publish what cannot hide', run: uploadDirect },
	{ name: 'expose', run: exposeAll },
	{ name: 'verify as a consumer', run: (operation) => verifySubjects(operation, 'exposed') },
];

/** The release, as a table of contents: plan and claim come before, the record after. */
export const RELEASE_PHASES: readonly Phase[] = [
	{ name: 'check targets', run: checkTargets },
	...HIDDEN_PHASES,
	...VISIBLE_PHASES,
];

const MAY_HAVE_EXPOSED = new Set(['publish what cannot hide', 'expose', 'verify as a consumer']);

export const toLast = (history: readonly HistoryEntry[], version: string): HistoryEntry | undefined =>
	history.findLast(({ fence }) => fence.version === version);

/** What the journal tells of one version. */
export interface Past {
	readonly last: HistoryEntry | undefined;
	/** Another version was released after it. */
	readonly isSuperseded: boolean;
}

export const toPast = (history: readonly HistoryEntry[], version: string): Past => {
	const last = toLast(history, version);
	const since = last?.fence.number ?? Number.POSITIVE_INFINITY;
	const isSuperseded = history.some(
		({ fence, end }) => fence.number > since && fence.version !== version && end?.state === 'COMPLETED',
	);
	return { last, isSuperseded };
};

const refused = (message: string, hint: string): SlipwayError =>
	new SlipwayError<ReleaseCode>('OPERATION_REFUSED', message, { hint });

/**
 * What was taken back, or is being taken back, is not released again by accident.
 * @throws SlipwayError OPERATION_REFUSED
 */
const checkMayRelease = (last: HistoryEntry | undefined, version: string): void => {
	if (!last) return;
	const { operation } = last.fence;
	const ended = last.end?.state;
	if (ended === 'ABORTED')
		throw refused(`${version} was aborted; its version number may be used up`, 'Release the next version.');
	if (ended === 'ROLLED_BACK')
		throw refused(
			`${version} was rolled back`,
			`Bring it back with: slipway restore ${version} --yes, or release the next version.`,
		);
	const isForward = operation === 'release' || (operation === 'restore' && ended === 'COMPLETED');
	if (isForward) return;
	throw refused(
		`${operation} of ${version} has begun and not come to its end (${ended ?? 'cut off'})`,
		`Finish it first: slipway continue ${version}; on GitHub start the operation ${operation} again.`,
	);
};

/**
 * All or none: what was exposed is withdrawn again because one target could not be. Cut off here, the next run tries to
 * expose once more and comes back here only when that still fails: no record decides, the targets do.
 */
const compensate = async (operation: Operation, stop: Stop): Promise<Stop> => {
	const { plan, context } = operation;
	context.log.warning(`${stop.reason}. Withdrawing what was exposed`);
	await operation.records.record('compensate', { phase: 'compensate', reason: stop.reason });
	const why = `release ${plan.version} could not be exposed everywhere`;
	const failed =
		(await withdrawAll(operation, { from: 'exposed', reason: why })) ?? (await checkGone(operation));
	if (!failed) return { state: 'ROLLED_BACK', reason: stop.reason };
	return { ...failed, reason: `${stop.reason}; then withdrawing failed: ${failed.reason}` };
};

const isCompensated = (operation: Operation, stop: Stop, at: Phase | undefined): boolean =>
	stop.state === 'HELD' &&
	operation.plan.policy.onFailure === 'rollback' &&
	at !== undefined &&
	MAY_HAVE_EXPOSED.has(at.name);

export const runRelease = async (operation: Operation): Promise<ReleaseReport> => {
	const { stop, at, times } = await runPhases(operation, RELEASE_PHASES);
	if (!stop)
		return finish(operation, {
			state: 'COMPLETED',
			reason: 'every target shows this release',
			operation: 'release',
			times,
		});
	const end = isCompensated(operation, stop, at) ? await compensate(operation, stop) : stop;
	return finish(operation, { ...end, operation: 'release', times });
};

/**
 * A plan belongs to the places it was made for: another registry under the same name would get bytes nobody planned there.
 * @throws SlipwayError OPERATION_REFUSED
 */
const checkPlaces = (plan: Plan, publishers: readonly Publisher[]): void => {
	const moved = plan.targets.flatMap(({ id, description }) => {
		const now = publishers.find((publisher) => publisher.id === id)?.description ?? description;
		return now === description ? [] : [`${id}: planned for ${description}, configured is ${now}`];
	});
	if (moved.length > 0)
		throw refused(moved.join('; '), 'Configure the targets as they were when the release began.');
};

/**
 * Takes the fence for an operation on an adopted plan.
 * @throws SlipwayError OPERATION_REFUSED, PUBLISHER_CONTRACT_UNKNOWN, FENCE_*
 */
export const claim = async (
	project: Project,
	{ plan, releaseId }: Adopted,
	{ context, ...claimed }: Pick<Claim, 'operation' | 'reason' | 'check'> & { readonly context: Context },
): Promise<Operation> => {
	const { journal, publishers, run, takeOver, waitMs, boundary } = project;
	publishers.forEach(checkContract);
	checkPlaces(plan, publishers);
	const wanted = { version: plan.version, releaseId, run, takeOver, waitMs, ...claimed };
	const { fence, history } = project.claimed
		? await joinFence(journal, wanted)
		: await claimFence(journal, wanted, context);
	// Also somebody who has claimed the same release a moment ago: what he sent until then is not known either.
	const resumed = history.some((entry) => entry.fence.releaseId === releaseId);
	return toOperation({ plan, releaseId, publishers, journal, fence, resumed, boundary }, context);
};

const adopt = (request: ReleaseRequest, context: Context): Promise<Adopted> => {
	const { journal, manifest, claimed, repoint } = request;
	if (claimed) return adoptPlan(journal, manifest.version);
	return (repoint ? repointPlan : freezePlan)(journal, request, context);
};

/** Freezes or adopts the plan and claims the project, or reports that the plan is for other bytes. */
export const claimRelease = async (
	request: ReleaseRequest,
	context: Context,
): Promise<Operation | ReleaseReport> => {
	const { journal, manifest } = request;
	if (manifest.project !== journal.project)
		throw refused(
			`the Release folder is of ${manifest.project}, the project is ${journal.project}`,
			'Name the Release folder of this project with --release, or build again.',
		);
	const { version } = manifest;
	const check = (history: readonly HistoryEntry[]): void =>
		checkMayRelease(toLast(history, version), version);
	check(await waitUntilFree(journal, { ...request, version }, context));
	const adopted = await adopt(request, context);
	const differences = findPlanDifferences(adopted.plan, manifest);
	if (differences.length > 0) {
		const reason = `the Release folder does not hold what was planned: ${differences.join('; ')}`;
		return toReport(
			{ ...adopted, states: new SubjectStates(adopted.plan) },
			{ state: 'STOPPED_MISMATCH', reason, operation: 'release', next: `slipway status ${version}` },
		);
	}
	return claim(request, adopted, { operation: 'release', reason: null, check, context });
};

/**
 * Releases a built Release folder to all targets as one, or goes on with what an earlier run began.
 * @throws SlipwayError PLAN_REFUSED, FENCE_HELD, FENCE_LOST, OPERATION_REFUSED
 */
export const release = async (request: ReleaseRequest, context: Context): Promise<ReleaseReport> => {
	const claimed = await claimRelease(request, context);
	return 'state' in claimed ? claimed : runRelease(claimed);
};
