import { join } from 'node:path';
import type { Exhibit } from '../bundle/exhibit.ts';
import { toExhibits } from '../bundle/exhibits.ts';
import { toRow } from '../bundle/kinds.ts';
import { signBundles } from '../bundle/sign-bundles.ts';
import { writeSubjects } from '../bundle/subjects.ts';
import type { Judge } from '../judge/judge.ts';
import type { RealSigstore } from '../sigstore/start.ts';
import type { Trial } from '../trial.ts';

const toTrial = (exhibit: Exhibit, judge: Judge): Trial => {
	const expectation = judge.expect(exhibit);
	const trial = {
		section:
			exhibit.tampering === 'as made' ? 'Bundles as Slipway made them' : 'The same bundles, tampered with',
		row: exhibit.tampering === 'as made' ? toRow(exhibit.kind) : exhibit.tampering,
		item: `${exhibit.statement}, ${toRow(exhibit.kind)}`,
		judge: judge.name,
		expectation,
	};
	if (expectation.verdict === 'cannot judge') return trial;
	return { ...trial, look: () => judge.look(exhibit) };
};

/** Every statement in every kind of bundle, whole and tampered with, before every judge of bundles. */
export const toBundleTrials = async (
	sigstore: RealSigstore,
	folder: string,
	judges: readonly Judge[],
): Promise<readonly Trial[]> => {
	const subjects = writeSubjects(folder);
	const pairs = await signBundles(sigstore, folder, subjects);
	const exhibits = toExhibits(pairs, { folder: join(folder, 'bundles'), subjects });
	return exhibits.flatMap((exhibit) => judges.map((judge) => toTrial(exhibit, judge)));
};
