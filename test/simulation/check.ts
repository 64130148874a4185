import type { Ending } from './execute.ts';
import { toText } from './execute.ts';
import { OTHER_BYTES } from './releases.ts';
import type { Command, Stage } from './scenario.ts';
import { SECRET } from './wire.ts';
import type { Place, World } from './world.ts';

const STATES: ReadonlySet<string> = new Set([
	'COMPLETED',
	'ABORTED',
	'ROLLED_BACK',
	'HELD',
	'PENDING_EXTERNAL',
	'STOPPED_MISMATCH',
]);

const describe = ({ server, artifact, current, held }: Place): string =>
	`${server} ${artifact.name}: pointer ${current}, holds ${held?.slice(0, 8)}`;

/** What a run says has to be so. */
export const checkEnd = (world: World, command: Command, ending: Ending): void => {
	if (ending.kind === 'error') {
		if (ending.code === 'NONE' && ending.message !== 'cancelled')
			world.fail(`I7: ${toText(command)} ended with ${ending.message}`);
		else if (ending.code !== 'NONE' && ending.hint === '')
			world.fail(`I7: ${ending.code} says nothing to do`);
	}
	if (ending.kind !== 'report') return;
	const { state, next, reason, version, operation } = ending.report;
	if (!STATES.has(state)) world.fail(`I7: ${state} is no end state`);
	if (reason === '') world.fail(`I7: ${state} without a reason`);
	// What is over may hold other bytes now, or be slow to answer; nothing is to be done for it.
	const isOpen = operation !== 'status' && (state === 'PENDING_EXTERNAL' || state === 'STOPPED_MISMATCH');
	if (isOpen && next === null) world.fail(`I7: ${state} says nothing to do`);
	if (state !== 'COMPLETED') return;
	for (const place of world.places(version))
		if (place.held !== place.artifact.digest.sha256) world.fail(`I1: COMPLETED, but ${describe(place)}`);
};

/** I1, I3, I6: what holds at any time. */
const checkAlways = (world: World): void => {
	// Where absence is no proof, only the journal tells that something may have been sent: without it nothing does.
	const isRecorded = world.scenario.stages.every(({ mischief }) => !mischief);
	for (const broken of [...world.github.broken, ...(isRecorded ? world.plain.broken : [])])
		world.fail(`I3: ${broken}`);
	for (const refused of world.apt.refused) world.fail(`F14: ${refused}`);
	const records = world.files
		.list('')
		.map((path) => Buffer.from(world.files.read(path)?.bytes ?? []).toString());
	if (records.some((text) => text.includes(SECRET))) world.fail('I6: a secret stands in the journal');
};

const toNumbers = (version: string | null | undefined): readonly number[] =>
	/\d+\.\d+\.\d+/
		.exec(version ?? '')?.[0]
		.split('.')
		.map(Number) ?? [];

/** A later release took its place. */
const isFollowed = ({ current, next }: Place): boolean => {
	const [ours, theirs] = [toNumbers(next), toNumbers(current)];
	const at = theirs.findIndex((number, index) => number !== ours[index]);
	return (theirs[at] ?? 0) > (ours[at] ?? 0);
};

const checkPlace = (world: World, place: Place, state: string): void => {
	const isOurs = place.held === place.artifact.digest.sha256;
	if (state === 'COMPLETED' && !isOurs) world.fail(`I1: COMPLETED, but ${describe(place)}`);
	if (place.isOthers) return;
	const isShown = place.current === place.next;
	if (state === 'COMPLETED' && !isShown && !isFollowed(place))
		world.fail(`I4: COMPLETED, but ${describe(place)}`);
	if (state === 'ROLLED_BACK' && isShown) world.fail(`I4: ROLLED_BACK, but ${describe(place)}`);
	if (state === 'ABORTED' && isShown) world.fail(`I4: ABORTED, but ${describe(place)}`);
	if (isShown && place.held === OTHER_BYTES)
		world.fail(`I1: foreign bytes are the default: ${describe(place)}`);
};

/** Nobody but chance came in the way: then a wish has to come true. */
const isUndisturbed = ({ scenario }: World, stage: Stage): boolean => {
	const stages = scenario.stages.slice(0, scenario.stages.indexOf(stage) + 1);
	const isAlone = stages.every(
		({ rival, intrusions, mischief }) => !rival && intrusions.length === 0 && !mischief,
	);
	const hasRightTime = stages.every(({ fortunes }) =>
		fortunes.every(({ skewMs, jumpMs }) => !skewMs && !jumpMs),
	);
	return isAlone && hasRightTime && !scenario.outage && scenario.noise.budget < 5;
};

const EXPECTED: Readonly<Record<Command['operation'], readonly string[]>> = {
	release: ['COMPLETED', 'ABANDONED'],
	continue: [],
	abort: ['UNRECORDED', 'ABORTED', 'ROLLED_BACK', 'REFUSED', 'STUCK'],
	rollback: ['ROLLED_BACK', 'STUCK'],
	restore: ['COMPLETED'],
};

/** After a wish was pursued to its end: what is in the world has to be what was said. */
export const checkWorld = (world: World, stage: Stage, state: string): void => {
	checkAlways(world);
	for (const place of world.places(stage.command.version)) checkPlace(world, place, state);
	const { operation, version } = stage.command;
	if (isUndisturbed(world, stage) && !EXPECTED[operation].includes(state))
		world.fail(`I4: ${operation} ${version} ended as ${state}`);
};
