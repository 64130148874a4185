import assert from 'node:assert/strict';
import {
	checkWhole,
	countEntries,
	observeReleases,
	toBundles,
	toRequestsSince,
	verifyAsUser,
} from './observe-release.ts';
import type { Point, Reference } from './points.ts';
import type { World } from './world.ts';

/** What a crash left: the bundles in their places, and how many entries of the log they cost. */
export interface LeftSigned {
	readonly bundles: ReadonlyMap<string, string>;
	readonly mark: ReturnType<typeof toMark>;
}

/**
 * Where the entries of a run begin to be counted: after an earlier one that stopped (`isAgain`), else at the latest
 * request before it.
 */
export const toLeft = async (
	world: World,
	mark: LeftSigned['mark'],
	isAgain: boolean,
): Promise<LeftSigned & { readonly isAgain: boolean }> =>
	isAgain
		? { bundles: toBundles(await observeReleases(world)), mark: toMark(world), isAgain }
		: { bundles: new Map(), mark, isAgain };

/** The latest request to the signing services. */
export const toMark = ({ signing: { sigstore } }: World) => sigstore.log.at(-1);

/**
 * The largest number of bundles that are put in their places together; a run that is killed while it signs them loses
 * their entries, and no more.
 */
const toBatch = (reference: Reference): number =>
	[...toBundles(reference.files).keys()].filter((path) => !/stage-(sign|gate|plan|publish)-|vsa\./.test(path))
		.length;

const checkVerdict = async (
	world: World,
	{ files, reference }: { readonly files: ReadonlyMap<string, string>; readonly reference: Reference },
): Promise<void> => {
	const isWhole = [...reference.files.keys()].every((path) => files.has(path));
	const { code, said } = await verifyAsUser(world);
	assert.equal(code === 0, isWhole, `what the crash left ${code === 0 ? 'passes' : 'is refused'}:\n${said}`);
};

/**
 * Right after a crash: whatever bears its name is whole, the Release does not pass for a finished one, and the log has at
 * most the entries of one batch for which no bundle lies there.
 * @throws AssertionError
 */
export const checkLeft = async (
	world: World,
	{
		from,
		point,
		reference,
	}: { readonly from: LeftSigned['mark']; readonly point: Point; readonly reference: Reference },
): Promise<LeftSigned> => {
	const files = await observeReleases(world);
	await checkWhole(world, files);
	const bundles = toBundles(files);
	const lost = countEntries(toRequestsSince(world, from)) - bundles.size;
	const batch = toBatch(reference);
	assert(
		lost >= 0 && lost <= batch,
		`${lost} entries of the log without a bundle, expected ${batch} at most`,
	);
	// Before a step lies what lies there after the one before it.
	if (point.when === 'after') await checkVerdict(world, { files, reference });
	return { bundles, mark: toMark(world) };
};

/** @throws AssertionError where a user's check of the Release does not pass */
export const checkVerified = async (world: World): Promise<void> => {
	const { code, said } = await verifyAsUser(world);
	assert.equal(code, 0, `slipway verify refuses the Release:\n${said}`);
};

/**
 * At the end: a user's check of the Release passes, and the run after the crash has made one entry of the log for each
 * bundle that was not there yet, and none for those that were.
 * @throws AssertionError
 */
export const checkSigned = async (world: World, left: LeftSigned): Promise<void> => {
	const bundles = toBundles(await observeReleases(world));
	const fresh = [...bundles].filter(([path, digest]) => left.bundles.get(path) !== digest);
	const gone = [...left.bundles.keys()].filter((path) => !bundles.has(path));
	assert.deepEqual(gone, [], 'bundles were removed');
	const entries = countEntries(toRequestsSince(world, left.mark));
	assert.equal(entries, fresh.length, `${entries} entries of the log for ${fresh.length} new bundles`);
	await checkVerified(world);
};
