import { tmpdir } from 'node:os';
import type { Publisher, Subject } from '@slipway/core';
import {
	aptPublisher,
	generateSigningKey,
	readSigningKey,
	type SigningKey,
	verifyRepository,
} from '@slipway/deb';
import { serveLoopback } from '@slipway/http';
import { testContext, VirtualClock } from '@slipway/testing';
import fc from 'fast-check';
import { type SampleDeb, toSampleDeb } from '../../packages/deb/src/repository/sample-deb.fixture.ts';
import { explain } from './explain.ts';
import { type HistoryEvent, type MoveOutcome, type Result, toOperations } from './history.ts';
import { findReplacedBytes } from './model.ts';
import { toOffered } from './readers.ts';
import { toAptTarget } from './setting.ts';
import { SimulatedBucket, simulatedStore, type Turn } from './simulated-store.ts';

const OUTCOMES = {
	exposed: 'done',
	withdrawn: 'done',
	already: 'already',
	moved: 'other',
	'not-ours': 'other',
} as const;

interface World {
	readonly bucket: SimulatedBucket;
	readonly clock: VirtualClock;
	readonly key: SigningKey;
	readonly url: string;
	readonly turn: Turn;
	readonly waitFor: <T>(task: Promise<T>) => Promise<T>;
	/** Operations that are under way. */
	readonly open: Promise<void>[];
	readonly events: HistoryEvent[];
	readonly debs: SampleDeb[];
	/** Plans that were exposed, for rollbacks to begin with. */
	readonly exposed: (readonly Subject[])[];
	time: number;
	processes: number;
}

/** What one command expects of the world before it is run: nothing but that some release was made. */
interface Model {
	released: number;
}

const toPublisher = (world: World): Publisher =>
	aptPublisher({
		id: 'apt',
		target: toAptTarget({ place: { directory: '/nowhere' }, url: world.url, keyFile: '/nowhere' }),
		store: simulatedStore(world.bucket, world.turn),
		signingKey: world.key,
		trustedKeys: [],
		readArtifact: async ({ digest }) =>
			world.debs.find(({ artifact }) => artifact.digest.sha256 === digest.sha256)?.bytes ?? new Uint8Array(),
		packages: [],
		client: 'built-in',
	});

/** One clock for all processes: it stands still, but for those who wait. */
const toChange = ({ clock }: World) => ({ context: testContext(tmpdir(), clock), guard: async () => {} });

const note = (world: World, process: string, event: Record<string, unknown>): void => {
	world.time += 1;
	world.events.push({ process, time: world.time, ...event } as HistoryEvent);
};

const move = async (
	world: World,
	way: 'expose' | 'withdraw',
	subjects: readonly Subject[],
): Promise<void> => {
	world.processes += 1;
	const process = `p${world.processes}`;
	const moves = subjects.map(({ id, pointer: { previous, next } }) =>
		way === 'expose' ? { subject: id, from: previous, to: next } : { subject: id, from: next, to: previous },
	);
	note(world, process, { type: 'invoke', call: { kind: 'move', moves } });
	const publisher = toPublisher(world);
	const done =
		way === 'expose'
			? await publisher.expose(subjects, toChange(world))
			: await publisher.withdraw(subjects, 'exposed', { ...toChange(world), reason: 'race' });
	const outcomes: readonly MoveOutcome[] = done.map(({ outcome, current }) => ({
		outcome: OUTCOMES[outcome],
		current,
	}));
	note(world, process, { type: 'ok', result: { kind: 'move', outcomes } satisfies Result });
	if (way === 'expose' && outcomes.every(({ outcome }) => outcome === 'done')) world.exposed.push(subjects);
};

const publish = async (world: World, debs: readonly SampleDeb[]): Promise<void> => {
	const publisher = toPublisher(world);
	const artifacts = debs.map(({ artifact }) => artifact);
	const { findings, subjects } = await publisher.preflight(
		{ operation: 'release', artifacts },
		toChange(world).context,
	);
	// A higher version is out, or others have the version: the release ends here.
	if (findings.some(({ severity }) => severity === 'error')) return;
	const planned = subjects.map(({ subject }) => subject);
	for (const subject of planned)
		for (const artifact of subject.artifacts) {
			const { outcome } = await publisher.upload(artifact, subject, toChange(world));
			if (outcome !== 'accepted') return;
		}
	await move(world, 'expose', planned);
};

