import assert from 'node:assert/strict';
import { type DurableStep, killAt, traceDurableSteps } from '@slipway/testing';
import { type Killed, killAtRequest, type RequestStep } from './kill-at-request.ts';
import { observe, type View } from './observe.ts';
import { countEntries, observeReleases, toRequestsSince } from './observe-release.ts';
import { type FaultyOperation, toReport } from './operations.ts';
import type { World } from './world.ts';

/** A moment at which a run is killed: right before or right after one of its durable steps. */
export interface Point {
	readonly operation: FaultyOperation;
	readonly step:
		| ({ readonly kind: 'store' } & DurableStep)
		| ({ readonly kind: 'registry' } & RequestStep & { readonly shown: string });
	readonly when: 'before' | 'after';
	/** The command that goes on, where it is not the usual one. */
	readonly wayOn?: readonly string[];
}

/** A run that nobody killed: what it did, step by step, and what the world looked like before and after it. */
export interface Reference {
	readonly operation: FaultyOperation;
	readonly begin: View;
	readonly end: View;
	readonly points: readonly Point[];
	/** Every file of the Releases at the end: path to sha256. */
	readonly files: ReadonlyMap<string, string>;
	/** How many entries the transparency log took. */
	readonly entries: number;
	/** Successful changes at the registry: "upload|change METHOD target" to how often. */
	readonly requests: ReadonlyMap<string, number>;
}

/** Revisions differ from run to run. */
const toTargetPattern = (target: string): RegExp =>
	new RegExp(
		`^${target.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/[0-9]+-[0-9a-f]{16,}|[0-9a-f]{16,}/g, '[^/]+')}$`,
	);

/** Successful changes at the registry since entry `from` of its log. */
export const countRequests = ({ front }: World, from: number): ReadonlyMap<string, number> => {
	const counts = new Map<string, number>();
	for (const { method, target, mutates, brings, status } of front.log.slice(from)) {
		if (!mutates || status >= 300) continue;
		const key = `${brings ? 'upload' : 'change'} ${method} ${toTargetPattern(target).source}`;
		counts.set(key, (counts.get(key) ?? 0) + 1);
	}
	return counts;
};

const toRequestSteps = ({ front }: World, from: number): Extract<Point['step'], { kind: 'registry' }>[] => {
	const counts = new Map<string, number>();
	return front.log
		.slice(from)
		.filter(({ mutates }) => mutates)
		.map(({ method, target }) => {
			const pattern = toTargetPattern(target);
			const key = `${method} ${pattern.source}`;
			const nth = (counts.get(key) ?? 0) + 1;
			counts.set(key, nth);
			return { kind: 'registry', method, target: pattern, nth, shown: `${method} ${target}` };
		});
};

/** Runs an operation unkilled under strace and lists every moment at which it can be killed. */
export const readReference = async (world: World, operation: FaultyOperation): Promise<Reference> => {
	await world.load(operation.from);
	const begin = await observe(world);
	const from = world.front.log.length;
	const mark = world.signing.sigstore.log.at(-1);
	const { cwd, environment, folders } = world;
	const { steps, finished } = await traceDurableSteps(world.toArgv(operation.args), {
		cwd,
		environment,
		folders,
	});
	const { state, reason } = toReport(finished);
	assert.equal(state, operation.end, reason ?? '');
	const end = await observe(world);
	assert.equal(end.end, operation.end);
	const all = [...steps.map((step) => ({ kind: 'store' as const, ...step })), ...toRequestSteps(world, from)];
	const points = all.flatMap((step) =>
		(['before', 'after'] as const).map((when) => ({ operation, step, when })),
	);
	return {
		operation,
		begin,
		end,
		points,
		files: await observeReleases(world),
		entries: countEntries(toRequestsSince(world, mark)),
		requests: countRequests(world, from),
	};
};

/** Runs the operation of a point from its beginning and kills it there. */
export const killAtPoint = async (world: World, { operation, step, when }: Point): Promise<Killed> => {
	const { args } = operation;
	if (step.kind === 'registry') return killAtRequest(world, { request: step, when, args });
	const { outcome, finished } = await killAt(step, when, world.toArgv(args), world);
	return { outcome, said: finished.stdout + finished.stderr };
};

/** For people: "release: killed before rename apt/dists/stable/InRelease". */
export const toPointName = ({ operation, step, when }: Point): string => {
	const what = step.kind === 'registry' ? step.shown : `${step.call} ${step.folder}/${step.path}`;
	return `${operation.name}: killed ${when} ${what}${step.nth > 1 ? ` (${step.nth})` : ''}`;
};
