/** Stores that break one promise of the contract each: the proof that the suite can fail. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findExecutable } from '@slipway/process';
import {
	type Change,
	directoryStore,
	gitStore,
	type Store,
	type WriteGuard,
	type WriteOutcome,
} from '@slipway/store';

type Write = (changes: readonly Change[], guard?: WriteGuard) => Promise<WriteOutcome>;

const toPut = (change: Change): Change =>
	change.kind === 'remove' ? change : { kind: 'put', path: change.path, bytes: change.bytes };

/** Compares like a real one, but lets go between comparison and write. */
const compareUnlocked =
	(store: Store): Write =>
	async (changes, guard) => {
		for (const change of changes) {
			if (change.kind !== 'replace') continue;
			const version = (await store.read(change.path))?.version ?? null;
			if (version !== change.version) return { outcome: 'conflict', path: change.path };
			await sleep(1);
		}
		return store.write(
			changes.map((change) => (change.kind === 'replace' ? toPut(change) : change)),
			guard,
		);
	};

/** Writes into the file itself, in two halves. */
const writeInPlace =
	(store: Store, folder: string): Write =>
	async (changes, guard) => {
		for (const change of changes.filter(({ kind }) => kind === 'replace')) {
			if (change.kind === 'remove') continue;
			const place = join(folder, change.path);
			await mkdir(dirname(place), { recursive: true });
			await writeFile(place, change.bytes.subarray(0, change.bytes.length / 2));
			await sleep(3);
			await writeFile(place, change.bytes);
		}
		return store.write(
			changes.filter(({ kind }) => kind !== 'replace'),
			guard,
		);
	};

/** A lock that is a file which its owner removes: nobody does when the owner was killed. */
const lockByFile =
	(store: Store, folder: string): Write =>
	async (changes, guard) => {
		await mkdir(folder, { recursive: true });
		const lock = join(folder, 'by-hand.lock');
		await takeFile(lock, performance.now() + 1000);
		await sleep(3);
		const outcome = await store.write(changes, guard);
		await rm(lock);
		return outcome;
	};

const takeFile = async (path: string, deadline: number): Promise<void> => {
	while (performance.now() < deadline) {
		const file = await open(path, 'wx').catch(() => undefined);
		if (file) return file.close();
		await sleep(2);
	}
	throw new Error('somebody holds the lock for ever');
};

const FAULTS = {
	comparesNothing: (store: Store): Partial<Store> => ({
		write: (changes, guard) => store.write(changes.map(toPut), guard),
	}),
	comparesUnlocked: (store: Store): Partial<Store> => ({ write: compareUnlocked(store) }),
	writesInPlace: (store: Store, folder: string): Partial<Store> => ({ write: writeInPlace(store, folder) }),
	locksByFile: (store: Store, folder: string): Partial<Store> => ({ write: lockByFile(store, folder) }),
	ignoresTheGuard: (store: Store): Partial<Store> => ({ write: (changes) => store.write(changes) }),
	stopsLate: (store: Store): Partial<Store> => ({
		write: async (changes, guard) => {
			const outcomes = [];
			for (const change of changes) outcomes.push(await store.write([change], guard));
			return outcomes.find(({ outcome }) => outcome === 'conflict') ?? { outcome: 'written' };
		},
	}),
	listsByText: (store: Store): Partial<Store> => ({
		list: async (prefix) => (await store.list('')).filter((path) => path.startsWith(prefix)),
	}),
} as const;

export type BrokenStoreFault = keyof typeof FAULTS;

/** A git that pushes by force whatever it is told: what is in the way is overwritten. */
const writeForcingGit = (place: string): void => {
	if (existsSync(place)) return;
	const git = findExecutable('git', process.env.PATH) ?? '/usr/bin/git';
	const script = [
		'#!/bin/sh',
		'if [ "$1" = push ]; then shift; set -- push --force "$@"; fi',
		`exec '${git}' "$@"`,
	];
	mkdirSync(dirname(place), { recursive: true });
	writeFileSync(place, `${script.join('\n')}\n`, { mode: 0o755 });
};

/** `argument`: a folder with a bare repository in it, `remote.git`. */
export const openForcingGitStore = (argument: string): Store => {
	writeForcingGit(join(argument, 'bin', 'git'));
	return gitStore({
		remote: join(argument, 'remote.git'),
		branch: 'slipway',
		environment: { PATH: `${join(argument, 'bin')}:${process.env.PATH}`, GIT_CONFIG_GLOBAL: '/dev/null' },
		scratchFolder: argument,
	});
};

/** `argument`: a fault, a colon, a folder. */
export const openBrokenStore = (argument: string): Store => {
	const [fault, folder] = [
		argument.slice(0, argument.indexOf(':')),
		argument.slice(argument.indexOf(':') + 1),
	];
	const store = directoryStore(folder);
	return { ...store, ...FAULTS[fault as BrokenStoreFault](store, folder) };
};
