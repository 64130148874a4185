import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import type { Artifact, ChangeContext, Clock, Context, Publisher, Subject } from '@slipway/core';
import type { AptTarget } from '@slipway/core/config';
import { type Handler, serveLoopback, toFolderHandler } from '@slipway/http';
import { directoryStore, type Store } from '@slipway/store';
import { toClearText } from '../repository/clear-text.ts';
import { parseRelease, type Release } from '../repository/release-file.ts';
import type { SampleDeb } from '../repository/sample-deb.fixture.ts';
import { type GeneratedKey, generateSigningKey, readSigningKey } from '../repository/signing-key.ts';
import { aptPublisher } from './apt-publisher.ts';
import type { Source } from './client.ts';
import type { AptPublisherOptions } from './options.ts';

export const realClock: Clock = {
	now: () => Date.now(),
	sleep: (ms, signal) => sleep(ms, undefined, { signal }),
};

/** A real clock that is wrong by so many ms. */
export const offsetClock = (offset: number): Clock => ({ ...realClock, now: () => Date.now() + offset });

export const toContext = (tempDir: string, clock: Clock = realClock): Context => ({
	log: { debug: () => {}, info: () => {}, warning: () => {} },
	clock,
	tempDir,
	signal: new AbortController().signal,
});

/** A repository in a folder of its own, served on loopback, and publishers to it. */
export interface AptWorld {
	/** The repository's root. */
	readonly folder: string;
	readonly url: string;
	readonly store: Store;
	readonly key: GeneratedKey;
	readonly context: Context;
	readonly change: ChangeContext;
	/** Bytes of what `addDeb` was given, by sha256. */
	readonly debs: Map<string, SampleDeb>;
	publisher(options?: Partial<AptPublisherOptions>, target?: Partial<AptTarget>): Promise<Publisher>;
	close(): Promise<void>;
}

/** Made days ago, so that tests with a clock that is behind can use it. */
const toKeyRequest = () => ({
	name: 'Ada Lovelace',
	email: 'ada@example.org',
	days: 400,
	createdAt: Date.now() - 200_000_000,
});

export const toTarget = (url: string, folder: string, target: Partial<AptTarget> = {}): AptTarget => ({
	type: 'apt',
	store: { directory: folder },
	url,
	suite: 'stable',
	component: 'main',
	architectures: ['amd64', 'arm64'],
	origin: 'Example',
	'signing-key': { environment: 'KEY' },
	'trusted-keys': [],
	keep: 5,
	...target,
});

interface AptPlace {
	/** For what belongs to the test; removed at its end. */
	readonly root: string;
	readonly folder: string;
	readonly url: string;
	readonly store: Store;
	close(): Promise<void>;
}

/** A world wherever its repository lies. */
export const toAptWorld = async ({ root, folder, url, store, close }: AptPlace): Promise<AptWorld> => {
	const key = await generateSigningKey(toKeyRequest());
	const debs = new Map<string, SampleDeb>();
	const context = toContext(root);
	const publisher: AptWorld['publisher'] = async (options = {}, target = {}) =>
		aptPublisher({
			id: 'apt',
			target: toTarget(url, folder, target),
			store,
			signingKey: await readSigningKey(key.privateKey),
			trustedKeys: [],
			readArtifact: async ({ digest }) => debs.get(digest.sha256)?.bytes ?? new Uint8Array(),
			packages: ['greet'],
			...options,
		});
	const change = { context, guard: async () => {} };
	const closeAll = async (): Promise<void> => {
		await close();
		await rm(root, { recursive: true, force: true });
	};
	return { folder, url, store, key, context, change, debs, publisher, close: closeAll };
};

/** @param wrap changes what the server answers */
export const openAptWorld = async (
	wrap: (handler: Handler) => Handler = (handler) => handler,
): Promise<AptWorld> => {
	const root = await mkdtemp(join(tmpdir(), 'slipway-apt-'));
	const folder = join(root, 'repository');
	await mkdir(folder);
	const { origin, close } = await serveLoopback(wrap(toFolderHandler(folder)));
	return toAptWorld({ root, folder, url: origin, store: directoryStore(folder), close });
};

export const withAptWorld = async <T>(
	task: (world: AptWorld) => Promise<T>,
	wrap?: (handler: Handler) => Handler,
): Promise<T> => {
	const world = await openAptWorld(wrap);
	try {
		return await task(world);
	} finally {
		await world.close();
	}
};

const addDebs = (world: AptWorld, samples: readonly SampleDeb[]): Artifact[] =>
	samples.map((sample) => {
		world.debs.set(sample.artifact.digest.sha256, sample);
		return sample.artifact;
	});

/** Preflight of these packages; fails when it finds an error. */
export const plan = async (
	world: AptWorld,
	publisher: Publisher,
	samples: readonly SampleDeb[],
	line?: string,
): Promise<readonly Subject[]> => {
	const artifacts = addDebs(world, samples);
	const { findings, subjects } = await publisher.preflight(
		{ operation: 'release', artifacts, line },
		world.context,
	);
	const errors = findings.filter(({ severity }) => severity === 'error');
	if (errors.length > 0) throw new Error(errors.map(({ code, message }) => `${code}: ${message}`).join('\n'));
	return subjects.map(({ subject }) => subject);
};

export const uploadAll = async (
	world: AptWorld,
	publisher: Publisher,
	subjects: readonly Subject[],
): Promise<void> => {
	for (const subject of subjects)
		for (const artifact of subject.artifacts) {
			const { outcome } = await publisher.upload(artifact, subject, world.change);
			if (outcome !== 'accepted') throw new Error(`upload of ${artifact.name}: ${outcome}`);
		}
};

/** A whole release: plan, upload, expose. */
export const release = async (
	world: AptWorld,
	publisher: Publisher,
	samples: readonly SampleDeb[],
	line?: string,
): Promise<readonly Subject[]> => {
	const subjects = await plan(world, publisher, samples, line);
	await uploadAll(world, publisher, subjects);
	for (const { outcome, subject } of await publisher.expose(subjects, world.change))
		if (outcome === 'moved') throw new Error(`${subject.id} was moved by others`);
	return subjects;
};

/** What a withdrawal says of itself. */
export const UNDO = { reason: 'test' };

/** The served Release of a suite, unverified. */
export const readRelease = async ({ folder }: AptWorld, suite = 'stable'): Promise<Release> =>
	parseRelease(toClearText(await readFile(join(folder, 'dists', suite, 'InRelease'))));

export const readText = ({ folder }: AptWorld, path: string): Promise<string> =>
	readFile(join(folder, path), 'utf8');

/** The repository as a user's .sources file names it. */
export const toSource = ({ url, key }: AptWorld, suite = 'stable'): Source => ({
	url,
	suite,
	component: 'main',
	architectures: ['amd64', 'arm64'],
	key: key.publicKey,
});

/** The index of an architecture, unpacked: the compressed form is the only one that is served. */
export const readPackages = async ({ folder }: AptWorld, architecture: string): Promise<string> => {
	const path = join(folder, 'dists/stable/main', `binary-${architecture}`, 'Packages.gz');
	return gunzipSync(await readFile(path)).toString('utf8');
};
