import { Journal } from '@slipway/release';
import type { Store } from '@slipway/store';
import { findProgramArchitectures } from '../../../packages/deb/src/package/program-architecture.ts';
import type { Target } from '../target.ts';
import { NEVER, toJsonSeeds } from '../text.ts';

type Files = Readonly<Record<string, Uint8Array>>;

const toStore = (files: Files): Store => ({
	description: 'a store of a few files',
	read: async (path) => {
		const bytes = files[path];
		return bytes ? { bytes, version: '1' } : null;
	},
	list: async (prefix) => Object.keys(files).filter((path) => path.startsWith(prefix)),
	write: async () => {
		throw new Error('reading a journal writes into it');
	},
});

const FENCE = {
	number: 1,
	project: 'greet',
	version: '1.0.0',
	releaseId: 'a'.repeat(64),
	operation: 'release',
	run: { key: 'laptop-1', actor: 'ada' },
	reason: null,
	time: '2026-01-02T03:04:05.000Z',
};
const END = { state: 'COMPLETED', reason: 'every target shows this release', time: FENCE.time };

const readJournal = (files: Files) => {
	const journal = new Journal(toStore(files), 'greet');
	return Promise.all([journal.readHistory(), journal.readPlans('1.0.0'), journal.readOutcomes('1.0.0')]);
};

const FENCE_FILE = 'fences/greet/000001.json';

/** Word size, byte order and machine of an ELF header. */
const toElf = (size: number, order: number, machine: number): Buffer => {
	const header = Buffer.alloc(64);
	header.write('\u007fELF', 'latin1');
	header.set([size, order, 1], 4);
	if (order === 1) header.writeUInt16LE(machine, 18);
	else header.writeUInt16BE(machine, 18);
	return header;
};

export const FILE_TARGETS: readonly Target[] = [
	{
		name: 'journal fence',
		codes: /^JOURNAL_CORRUPT$/,
		open: () => ({
			seeds: toJsonSeeds(FENCE),
			read: (bytes) => readJournal({ [FENCE_FILE]: bytes }),
		}),
	},
	{
		name: 'journal end',
		codes: /^JOURNAL_CORRUPT$/,
		open: () => ({
			seeds: toJsonSeeds(END),
			read: (bytes) =>
				readJournal({
					[FENCE_FILE]: Buffer.from(JSON.stringify(FENCE)),
					'fences/greet/000001-end.json': bytes,
				}),
		}),
	},
	{
		name: 'journal records',
		codes: /^JOURNAL_CORRUPT$/,
		open: () => ({
			seeds: toJsonSeeds({ phase: 'end', ...END, subjects: [] }),
			read: (bytes) => readJournal({ 'releases/greet/1.0.0/outcomes/000001-end.json': bytes }),
		}),
	},
	{
		name: 'ELF header',
		codes: NEVER,
		open: () => ({
			seeds: [
				toElf(2, 1, 62),
				toElf(1, 1, 40),
				toElf(2, 2, 22),
				toElf(2, 1, 62).subarray(0, 19),
				'\u007fELF',
			],
			read: findProgramArchitectures,
		}),
	},
];
