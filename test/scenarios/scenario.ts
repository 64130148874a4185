import type { World } from './world/world.ts';

/** What a run of workflows has to do, from the outside. */
export interface Scenario {
	/** One word for the command line. */
	readonly name: string;
	/** What happens, for the table. */
	readonly title: string;
	/** Reusable workflows that it runs. */
	readonly workflows: readonly string[];
	/** Seconds after which it has failed. Default 180. */
	readonly timeout?: number;
	/** @throws Unexpected */
	play(world: World, tell: (line: string) => void): Promise<void>;
}
