import fc from 'fast-check';
import { type SampleDeb, toSampleDeb } from '../../packages/deb/src/repository/sample-deb.fixture.ts';
import { look, move, publish, type World } from './simulated-world.ts';

/** What one command expects of the world before it is run: nothing but that some release was made. */
interface Model {
	released: number;
}

type Command = fc.AsyncCommand<Model, World>;

/** Begins a release, and does not wait for its end. */
class Publish implements Command {
	readonly #debs: readonly SampleDeb[];

	constructor(names: readonly string[], version: number, content: string) {
		this.#debs = names.map((name) => toSampleDeb(name, `${version}.0-1`, { content }));
	}
	check(): boolean {
		return true;
	}
	async run(model: Model, world: World): Promise<void> {
		model.released += 1;
		world.debs.push(...this.#debs);
		world.open.push(publish(world, this.#debs));
	}
	toString(): string {
		return `publish ${this.#debs.map(({ artifact }) => artifact.name).join(' and ')}`;
	}
}

/** Begins to take back one of the releases that are out. */
class Rollback implements Command {
	readonly #which: number;

	constructor(which: number) {
		this.#which = which;
	}
	check({ released }: Model): boolean {
		return released > 0;
	}
	async run(_: Model, world: World): Promise<void> {
		const subjects = world.exposed[this.#which % Math.max(1, world.exposed.length)];
		if (subjects) world.open.push(move(world, 'withdraw', subjects));
	}
	toString(): string {
		return `roll back ${this.#which}`;
	}
}

/** Waits until all that has begun is through. */
class Settle implements Command {
	check({ released }: Model): boolean {
		return released > 0;
	}
	async run(_: Model, world: World): Promise<void> {
		await world.waitFor(Promise.all(world.open.splice(0)));
		await look(world);
	}
	toString(): string {
		return 'settle';
	}
}

class Look implements Command {
	check({ released }: Model): boolean {
		return released > 0;
	}
	async run(_: Model, world: World): Promise<void> {
		await look(world);
	}
	toString(): string {
		return 'look';
	}
}

const NAMES = ['alpha', 'beta'] as const;

/** Lists of commands, in which most releases overlap. */
export const anyCommands = () =>
	fc.commands(
		[
			fc
				.tuple(
					fc.subarray([...NAMES], { minLength: 1 }),
					fc.integer({ min: 1, max: 3 }),
					fc.constantFrom('one', 'other'),
				)
				.map(([names, version, content]) => new Publish(names, version, content)),
			fc.nat(5).map((which) => new Rollback(which)),
			fc.constant(new Settle()),
			fc.constant(new Look()),
		],
		{ maxCommands: 9 },
	);
