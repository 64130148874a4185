import { Unexpected } from './expectation.ts';
import type { Scenario } from './scenario.ts';
import { type Equipment, World } from './world/world.ts';

/** How a scenario came out. */
export interface Outcome {
	readonly scenario: Scenario;
	/** undefined: as it should. */
	readonly failure: Error | undefined;
	readonly seconds: number;
	/** What it had to tell. */
	readonly notes: readonly string[];
}

const DEFAULT_TIMEOUT_S = 180;

const playIn = async (world: World, scenario: Scenario, tell: (line: string) => void): Promise<void> => {
	const timeout = (scenario.timeout ?? DEFAULT_TIMEOUT_S) * world.patience;
	const late = new Unexpected(`expected it to end within ${timeout} s`);
	const timer = setTimeout(() => world.cancel(late), timeout * 1000);
	try {
		await scenario.play(world, tell);
	} finally {
		clearTimeout(timer);
	}
};

const toError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

/** Plays a scenario in a world of its own, and cleans up after it. */
export const play = async (scenario: Scenario, equipment: Equipment): Promise<Outcome> => {
	const notes: string[] = [];
	const started = performance.now();
	const toOutcome = (failure?: Error): Outcome => ({
		scenario,
		failure,
		seconds: (performance.now() - started) / 1000,
		notes,
	});
	const world = await World.start(scenario.name, equipment);
	try {
		await playIn(world, scenario, (line) => void notes.push(line));
		return toOutcome();
	} catch (thrown) {
		return toOutcome(toError(thrown));
	} finally {
		await world.stop();
	}
};
