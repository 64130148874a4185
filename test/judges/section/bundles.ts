import { join } from 'node:path';
import type { Exhibit } from '../bundle/exhibit.ts';
import { toExhibits } from '../bundle/exhibits.ts';
import { toRow } from '../bundle/kinds.ts';
import type { Judge } from '../judge/judge.ts';
import { type Maker, makeAll } from '../maker/maker.ts';
import type { Trial } from '../trial.ts';
import type { World } from '../world.ts';

const toTrial = (exhibit: Exhibit, judge: Judge): Omit<Trial, 'section' | 'row'> => {
	const expectation = judge.expect(exhibit);
	const { statement } = exhibit;
	const trial = { statement, item: `${statement}, ${toRow(exhibit.kind)}`, judge: judge.name, expectation };
	return expectation.verdict === 'cannot judge' ? trial : { ...trial, look: () => judge.look(exhibit) };
};

const makeExhibits = async (maker: Maker, world: World): Promise<readonly Exhibit[]> => {
	const folder = join(world.folder, 'bundles', maker.name.replaceAll(' ', '-'));
	return toExhibits(await makeAll(maker, world), { folder, subjects: world.subjects });
};

/** What Slipway signs, every statement in every kind of bundle, whole and tampered with, before every judge of bundles. */
export const toBundleTrials = async (
	maker: Maker,
	world: World,
	judges: readonly Judge[],
): Promise<readonly Trial[]> => {
	const toPlace = ({ tampering, kind }: Exhibit) =>
		tampering === 'as made'
			? { section: 'Bundles as Slipway made them', row: toRow(kind) }
			: { section: 'The same bundles, tampered with', row: tampering };
	const exhibits = await makeExhibits(maker, world);
	return exhibits.flatMap((exhibit) =>
		judges.map((judge) => ({ ...toPlace(exhibit), ...toTrial(exhibit, judge) })),
	);
};

/** What strangers sign, whole and tampered with, before Slipway. */
export const toStrangersTrials = async (
	makers: readonly Maker[],
	world: World,
	slipway: Judge,
): Promise<readonly Trial[]> => {
	const toPlace = ({ tampering, kind }: Exhibit, { name }: Maker) => ({
		section: 'Bundles that strangers made',
		row: tampering === 'as made' ? `${name}: ${toRow(kind)}` : `tampered with: ${tampering}`,
	});
	const trials: Trial[] = [];
	for (const maker of makers)
		for (const exhibit of await makeExhibits(maker, world))
			trials.push({ ...toPlace(exhibit, maker), ...toTrial(exhibit, slipway) });
	return trials.sort((a, b) => Number(a.row.startsWith('tampered')) - Number(b.row.startsWith('tampered')));
};
