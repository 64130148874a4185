import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChangeContext, Publisher, Subject } from '@slipway/core';
import { generateSigningKey, openServedFiles, verifyClearsigned } from '@slipway/deb';
import { serveLoopback } from '@slipway/http';
import { findTool } from '@slipway/testing';
import { toSampleDeb } from '../../packages/deb/src/repository/sample-deb.fixture.ts';
import { verifyDetached } from '../../packages/deb/src/repository/verify-signature.ts';
import { openAptReader } from './apt-reader.ts';
import { writeHistory } from './history.ts';
import { type Judgement, judgeRace, type Outcome } from './judge.ts';
import { BEFORE, type Job, PACKAGES, type Task, toMix } from './mix.ts';
import { toState } from './model.ts';
import { PLACES, type PlaceName } from './places.ts';
import { lookOnce, type Reader, toOffered, toOwnReader, type Watched, watch } from './readers.ts';
import { openPublisher, type Setting } from './setting.ts';
import { runTeam } from './team.ts';

export interface RaceReport extends Judgement {
	readonly place: PlaceName;
	readonly processes: number;
	/** Updates that the real apt-get, and our own reader, accepted. */
	readonly aptUpdates: number;
	readonly ownLooks: number;
	readonly seconds: number;
	/** Where its history lies. */
	readonly history: string;
}

export interface RaceRequest {
	readonly place: PlaceName;
	readonly processes: number;
	readonly seed: number;
}

/** Longer than any race takes: what still runs then hangs. */
const TIMEOUT_MS = 480_000;

const toContext = (tempDir: string): ChangeContext['context'] => ({
	log: { debug: () => {}, info: () => {}, warning: () => {} },
	clock: { now: () => Date.now(), sleep: (ms) => sleep(ms) },
	tempDir,
	signal: new AbortController().signal,
});

const toEnvironment = (base: string): Readonly<Record<string, string | undefined>> => ({
	PATH: [dirname(process.execPath), process.env.PATH].join(':'),
	HOME: base,
	TMPDIR: base,
	LANG: 'C.UTF-8',
	NODE_COMPILE_CACHE: join(tmpdir(), 'slipway-races-compile-cache'),
});

/** Releases one version of every package in one update; gives what a rollback of it is given. */
const releaseAll = async (
	publisher: Publisher,
	debs: readonly ReturnType<typeof toSampleDeb>[],
	change: ChangeContext,
): Promise<readonly Subject[]> => {
	const artifacts = debs.map(({ artifact }) => artifact);
	const { findings, subjects } = await publisher.preflight(
		{ operation: 'release', artifacts },
		change.context,
	);
	const error = findings.find(({ severity }) => severity === 'error');
	if (error) throw new Error(`${error.code}: ${error.message}`);
	const planned = subjects.map(({ subject }) => subject);
	for (const subject of planned)
		for (const artifact of subject.artifacts) await publisher.upload(artifact, subject, change);
	await publisher.expose(planned, change);
	return planned;
};

/** What lies there before a race: two versions of each package. Gives the subjects of the second. */
const prepare = async (setting: Setting): Promise<readonly Subject[]> => {
	const debs = BEFORE.map((version) => PACKAGES.map((name) => toSampleDeb(name, version)));
	const publisher = await openPublisher(setting, { debs: debs.flat(), onConflict: () => {} });
	const change = { context: toContext(setting.tempDir), guard: async () => {} };
	let subjects: readonly Subject[] = [];
	for (const version of debs) subjects = await releaseAll(publisher, version, change);
	return subjects;
};

const toJob = (task: Task, released: readonly Subject[]): Job =>
	task.kind === 'publish'
		? task
		: { kind: 'rollback', subjects: released.filter(({ id }) => id.endsWith(`/${task.name}`)) };

/** Opens a place with a key, serves it, and removes it after the task. */
export const withPlace = async <T>(name: PlaceName, task: (setting: Setting) => Promise<T>): Promise<T> => {
	const base = await realpath(await mkdtemp(join(tmpdir(), 'slipway-race-')));
	const place = await PLACES[name](base);
	const server = await serveLoopback(place.handler);
	try {
		const key = await generateSigningKey({ name: 'Races', email: 'races@example.org', days: 30 });
		const keyFile = join(base, 'key.asc');
		await writeFile(keyFile, key.privateKey, { mode: 0o600 });
		await writeFile(`${keyFile}.pub.asc`, key.publicKey);
		await mkdir(join(base, 'tmp'));
		const environment = { ...toEnvironment(join(base, 'tmp')), ...place.environment };
		return await task({
			name: 'setup',
			place: place.place,
			environment,
			url: server.origin,
			keyFile,
			tempDir: join(base, 'tmp'),
		});
	} finally {
		await server.close();
		await place.stop();
		await rm(base, { recursive: true, force: true, maxRetries: 5 });
	}
};

