// One run of a release: a process of its own that runs the real transaction, and may stand still at one of its writes to
// the repository. Argument: a ZombieSetting as JSON. Prints one line: how it ended.
import { setTimeout as sleep } from 'node:timers/promises';
import { MANIFEST_MEDIA_TYPE, SlipwayError } from '@slipway/core';
import { Journal, release } from '@slipway/release';
import type { Store } from '@slipway/store';
import { toSampleDeb } from '../../packages/deb/src/repository/sample-deb.fixture.ts';
import { openPlace, openPublisher, type Place, type Setting } from './setting.ts';

/** before: nothing of the write is done. after: the guard was asked and said yes, and the first request comes next. */
export interface Halt {
	/** Number of the write to the repository, from 1. */
	readonly write: number;
	readonly moment: 'before' | 'after';
}

export interface ZombieSetting extends Setting {
	readonly journal: Place;
	readonly version: string;
	/** null: it never stands still. */
	readonly halt: Halt | null;
}

/** How a run ended, and how many writes to the repository it began. */
export interface ZombieEnd {
	readonly end: string;
	readonly writes: number;
}

/** As somebody's SIGSTOP, or a machine that sleeps: returns when somebody wakes it. */
const standStill = (): void => void process.kill(process.pid, 'SIGSTOP');

const toHalting = (store: Store, halt: Halt | null, onWrite: () => number): Store => ({
	...store,
	write: (changes, guard = async () => {}) => {
		const number = onWrite();
		if (halt?.write === number && halt.moment === 'before') standStill();
		let isAsked = false;
		return store.write(changes, async () => {
			await guard();
			const isFirst = !isAsked;
			isAsked = true;
			if (isFirst && halt?.write === number && halt.moment === 'after') standStill();
		});
	},
});

const setting: ZombieSetting = JSON.parse(process.argv[2] ?? '{}');
const { version, halt, name, tempDir, environment } = setting;
const deb = toSampleDeb('greet', `${version}-1`);
let writes = 0;
const publisher = await openPublisher(setting, {
	debs: [deb],
	onConflict: () => {},
	wrap: (store) =>
		toHalting(store, halt, () => {
			writes += 1;
			return writes;
		}),
});
const context = {
	log: { debug: () => {}, info: () => {}, warning: () => {} },
	clock: { now: () => Date.now(), sleep: (ms: number) => sleep(ms) },
	tempDir,
	signal: new AbortController().signal,
};

const run = async (): Promise<string> => {
	try {
		const { state } = await release(
			{
				journal: new Journal(openPlace(setting.journal, environment), 'race'),
				publishers: [publisher],
				run: { key: name, actor: name },
				manifest: {
					mediaType: MANIFEST_MEDIA_TYPE,
					project: 'race',
					version,
					source: { repo: null, commit: null, ref: null },
					artifacts: [deb.artifact],
				},
				onFailure: 'rollback',
				place: 'here',
			},
			context,
		);
		return state;
	} catch (thrown) {
		if (thrown instanceof SlipwayError) return thrown.code;
		throw thrown;
	}
};

process.stdout.write(`${JSON.stringify({ end: await run(), writes } satisfies ZombieEnd)}\n`);
