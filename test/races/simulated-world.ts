import { tmpdir } from 'node:os';
import type { Publisher, Subject } from '@slipway/core';
import { aptPublisher, type SigningKey, verifyRepository } from '@slipway/deb';
import { testContext, type VirtualClock } from '@slipway/testing';
import type { SampleDeb } from '../../packages/deb/src/repository/sample-deb.fixture.ts';
import type { HistoryEvent, MoveOutcome, Result } from './history.ts';
import { toOffered } from './readers.ts';
import { toAptTarget } from './setting.ts';
import { type SimulatedBucket, simulatedStore, type Turn } from './simulated-store.ts';

const OUTCOMES = {
	exposed: 'done',
	withdrawn: 'done',
	already: 'already',
	moved: 'other',
	'not-ours': 'other',
} as const;

/** Publishers of one process on a simulated bucket. */
export interface World {
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

export const move = async (
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

/** A whole release: plan, upload, expose. */
export const publish = async (world: World, debs: readonly SampleDeb[]): Promise<void> => {
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

const verifyNow = async (world: World, get: (path: string) => Uint8Array | null) => {
	const { context } = toChange(world);
	const clock = { ...context.clock, now: () => context.clock.now() + 3_600_000, sleep: async () => {} };
	const check = { suite: 'stable', keys: [world.key.publicKey] };
	return verifyRepository({ get: async (path) => get(path) }, check, { ...context, clock });
};

/** Plain paths of indexes, which clients do not ask for that read by hash. */
const PLAIN = /\/binary-[a-z0-9]+\/Packages/;

/** Reads at one moment, as a client that reads by hash: InRelease is the switch, and all that it names is there. */
export const look = async (world: World): Promise<void> => {
	world.processes += 1;
	const process = `r${world.processes}`;
	if (!world.bucket.files.has('dists/stable/InRelease')) return;
	note(world, process, { type: 'invoke', call: { kind: 'read' } });
	const frozen = new Map(world.bucket.files);
	const seen = await verifyNow(world, (path) =>
		PLAIN.test(path) ? null : (frozen.get(path)?.bytes ?? null),
	);
	note(world, process, { type: 'ok', result: { kind: 'read', offered: toOffered(seen) } satisfies Result });
};

/**
 * When nobody writes any more, plain files are those of InRelease, for clients that do not read by hash.
 * @throws SlipwayError APT_BYTES_CHANGED
 */
export const verifyPlain = async (world: World): Promise<void> => {
	if (world.bucket.files.has('dists/stable/InRelease'))
		await verifyNow(world, (path) => world.bucket.files.get(path)?.bytes ?? null);
};
