import { tryPoint } from './crash.ts';
import { type Point, type Reference, toPointName } from './points.ts';
import { REPLY_FAULTS, type RequestPoint, tryReply } from './replies.ts';
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

const toReplies = (reference: Reference, step: RequestPoint): readonly Trial[] =>
	REPLY_FAULTS.map((fault) => ({
		row: `${fault.number}  ${reference.operation.name}: ${fault.row}`,
		name: `${reference.operation.name}: ${fault.name} at ${step.shown}`,
		run: (world) => tryReply(world, { step, fault }, reference),
	}));

const toZombie = (reference: Reference, step: RequestPoint): Trial => ({
	row: `F11 ${reference.operation.name}: suspended, overtaken, woken up`,
	name: `${reference.operation.name}: suspended after ${step.shown}`,
	run: (world) => tryZombie(world, step, reference),
});

/** Every trial that an unkilled run shows to be possible. */
export const toTrials = (reference: Reference): readonly Trial[] => {
	const requests = reference.points.flatMap(({ step, when }) =>
		step.kind === 'registry' && when === 'before' ? [step] : [],
	);
	return [
		...reference.points.map((point) => toCrash(reference, point)),
		...requests.flatMap((step) => toReplies(reference, step)),
		...requests.map((step) => toZombie(reference, step)),
	];
};
