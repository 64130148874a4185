import { checkEnd, checkWorld } from './check.ts';
import { type Ending, execute, type Mutant } from './execute.ts';
import { doMischief, intrude } from './mischief.ts';
import { toAdvice } from './next-command.ts';
import { type Command, type Stage, toScenario } from './scenario.ts';
import { World } from './world.ts';

/** What came of one seed. */
export interface Outcome {
	readonly violations: readonly string[];
	/** Line by line, where it was asked for. */
	readonly story: readonly string[];
	/** How many runs of the command it took. */
	readonly runs: number;
	readonly kills: number;
	readonly ends: readonly string[];
}

const CALM_AFTER = 7;
const MOST_TRIES = 16;
const PAUSES_MS = [1000, 60_000, 40 * 60_000, 3 * 3_600_000, 3 * 24 * 3_600_000] as const;
/** By then everything has become visible, and everybody has approved. */
const LONG_MS = 40 * 24 * 3_600_000;

const isRefused = (ending: Ending): boolean =>
	ending.kind === 'error' && (ending.code === 'OPERATION_REFUSED' || ending.code === 'PLAN_REFUSED');

class Simulation {
	readonly world: World;
	readonly #mutant: Mutant | undefined;
	runs = 0;
	kills = 0;
	readonly ends: string[] = [];

	constructor(world: World, mutant?: Mutant) {
		this.world = world;
		this.#mutant = mutant;
	}

	async run(command: Command, fortune: Stage['fortunes'][number] = {}): Promise<Ending> {
		this.runs += 1;
		const name = `run-${this.runs}`;
		const ending = await execute(this.world, { command, fortune, name }, this.#mutant);
		if (ending.kind === 'killed') this.kills += 1;
		checkEnd(this.world, command, ending);
		return ending;
	}

	/** Where the killed run had begun so far that there is something to continue, every other time that is how it goes on. */
	#toWayOn(command: Command): Command {
		const { files, random } = this.world;
		const fences = files.list('fences').filter((path) => /\/\d+\.json$/.test(path));
		const last = files.read(fences.at(-1) ?? '');
		const text = Buffer.from(last?.bytes ?? []).toString();
		const isOurs =
			text.includes(`"version":"${command.version}"`) && text.includes(`"operation":"${command.operation}"`);
		return isOurs && random.chance(0.5) ? { ...command, operation: 'continue' } : command;
	}

	/** Follows what each run says until there is nothing left to do. @returns the last state */
	async pursue(wish: Command, stage: Stage, depth = 0): Promise<string> {
		const { world } = this;
		const fortunes = depth === 0 ? [...stage.fortunes] : [];
		let command = wish;
		/** What another release left was gone on with; as long as that did not help, it is overruled. */
		let hasFinished = false;
		let hasMischief = depth > 0 || stage.mischief === undefined;
		for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
			if (tries === CALM_AFTER) {
				world.calm();
				await world.time.sleep(LONG_MS);
			}
			const ending = await this.run(command, world.isCalm ? {} : fortunes.shift());
			const advice = toAdvice(ending);
			if (advice.kind === 'done') return advice.state;
			// What nothing stands in the way of any more, and is refused all the same, is refused for good.
			if (isRefused(ending) && tries > CALM_AFTER) return 'REFUSED';
			if (stage.isAbandoned) return 'ABANDONED';
			if (!hasMischief && stage.mischief) {
				doMischief(world, stage.mischief, wish.version);
				hasMischief = true;
			}
			await world.time.sleep(PAUSES_MS[Math.min(tries, PAUSES_MS.length) - 1] ?? 0);
			if (ending.kind === 'killed') command = this.#toWayOn(command);
			if (advice.kind === 'remove') world.files.remove(advice.path);
			if (advice.kind !== 'go on') continue;
			if (!advice.thenAgain) command = advice.command;
			else if (hasFinished || depth > 1) command = { ...command, takeOver: 'it will never go on' };
			else {
				hasFinished = true;
				await this.pursue(advice.command, stage, depth + 1);
			}
		}
		world.fail(`I4: ${wish.operation} ${wish.version} never comes to an end`);
		return 'ENDLESS';
	}

	async #rival({ rival }: Stage): Promise<void> {
		if (!rival) return;
		await this.world.time.sleep(rival.afterMs);
		await this.run(rival.command, rival.fortune);
	}

	async #intrusions({ intrusions, command }: Stage): Promise<void> {
		for (const intrusion of intrusions) {
			await this.world.time.sleep(intrusion.afterMs);
			intrude(this.world, intrusion, command.version);
		}
	}

	async story(): Promise<void> {
		const { world } = this;
		for (const stage of world.scenario.stages) {
			world.startOutage();
			const others = Promise.all([this.#rival(stage), this.#intrusions(stage)]);
			const first = await this.pursue(stage.command, stage);
			await others;
			// A rival may have changed what the first one left: then somebody looks again, and goes on with what is said.
			const state = stage.rival
				? await this.pursue({ ...stage.command, operation: 'continue' }, stage, 1)
				: first;
			this.ends.push(`${stage.command.operation} ${state}`);
			checkWorld(world, stage, state);
		}
	}
}

/** Tells the story of a seed, and says what in it should never happen. */
export const simulate = async (
	seed: number,
	{ isTold = false, mutant }: { readonly isTold?: boolean; readonly mutant?: Mutant | undefined } = {},
): Promise<Outcome> => {
	const world = new World(toScenario(seed), isTold);
	const simulation = new Simulation(world, mutant);
	try {
		await world.time.runUntil(simulation.story());
	} catch (thrown) {
		world.fail(`the story breaks off: ${thrown instanceof Error ? thrown.stack : thrown}`);
	}
	const { runs, kills, ends } = simulation;
	return { violations: [...new Set(world.violations)], story: world.story, runs, kills, ends };
};