/** Reads at one moment: InRelease is the switch, and all that it names is there under names that never change. */
const look = async (world: World): Promise<void> => {
	world.processes += 1;
	const process = `r${world.processes}`;
	if (!world.bucket.files.has('dists/stable/InRelease')) return;
	note(world, process, { type: 'invoke', call: { kind: 'read' } });
	const store = simulatedStore(new SimulatedBucket({ compares: true }), async () => {});
	const frozen = new Map(world.bucket.files);
	const files = { ...store, get: async (path: string) => toIndexed(frozen, path) };
	const { context } = toChange(world);
	const clock = { ...context.clock, now: () => context.clock.now() + 3_600_000, sleep: async () => {} };
	const check = { suite: 'stable', keys: [world.key.publicKey] };
	const seen = await verifyRepository(files, check, { ...context, clock });
	note(world, process, { type: 'ok', result: { kind: 'read', offered: toOffered(seen) } satisfies Result });
};

/** As a client that reads by hash: it never asks for the plain path of an index. */
const toIndexed = (
	files: ReadonlyMap<string, { readonly bytes: Uint8Array }>,
	path: string,
): Uint8Array | null => (/\/binary-[a-z0-9]+\/Packages/.test(path) ? null : (files.get(path)?.bytes ?? null));

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

const anyCommands = () =>
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

const settleAll = async (world: World): Promise<void> => {
	await world.waitFor(Promise.all(world.open.splice(0)));
	await look(world);
};

/** @throws Error where no order of the operations explains what they were told */
const verifyHistory = (world: World): void => {
	const operations = toOperations(world.events);
	const replaced = findReplacedBytes(operations);
	if (replaced.length > 0) throw new Error(replaced.join('\n'));
	const explanation = explain(operations, new Map());
	if (explanation.verdict !== 'explained') throw new Error(`${explanation.verdict}: ${explanation.reason}`);
};

export interface InterleavingOptions {
	readonly runs: number;
	readonly seed: number;
	/** False: the store compares nothing, and this has to be noticed. */
	readonly compares: boolean;
}

/**
 * Publishers of one process on a simulated bucket, in which the order of all requests is decided by chance: releases,
 * rollbacks and readers as commands, their history checked against the model. Gives the number of operations.
 * @throws Error with the seed and path of fast-check, and the shortest commands and order that fail
 */
export const checkInterleavings = async ({ runs, seed, compares }: InterleavingOptions): Promise<number> => {
	const generated = await generateSigningKey({
		name: 'Races',
		email: 'races@example.org',
		days: 3650,
		createdAt: Date.parse('2026-01-01T00:00:00Z'),
	});
	const key = await readSigningKey(generated.privateKey);
	const server = await serveLoopback((_, response) => {
		// It does not say what time it is: the clock of these processes stands still.
		response.sendDate = false;
		response.writeHead(404).end();
	});
	let moves = 0;
	const property = fc.asyncProperty(anyCommands(), fc.scheduler(), async (commands, scheduler) => {
		const world: World = {
			bucket: new SimulatedBucket({ compares }),
			clock: new VirtualClock(),
			key,
			url: server.origin,
			turn: (request) => scheduler.schedule(Promise.resolve(), request),
			waitFor: (task) => scheduler.waitFor(task),
			open: [],
			events: [],
			debs: [],
			exposed: [],
			time: 0,
			processes: 0,
		};
		await fc.asyncModelRun(() => ({ model: { released: 0 }, real: world }), commands);
		await settleAll(world);
		verifyHistory(world);
		moves += world.processes;
	});
	try {
		await fc.assert(property, { numRuns: runs, seed, endOnFailure: !compares });
		return moves;
	} finally {
		await server.close();
	}
};
