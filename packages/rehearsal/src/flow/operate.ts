import { SlipwayError } from '@slipway/core';
import type { EndState, ReleaseReport } from '@slipway/release';
import type { RehearsalCode } from '../code.ts';
import type { FaultDefinition, FaultTarget } from '../faults/fault.ts';
import type { Services } from '../services/start-services.ts';
import { runOperation, type Slipway, startOperation } from '../slipway/slipway.ts';
import type { Draft } from './draft.ts';

const MAX_RERUNS = 5;

const toProblems = ({ subjects }: ReleaseReport): readonly string[] =>
	subjects.flatMap(({ target, subject, problem }) => (problem ? [`${target} ${subject}: ${problem}`] : []));

const unexpected = (report: ReleaseReport, expected: EndState): SlipwayError =>
	new SlipwayError<RehearsalCode>(
		'REHEARSAL_STATE_UNEXPECTED',
		[
			`${report.operation}: expected ${expected}, got ${report.state}: ${report.reason}`,
			...toProblems(report),
		].join('\n'),
		{
			hint:
				report.next === null
					? 'Nothing is left to do for this release.'
					: `In earnest you would go on with: ${report.next}`,
		},
	);

/**
 * Runs one operation and keeps its report.
 * @throws SlipwayError REHEARSAL_STATE_UNEXPECTED, and what the command reported
 */
export const operate = async (
	draft: Draft,
	slipway: Slipway,
	{ args, expected }: { readonly args: readonly string[]; readonly expected: EndState },
): Promise<void> => {
	const report = await runOperation(slipway, args);
	draft.reports.push(report);
	if (report.state !== expected) throw unexpected(report, expected);
};

/** Does what a maintainer does in a browser: approves what waits for approval. */
const approveStaged = async ({ registry }: Services, names: readonly string[]): Promise<number> => {
	const staged = registry.control.staged().filter(({ packageName }) => names.includes(packageName));
	for (const { id } of staged) await registry.control.approve(id);
	return staged.length;
};

/** The release; where it waits for a person's approval on npm, that is given, and it goes on. */
export const operateRelease = async (draft: Draft, slipway: Slipway, services: Services): Promise<void> => {
	const names = draft.project.npmPackages.map(({ name }) => name);
	const report = await runOperation(slipway, ['release']);
	draft.reports.push(report);
	if (report.state === 'COMPLETED') return;
	const approved = report.state === 'PENDING_EXTERNAL' ? await approveStaged(services, names) : 0;
	if (approved === 0) throw unexpected(report, 'COMPLETED');
	draft.notes.push(
		`npm waited for a person: ${approved} staged version(s) were approved, and the release went on.`,
	);
	await operate(draft, slipway, { args: ['continue', draft.project.version], expected: 'COMPLETED' });
};

const runFaulty = async (
	draft: Draft,
	slipway: Slipway,
	{
		fault,
		target,
	}: { readonly fault: FaultDefinition; readonly target: Omit<FaultTarget, 'kill' | 'note' | 'signal'> },
): Promise<void> => {
	const ended = new AbortController();
	const kills: (() => void)[] = [];
	fault.arm({
		...target,
		kill: () => {
			for (const kill of kills) kill();
		},
		note: (text) => draft.events.push(text),
		signal: ended.signal,
	});
	const operation = await startOperation(slipway, ['release']);
	kills.push(operation.kill);
	const { finished, report } = await operation.ended;
	ended.abort();
	if (report) draft.reports.push(report);
	draft.events.push(
		report
			? `the run ended ${report.state}: ${report.reason}`
			: `the run ended with ${finished.signal ?? `exit code ${finished.code}`}`,
	);
};

/**
 * A release that a fault hits, then the same command again until it is through.
 * @throws SlipwayError REHEARSAL_STATE_UNEXPECTED where the re-runs do not end well
 */
export const operateFaultyRelease = async (
	draft: Draft,
	slipway: Slipway,
	hit: Parameters<typeof runFaulty>[2],
): Promise<void> => {
	const begin = hit.target.services.registry.log.length;
	await runFaulty(draft, slipway, hit);
	for (let run = 1; ; run += 1) {
		const report = await runOperation(slipway, ['release']);
		draft.reports.push(report);
		draft.events.push(`run again: ${report.state}`);
		if (report.state === 'COMPLETED') break;
		if (run >= MAX_RERUNS) throw unexpected(report, 'COMPLETED');
	}
	const taken = hit.target.services.registry.log
		.slice(begin)
		.filter(({ kind, status }) => kind === 'publish' && status < 300);
	for (const name of hit.target.npmNames) {
		const count = taken.filter(({ target }) => decodeURIComponent(target) === `/${name}`).length;
		draft.events.push(`the registry took ${name} ${count === 1 ? 'exactly once' : `${count} times`}`);
	}
};
