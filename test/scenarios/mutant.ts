import type { ExpandedLibrary, Mutation } from './act/expand-library.ts';
import { Unexpected } from './expectation.ts';
import { type Outcome, play } from './play.ts';
import type { Scenario } from './scenario.ts';
import type { Equipment } from './world/world.ts';

/** A reusable workflow with a mistake in it that a scenario has to notice. */
export interface Mutant {
	/** One word for the command line. */
	readonly name: string;
	/** What is wrong, for the table. */
	readonly title: string;
	/** The file below .github/workflows that is changed. */
	readonly file: string;
	/** What stands there, exactly once, and what stands there instead. */
	readonly change: readonly [from: string, to: string];
	readonly scenario: Scenario;
}

/** @throws Error where the text does not stand there exactly once: the mutant has to be written anew */
export const toMutation =
	({ name, file, change: [from, to] }: Mutant): Mutation =>
	(path, source) => {
		if (path !== `.github/workflows/${file}`) return source;
		const parts = source.split(from);
		if (parts.length !== 2)
			throw new Error(`${name}: expected ${from} once in ${path}, found ${parts.length - 1}`);
		return parts.join(to);
	};

/** Plays the scenario of a mutant, which must fail by what it looks at, and not by an accident. */
export const playMutant = async (
	{ name, title, scenario }: Mutant,
	equipment: Omit<Equipment, 'library'>,
	library: ExpandedLibrary,
): Promise<Outcome> => {
	const mutant: Scenario = { ...scenario, name, title };
	const { failure, ...outcome } = await play(mutant, { ...equipment, library });
	if (failure === undefined)
		return { ...outcome, failure: new Unexpected(`${scenario.name} is green although: ${title}`) };
	if (!(failure instanceof Unexpected)) return { ...outcome, failure };
	return { ...outcome, failure: undefined, notes: [`noticed: ${failure.message.slice(0, 160)}`] };
};
