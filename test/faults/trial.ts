import { tryPoint } from './crash.ts';
import { type Point, type Reference, toPointName } from './points.ts';
import { REPLY_FAULTS, type ReplyFault, type RequestPoint, tryReply } from './replies.ts';
import type { World } from './world.ts';
import { tryZombie } from './zombie.ts';

/** One fault at one moment of one operation. */
export interface Trial {
	/** The row that it counts in: "F1 release: SIGKILL at files of apt". */
	readonly row: string;
	readonly name: string;
	/** @throws AssertionError where the end is not the one without the fault */
	readonly run: (world: World) => Promise<void>;
}

const toCrash = (reference: Reference, point: Point): Trial => {
	const { operation, step } = point;
	const where = step.kind === 'store' ? `files of ${step.folder}` : 'requests to the registry';
	return {
		row: `F1  ${operation.name}: SIGKILL at ${where}`,
		name: toPointName(point),
		run: (world) => tryPoint(world, point, reference),
	};
};

const toReplies = (
	reference: Reference,
	step: RequestPoint,
	faults: readonly ReplyFault[],
): readonly Trial[] =>
	faults.map((fault) => ({
		row: `${fault.number}  ${reference.operation.name}: ${fault.row}`,
		name: `${reference.operation.name}: ${fault.name} at ${step.shown}`,
		run: (world) => tryReply(world, { step, fault }, reference),
	}));

const toZombie = (reference: Reference, step: Point['step']): Trial => ({
	row: `F11 ${reference.operation.name}: suspended, overtaken, woken up`,
	name: `${reference.operation.name}: suspended after ${step.kind === 'registry' ? step.shown : step.path}`,
	run: (world) => tryZombie(world, step, reference),
});

/** A pool file that appears is created without a lock, so that others can overtake there. */
const isNewPoolFile = ({ step, when }: Point): boolean =>
	step.kind === 'store' &&
	step.call === 'link' &&
	when === 'after' &&
	step.folder === 'apt' &&
	step.path.startsWith('pool/');

/** What is tried of what is possible. */
export interface Trials {
	readonly trials: readonly Trial[];
	/** How many trials an unkilled run shows to be possible. */
	readonly possible: number;
}

/**
 * A release that takes itself back goes the way of every release before it: of each step that both have, one side is
 * killed here (by turns), and one lost reply and one failure stand for their kinds. All its own steps have both sides.
 */
const toSample = (points: readonly Point[]): readonly Point[] => {
	const own = points.findIndex(({ step }) => step.kind === 'store' && step.path.endsWith('-compensate.json'));
	return points.filter(({ step, when }, index) => {
		if (step.kind === 'registry' || index >= own) return true;
		return when === (Math.floor(index / 2) % 2 === 0 ? 'before' : 'after');
	});
};

/** The trials of an operation: all, but a sample of the compensation, which a whole release precedes. */
export const toTrials = (reference: Reference): Trials => {
	const { points, operation } = reference;
	const requests = points.flatMap(({ step, when }) =>
		step.kind === 'registry' && when === 'before' ? [step] : [],
	);
	const pool = points.filter(isNewPoolFile).map(({ step }) => step);
	const killed = operation.takesBack ? toSample(points) : points;
	const faults = operation.takesBack ? REPLY_FAULTS.filter(({ name }) => /\(503\)/.test(name)) : REPLY_FAULTS;
	return {
		trials: [
			...killed.map((point) => toCrash(reference, point)),
			...requests.flatMap((step) => toReplies(reference, step, faults)),
			...[...requests, ...pool].map((step) => toZombie(reference, step)),
		],
		possible: points.length + requests.length * (REPLY_FAULTS.length + 1) + pool.length,
	};
};
