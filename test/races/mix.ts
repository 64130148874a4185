import type { Subject } from '@slipway/core';

/** One .deb that a process publishes; other contents are other bytes. */
export interface Wanted {
	readonly name: string;
	readonly version: string;
	readonly content: string;
}

/** What one process does. A rollback takes back what was released before the race. */
export type Task =
	| { readonly kind: 'publish'; readonly debs: readonly Wanted[]; readonly thenRollback: boolean }
	| { readonly kind: 'rollback'; readonly name: string };

/** What a process is given to do its task. */
export type Job =
	| (Task & { readonly kind: 'publish' })
	| { readonly kind: 'rollback'; readonly subjects: readonly Subject[] };

/** Released in two versions before each race. */
export const PACKAGES = ['alpha', 'beta', 'gamma', 'delta', 'omega'] as const;
export const BEFORE = ['1.0-1', '1.1-1'] as const;

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export const toRandom = (seed: number): (() => number) => {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
};

const publish = (...debs: readonly Wanted[]): Task => ({ kind: 'publish', debs, thenRollback: false });
const deb = (name: string, version: string, content = 'one'): Wanted => ({ name, version, content });

/** What every race has, whatever its seed. */
const ALWAYS: readonly Task[] = [
	publish(deb('alpha', '2.0-1')),
	publish(deb('alpha', '2.0-1')),
	publish(deb('beta', '2.0-1')),
	publish(deb('beta', '2.0-1', 'other')),
	publish(deb('beta', '2.0-1', 'third')),
	{ kind: 'rollback', name: 'alpha' },
	publish(deb('gamma', '2.0-1'), deb('delta', '2.0-1')),
	{ kind: 'rollback', name: 'gamma' },
	publish(deb('delta', '2.1-1'), deb('omega', '2.1-1')),
	publish(deb('fresh', '1.0-1')),
	{ kind: 'publish', debs: [deb('gamma', '2.2-1')], thenRollback: true },
	{ kind: 'rollback', name: 'gamma' },
	{ kind: 'rollback', name: 'omega' },
];

const toAny = (random: () => number): Task => {
	const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
	const name = pick([...PACKAGES, 'fresh', 'newer']);
	const version = `2.${Math.floor(random() * 4)}-1`;
	const thenRollback = random() < 0.25;
	return { kind: 'publish', debs: [deb(name, version, pick(['one', 'one', 'other']))], thenRollback };
};

/** The tasks of so many processes: what every race has, the rest by chance, in an order by chance. */
export const toMix = (seed: number, processes: number): readonly Task[] => {
	const random = toRandom(seed);
	const rest = Array.from({ length: Math.max(0, processes - ALWAYS.length) }, () => toAny(random));
	return [...ALWAYS, ...rest]
		.slice(0, processes)
		.map((task) => ({ task, at: random() }))
		.sort((a, b) => a.at - b.at)
		.map(({ task }) => task);
};
