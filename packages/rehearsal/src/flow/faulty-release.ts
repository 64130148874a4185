import { SlipwayError } from '@slipway/core';
import type { ReleaseReport } from '@slipway/release';
import type { RehearsalCode } from '../code.ts';
import type { FaultDefinition, FaultTarget } from '../faults/fault.ts';
import { runOperation, type Slipway } from '../slipway/slipway.ts';
import { type Hold, startOperation } from '../slipway/start-operation.ts';
import type { Draft } from './draft.ts';
import { approveStaged, toUnexpected } from './operate.ts';

const MAX_RERUNS = 5;

/** A fault, and what of a project it is to hit. */
export interface Hit {
	readonly fault: FaultDefinition;
	readonly target: Omit<FaultTarget, 'kill' | 'hold' | 'note' | 'signal'>;
	/** Looks as a user while a killed release lies half done. @throws SlipwayError where users get anything broken */
	readonly lookMeanwhile: () => Promise<void>;
}

/** @throws SlipwayError REHEARSAL_FAULT_MISSED */
const checkStruck = (notes: number, { fault }: Hit): void => {
	if (notes > 0) return;
	throw new SlipwayError<RehearsalCode>(
		'REHEARSAL_FAULT_MISSED',
		`expected the fault ${fault.name} to strike, but the release was over before`,
		{ hint: 'Run the rehearsal again; please report it if the fault never strikes.' },
	);
};

/** One release while the fault strikes. @returns its report; undefined where it was killed or refused */
const runHit = async (draft: Draft, slipway: Slipway, hit: Hit): Promise<ReleaseReport | undefined> => {
	const ended = new AbortController();
	const kills: (() => void)[] = [];
	let notes = 0;
	const note = (text: string) => {
		notes += 1;
		draft.events.push(text);
	};
	const kill = () => {
		for (const each of kills) each();
	};
	const holds: Hold[] = [];
	const hold = (fileName: string, onHeld: () => void) => void holds.push({ fileName, onHeld });
	hit.fault.arm({ ...hit.target, kill, hold, note, signal: ended.signal });
	const operation = await startOperation(slipway, ['release'], holds[0]);
	kills.push(operation.kill);
	const { finished, report } = await operation.ended;
	ended.abort();
	checkStruck(notes, hit);
	const end = report
		? `${report.state}: ${report.reason}`
		: `with ${finished.signal ?? `exit code ${finished.code}`}`;
	draft.events.push(`the run ended ${end}`);
	return report;
};

/** What the real clients got while the release lay half done. */
const toSeenText = ({ targets, looks, notLookedAt }: Draft): string => {
	const seen = targets
		.filter((target) => !notLookedAt.has(target))
		.map((target) => `${looks.get(target)?.fault?.version ?? 'nothing'} from ${target.id}`);
	return new Intl.ListFormat('en').format(seen);
};

/** What a maintainer types after a run that ended like this. */
const toNextArgs = (report: ReleaseReport | undefined, version: string): readonly string[] =>
	report?.state === 'ROLLED_BACK' ? ['restore', version, '--yes'] : ['release'];

/** @throws SlipwayError REHEARSAL_STATE_UNEXPECTED: the registry took a version more than once */
const checkEffects = (draft: Draft, { target }: Hit, begin: number): void => {
	const taken = target.services.registry.log
		.slice(begin)
		.filter(({ kind, status }) => kind === 'publish' && status < 300);
	for (const name of target.npmNames) {
		const count = taken.filter((entry) => decodeURIComponent(entry.target) === `/${name}`).length;
		draft.events.push(`the registry took ${name} ${count === 1 ? 'exactly once' : `${count} times`}`);
		if (count <= 1) continue;
		throw new SlipwayError<RehearsalCode>(
			'REHEARSAL_STATE_UNEXPECTED',
			`expected the registry to take ${name} once, got ${count} times`,
			{ hint: 'Please report this.' },
		);
	}
};

/**
 * A release that a fault hits, then again what it asks for until it is through; at least once, to see that nothing is
 * done twice.
 * @throws SlipwayError REHEARSAL_FAULT_MISSED, REHEARSAL_STATE_UNEXPECTED where the re-runs do not end well
 */
export const operateFaultyRelease = async (draft: Draft, slipway: Slipway, hit: Hit): Promise<void> => {
	const { services, npmNames } = hit.target;
	const begin = services.registry.log.length;
	let report = await runHit(draft, slipway, hit);
	if (report === undefined) {
		await hit.lookMeanwhile();
		draft.events.push(`meanwhile users got ${toSeenText(draft)}`);
	}
	for (let run = 1; run === 1 || report?.state !== 'COMPLETED'; run += 1) {
		if (report && run > MAX_RERUNS) throw toUnexpected(report, 'COMPLETED');
		if (report?.state === 'PENDING_EXTERNAL') await approveStaged(services, npmNames);
		const args = toNextArgs(report, draft.project.version);
		report = await runOperation(slipway, args);
		draft.reports.push(report);
		draft.events.push(`slipway ${args.join(' ')}, run again: ${report.state}`);
	}
	checkEffects(draft, hit, begin);
};
