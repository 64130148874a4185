import { Random } from '../simulation/random.ts';
import { tryPoint, tryPoints } from './crash.ts';
import { type Point, type Reference, toPointName } from './points.ts';
import { REPLY_FAULTS, type ReplyFault, type RequestPoint, tryReply } from './replies.ts';
import { toSample } from './sample.ts';
import { SERVICE_FAULTS, tryService } from './services.ts';
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

/** Moments at which another run finds a Release half signed, and finishes it before the first one wakes up. */
const isWhileSigning = ({ step, when }: Point): boolean =>
	step.kind === 'store' &&
	step.call === 'rename' &&
	when === 'after' &&
	/attestations\/(provenance|stage-gate)|records\/plan/.test(step.path);

const toServiceTrials = (reference: Reference): readonly Trial[] =>
	SERVICE_FAULTS.map((fault) => ({
		row: `${fault.number.padEnd(3)} ${reference.operation.name}: ${fault.row}`,
		name: `${reference.operation.name}: ${fault.name}`,
		run: (world) => tryService(world, fault, reference),
	}));

/** What is tried of what is possible. */
export interface Trials {
	readonly trials: readonly Trial[];
	/** How many trials an unkilled run shows to be possible. */
	readonly possible: number;
	/** What a sample leaves out, for people. */
	readonly leftOut: readonly string[];
}

/**
 * The trials of an operation: crash points as its sample says. Lost replies, failures and suspensions at the registry are
 * tried in full in a release without signatures, which does the same there; one lost reply and one failure stand for
 * their kinds where a release takes itself back.
 */
export const toTrials = (reference: Reference): Trials => {
	const { points, operation } = reference;
	const requests = points.flatMap(({ step, when }) =>
		step.kind === 'registry' && when === 'before' ? [step] : [],
	);
	const pool = points.filter(isNewPoolFile).map(({ step }) => step);
	const { points: killed, leftOut } = toSample(reference);
	const faults = operation.takesBack ? REPLY_FAULTS.filter(({ name }) => /\(503\)/.test(name)) : REPLY_FAULTS;
	const crashes = killed.map((point) => toCrash(reference, point));
	const others = [
		...requests.flatMap((step) => toReplies(reference, step, faults)),
		...[...requests, ...pool].map((step) => toZombie(reference, step)),
	];
	const halfSigned = points.filter(isWhileSigning).map(({ step }) => toZombie(reference, step));
	const ofSigning = [...halfSigned, ...toServiceTrials(reference)];
	return {
		trials: [...crashes, ...(operation.signs ? ofSigning : others)],
		possible: points.length + requests.length * (REPLY_FAULTS.length + 1) + pool.length,
		leftOut,
	};
};

/** Releases whose runs are killed two or three times, at points that the seed of each draws. */
export const toMultiKills = (reference: Reference, seeds: readonly number[]): readonly Trial[] =>
	seeds.map((seed) => {
		const random = new Random(seed);
		const [first, ...others] = reference.points;
		if (!first) throw new Error('an operation without a step');
		const points = Array.from({ length: random.int(2, 3) }, () => random.pick([first, ...others]));
		return {
			row: `F2  ${reference.operation.name}: two or three kills`,
			name: `seed ${seed}: ${points.map(toPointName).join(', then ')}`,
			run: (world) => tryPoints(world, points, reference),
		};
	});
