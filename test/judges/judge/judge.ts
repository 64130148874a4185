import type { Exhibit } from '../bundle/exhibit.ts';
import type { Expectation, Finding } from '../trial.ts';

/** Somebody who says whether a bundle holds. */
export interface Judge {
	readonly name: string;
	/** What it will say to an exhibit as far as its manual and its code tell, with the reason where it is not plain. */
	expect(exhibit: Exhibit): Expectation;
	/** Asked only where it can judge. */
	look(exhibit: Exhibit): Promise<Finding>;
}

export const ACCEPTS: Expectation = { verdict: 'accepts' };
export const REFUSES: Expectation = { verdict: 'refuses' };
export const cannotJudge = (because: string): Expectation => ({ verdict: 'cannot judge', because });
