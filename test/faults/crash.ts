import assert from 'node:assert/strict';
import { directoryStore } from '@slipway/store';
import { checkApt } from './apt-client.ts';
import { observe, type View } from './observe.ts';
import { observeReleases } from './observe-release.ts';
import { runSlipway, toReport } from './operations.ts';
import { countRequests, killAtPoint, type Point, type Reference } from './points.ts';
import { checkLeft, checkSigned, toMark } from './signed.ts';
import { VERSION, type World } from './world.ts';

/** What users see, without what may differ between two runs that ended equally well (times in signatures, fences). */
export const toShown = ({ npm, apt: { packages, pool }, end }: View) => ({ npm, packages, pool, end });

const isOneOf = <T>(value: T, ...allowed: readonly T[]): boolean =>
	allowed.some((candidate) => JSON.stringify(candidate) === JSON.stringify(value));

/** I1, I2: right after the crash every default shows the state before or the state after, never anything else. */
const checkCrashed = (crashed: View, { begin, end, operation }: Reference): void => {
	const meanwhile = operation.takesBack ? [VERSION] : [];
	assert(
		isOneOf(crashed.npm.tags.latest, begin.npm.tags.latest, end.npm.tags.latest, ...meanwhile),
		'npm latest is neither',
	);
	assert(isOneOf(crashed.apt.packages, begin.apt.packages, end.apt.packages), 'the apt suite is neither');
	for (const file of crashed.apt.pool)
		assert([...begin.apt.pool, ...end.apt.pool].includes(file), `foreign: ${file}`);
};

/**
 * A run that takes back is gone through again by the next one: the default pointer's way out and back twice, and the mark
 * of the withdrawn version set, lifted and set. Bytes are brought once whatever happens.
 */
const toMost = ({ requests, operation }: Reference, request: string): number => {
	const once = requests.get(request) ?? 0;
	if (!operation.takesBack || !request.startsWith('change PUT')) return once;
	return request.includes('dist-tags') ? 2 * once : 2 * once + 1;
};

/** I3: what the killed run and the one after it did together is no more than what one run does. */
export const checkEffects = (world: World, from: number, reference: Reference): void => {
	for (const [request, count] of countRequests(world, from)) {
		const expected = toMost(reference, request);
		assert(count <= expected, `${request} took effect ${count} times, expected ${expected}`);
	}
};

/** I6: no secret in the journal or in what the commands said. */
const checkSecrets = async ({ secrets, folders }: World, said: string): Promise<void> => {
	const journal = directoryStore(folders.journal);
	const records = await Promise.all((await journal.list('')).map((path) => journal.read(path)));
	const texts = [said, ...records.map((record) => Buffer.from(record?.bytes ?? []).toString())];
	for (const secret of secrets)
		assert(!texts.some((text) => text.includes(secret)), 'a secret was written down');
};

/** Nothing half-written is left, and nothing is missing: the same files as without the crash. */
export const checkFiles = async (world: World, { files }: Reference): Promise<void> =>
	assert.deepEqual([...(await observeReleases(world)).keys()], [...files.keys()]);

const changes = (views: readonly View[]): number =>
	views.slice(1).filter((view, index) => !isOneOf(view.apt.signed, views[index]?.apt.signed)).length;

/**
 * The way on: the same command again, as a re-run of a job does, or (every other time) `slipway continue`, where the
 * killed run had begun so far that there is something to continue.
 */
const toWayOn = ({ when, operation }: Point, hasBegun: boolean): readonly string[] =>
	when === 'after' && hasBegun ? ['continue', VERSION] : operation.args;

/**
 * Kills the operation at one point, lets it go on, and compares with the run that nobody killed.
 * @throws AssertionError where anything is not as if nothing had happened
 */
export const tryPoint = async (world: World, point: Point, reference: Reference): Promise<void> => {
	await world.load(point.operation.from);
	const [from, mark] = [world.front.log.length, toMark(world)];
	const begin = await observe(world);
	const { outcome, said } = await killAtPoint(world, point);
	assert.equal(outcome, 'killed', `the step never came, it was left unkilled:\n${said.slice(-1500)}`);
	const crashed = await observe(world);
	checkCrashed(crashed, reference);
	if (point.step.kind === 'store' && point.step.folder === 'apt') await checkApt(world);
	const left = point.operation.signs ? await checkLeft(world, { from: mark, point, reference }) : undefined;
	const args = point.wayOn ?? toWayOn(point, crashed.fences > begin.fences);
	const finished = await runSlipway(world, args);
	await checkSecrets(world, said + finished.stdout + finished.stderr);
	const { state } = toReport(finished);
	assert.equal(state, reference.operation.end);
	const end = await observe(world);
	assert.deepEqual(toShown(end), toShown(reference.end));
	checkEffects(world, from, reference);
	await checkFiles(world, reference);
	if (left) await checkSigned(world, left);
	const most = changes([reference.begin, reference.end]);
	const seen = changes([begin, crashed, end]);
	assert(seen <= most, `the apt suite was signed ${seen} times, expected ${most}`);
};

/**
 * F2: the same, but what goes on is killed as well, at another point, once or twice. A kill whose step does not come any more
 * is none: the run then has come to its end.
 * @throws AssertionError
 */
export const tryPoints = async (
	world: World,
	points: readonly Point[],
	reference: Reference,
): Promise<void> => {
	await world.load(reference.operation.from);
	const from = world.front.log.length;
	let said = '';
	for (const point of points) {
		const { outcome, said: words } = await killAtPoint(world, point);
		said += words;
		const crashed = await observe(world);
		if (outcome === 'killed') checkCrashed(crashed, reference);
	}
	const finished = await runSlipway(world, reference.operation.args);
	await checkSecrets(world, said + finished.stdout + finished.stderr);
	assert.equal(toReport(finished).state, reference.operation.end);
	assert.deepEqual(toShown(await observe(world)), toShown(reference.end));
	checkEffects(world, from, reference);
	await checkFiles(world, reference);
};
