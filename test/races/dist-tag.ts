import type { FaultRule } from '@slipway/rehearsal/npm-registry';
import { observeNpm } from '../faults/observe-npm.ts';
import { runSlipway } from '../faults/operations.ts';
import { PACKAGE, startWorld, type World } from '../faults/world.ts';
import type { RaceRow } from './row.ts';

/** When somebody else moves `latest`: before or after one of the requests about dist-tags, counted from the first. */
interface Moment {
	readonly request: number;
	readonly when: FaultRule['when'];
}

const OLDEST = '1.0.0';
const PREVIOUS = '1.0.1';
const NEXT = '1.1.0';

const isAboutTags: FaultRule['match'] = ({ route, target }) =>
	route.kind === 'dist-tags' || (route.kind === 'dist-tag' && /\/latest$/.test(target));

const runTo = async (world: World, version: string): Promise<void> => {
	await world.setVersion(version);
	const { code, stdout, stderr } = await runSlipway(world, ['release']);
	if (code !== 0) throw new Error(`release of ${version}: ${stdout}${stderr}`);
};

interface Flip {
	/** Requests about dist-tags that a release makes, in order: true is the write of `latest`. */
	readonly writes: readonly boolean[];
}

const readFlip = async (world: World): Promise<Flip> => {
	await world.load('before');
	const mark = world.front.log.length;
	await runTo(world, NEXT);
	const about = world.front.log
		.slice(mark)
		.filter(({ kind, target }) => kind === 'dist-tags' || (kind === 'dist-tag' && /\/latest$/.test(target)));
	return { writes: about.map(({ kind }) => kind === 'dist-tag') };
};

/** From the two reads before the write to the one after it. */
const toMoments = ({ writes }: Flip): readonly Moment[] => {
	const write = writes.indexOf(true);
	return [write - 2, write - 1, write, write + 1]
		.filter((request) => request >= 0 && request < writes.length)
		.flatMap((request): Moment[] => [
			{ request, when: 'before' },
			{ request, when: 'after' },
		])
		.filter(({ request, when }) => request <= write || when === 'before');
};

/**
 * Between the answer to the last look and the write itself. npm's write of a dist-tag has no comparison: what is moved in
 * this moment is overwritten, by whatever tool, and no later answer shows it.
 */
const isOutOfSight = ({ request, when }: Moment, { writes }: Flip): boolean => {
	const write = writes.indexOf(true);
	return (request === write - 1 && when === 'after') || (request === write && when === 'before');
};

const tryMoment = async (
	world: World,
	{ request, when }: Moment,
): Promise<{ kept: boolean; told: boolean }> => {
	await world.load('before');
	await world.setVersion(NEXT);
	let seen = -1;
	world.front.control.inject({
		when,
		match: (asked) => {
			if (isAboutTags(asked)) seen += 1;
			return seen === request && isAboutTags(asked);
		},
		fault: { kind: 'run', task: () => world.front.control.moveTag(PACKAGE, 'latest', OLDEST) },
	});
	const { code, stdout, stderr } = await runSlipway(world, ['release']);
	world.front.control.clearFaults();
	const { tags } = await observeNpm(world.front.origin, PACKAGE);
	return { kept: tags.latest === OLDEST, told: code !== 0 && /moved/.test(`${stdout}${stderr}`) };
};

/** F12: somebody else moves `latest` while the real command moves it, at every moment of the flip. */
export const raceDistTag = async (): Promise<RaceRow> => {
	const began = performance.now();
	const world = await startWorld();
	try {
		await runTo(world, OLDEST);
		await runTo(world, PREVIOUS);
		await world.save('before');
		const flip = await readFlip(world);
		const problems: string[] = [];
		const moments = toMoments(flip);
		const open = moments.filter((moment) => !isOutOfSight(moment, flip));
		for (const moment of open) {
			const { kept, told } = await tryMoment(world, moment);
			const what = `${moment.when} request ${moment.request + 1} of ${flip.writes.length}`;
			if (!kept) problems.push(`${what}: what somebody else had moved was overwritten`);
			if (!told) problems.push(`${what}: the run did not say that somebody else moved it`);
		}
		return {
			name: 'dist-tag moved by others',
			processes: 2,
			operations: open.length,
			conflicts: open.length,
			updates: 0,
			seconds: (performance.now() - began) / 1000,
			problems,
			notes: [
				`${open.length} moments of the flip`,
				`${moments.length - open.length} not tried: between the answer to the last look and the write npm compares nothing`,
			],
		};
	} finally {
		await world.stop();
	}
};
