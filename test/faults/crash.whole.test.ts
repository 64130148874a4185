// F1, F19: a sample of the crash points; `npm run faults` tries every one.
import { describeWith } from '@slipway/testing';
import { tryPoint } from './crash.ts';
import { type FaultyOperation, OPERATIONS, prepare } from './operations.ts';
import { type Point, type Reference, readReference, toPointName } from './points.ts';
import { toTrials } from './trial.ts';
import { startWorld, VERSION, type World } from './world.ts';

/** The moments at which most hangs on what comes next: around the claim, the two switches and the record. */
const SAMPLE: Readonly<Record<string, RegExp>> = {
	release:
		/before (PUT .*dist-tags\/latest|rename apt.*InRelease)$|after (PUT \/slipway-fault-probe|link .*plan\.json)$/,
	'signed release':
		/after rename .*(sbom\/.*tgz\.cdx|attestations\/provenance\S*|attestations\/stage-plan\S*|vsa.sigstore)\.json$/,
	abort: /after (DELETE|link journal\/fences\S*\d\.json)/,
	rollback: /(before|after) rename apt.*\/InRelease$|after PUT .*dist-tags\/latest$/,
	restore: /before rename apt.*\/InRelease$/,
	compensation: /after (link .*-(compensate|withdraw-apt)\.json|PUT .*dist-tags\/latest \(2\))$/,
};

describeWith('strace', 'a run that is killed', () => {
	let world: World;

	beforeAll(async () => {
		world = await startWorld();
		await prepare(world);
	}, 900_000);

	afterAll(() => world.stop());

	describe.each(OPERATIONS)('$name', (operation) => {
		let reference: Reference;
		let sample: readonly Point[];

		beforeAll(async () => {
			reference = await readReference(world, operation);
			sample = reference.points.filter((point) => SAMPLE[operation.name]?.test(toPointName(point)));
		});

		test('has the steps that are looked for', () => {
			const names = reference.points.map(toPointName);
			expect(sample.length).toBeGreaterThan(0);
			expect(names).toEqual(expect.arrayContaining([expect.stringMatching(/fences\S*-end\.json$/)]));
		});

		test('is overtaken while it is suspended at a file, and changes nothing when it wakes up', async () => {
			const zombies = toTrials(reference).trials.filter(({ name }) => /suspended after pool/.test(name));
			expect(zombies).toHaveLength(operation.args[0] === 'release' && !operation.signs ? 1 : 0);
			for (const { run } of zombies) await run(world);
		});

		test('goes on to the end that it would have had', async () => {
			for (const point of sample) await tryPoint(world, point, reference);
		}, 900_000);
	});

	describe('this test can fail', () => {
		const restore = OPERATIONS.find(({ name }) => name === 'restore') as FaultyOperation;
		let reference: Reference;

		beforeAll(async () => {
			reference = await readReference(world, restore);
		});

		test('a run that nobody takes up again is not as if nothing had happened', async () => {
			const name = 'restore: killed before rename apt/dists/stable/InRelease';
			const point = reference.points.find((candidate) => toPointName(candidate) === name);
			if (!point) throw new Error(`expected "${name}" among ${reference.points.map(toPointName)}`);
			const wayOn = ['status', VERSION];
			await expect(tryPoint(world, { ...point, wayOn }, reference)).rejects.toThrow();
		});

		test('a step that never comes is no success', async () => {
			const never = { kind: 'store', call: 'rename', folder: 'apt', path: 'never', nth: 1 } as const;
			const point: Point = { operation: restore, step: never, when: 'before' };
			await expect(tryPoint(world, point, reference)).rejects.toThrow('left unkilled');
		});
	});
});