interface Eyes {
	readonly own: Reader;
	/** undefined: no apt-get on this machine. */
	readonly apt: Reader | undefined;
}

export const openEyes = async ({ url, keyFile, tempDir }: Setting): Promise<Eyes> => {
	const publicKeyFile = `${keyFile}.pub.asc`;
	const own = toOwnReader(url, await readFile(publicKeyFile, 'utf8'), toContext(tempDir));
	if (findTool('apt-get') === undefined) return { own, apt: undefined };
	return { own, apt: await openAptReader(join(tempDir, 'user'), { url, keyFile: publicKeyFile }) };
};

const toOne = (all: readonly Watched[]): Watched => ({
	events: all.flatMap(({ events }) => events),
	looks: all.reduce((sum, { looks }) => sum + looks, 0),
	refusals: all.flatMap(({ refusals }) => refusals),
});

/** Readers look all the while, and once more when all is done. */
const watchAll = async (
	{ own, apt }: Eyes,
	task: () => Promise<void>,
): Promise<{ readonly own: Watched; readonly apt: Watched }> => {
	const stop = new AbortController();
	const { signal } = stop;
	const watching = Promise.all([
		watch('own', own, { signal, pauseMs: 20 }),
		apt ? watch('apt', apt, { signal, pauseMs: 20 }) : toOne([]),
	]);
	await task().finally(() => stop.abort());
	const [ownSeen, aptSeen] = await watching;
	return {
		own: toOne([ownSeen, await lookOnce('own', own)]),
		apt: apt ? toOne([aptSeen, await lookOnce('apt', apt)]) : aptSeen,
	};
};

/** Clients that know no InRelease read Release and its signature: they are of the newest publish too. */
const checkDetached = async ({ url, keyFile, tempDir }: Setting): Promise<readonly string[]> => {
	const served = openServedFiles(url);
	const { signal } = toContext(tempDir);
	const read = async (name: string): Promise<Uint8Array> =>
		(await served.get(`dists/stable/${name}`, { maxBytes: 1_000_000, signal })) ?? new Uint8Array();
	const trust = { keys: [await readFile(`${keyFile}.pub.asc`, 'utf8')], now: Date.now() };
	try {
		const { text } = await verifyClearsigned(await read('InRelease'), trust);
		const detached = await verifyDetached(await read('Release'), await read('Release.gpg'), trust);
		return detached.text.trimEnd() === text.trimEnd()
			? []
			: ['in the end Release is another one than InRelease'];
	} catch (thrown) {
		return [`in the end Release.gpg does not fit Release: ${thrown}`];
	}
};

/** What starts the line about a repository that nobody can read any longer. */
export const BROKEN = 'in the end the repository is broken';

const lookInTheEnd = async (reader: Reader) => {
	try {
		return { end: toState(toOffered(await reader())), problems: [] };
	} catch (thrown) {
		return { end: undefined, problems: [`${BROKEN}: ${thrown}`] };
	}
};

const race = async (setting: Setting, { place, processes, seed }: RaceRequest): Promise<RaceReport> => {
	const released = await prepare(setting);
	const jobs = toMix(seed, processes).map((task) => toJob(task, released));
	const eyes = await openEyes(setting);
	const start = toState(toOffered(await eyes.own()));
	const began = performance.now();
	let outcomes: readonly Outcome[] = [];
	const seen = await watchAll(eyes, async () => {
		const team = await runTeam(setting, jobs, { timeoutMs: TIMEOUT_MS });
		outcomes = team.map((finished, index) => ({ finished, job: jobs[index] as Job }));
	});
	const events = [
		...outcomes.flatMap(({ finished }) => finished.events),
		...seen.own.events,
		...seen.apt.events,
	];
	const history = `out/races/${place}-${seed}.jsonl`;
	await writeHistory(history, events);
	const { end, problems } = await lookInTheEnd(eyes.own);
	const judgement = judgeRace(outcomes, { start, end: end ?? start, events });
	return {
		...judgement,
		problems: [
			...seen.own.refusals,
			...seen.apt.refusals,
			...problems,
			...(await checkDetached(setting)),
			...judgement.problems,
		],
		place,
		processes,
		aptUpdates: seen.apt.looks - seen.apt.refusals.length,
		ownLooks: seen.own.looks - seen.own.refusals.length,
		seconds: (performance.now() - began) / 1000,
		history,
	};
};

/** Runs one race on a fresh repository. */
export const runRace = (request: RaceRequest): Promise<RaceReport> =>
	withPlace(request.place, (setting) => race(setting, request));
