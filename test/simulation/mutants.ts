import type { Presence, Publisher } from '@slipway/core';
import { Journal } from '@slipway/release';
import type { Store } from '@slipway/store';
import type { Mutant } from './execute.ts';

/** A journal that never tells a run that it was fenced off. */
class UnfencedJournal extends Journal {
	#number = 0;

	override async readFenceNumber(): Promise<number> {
		return this.#number;
	}

	override async createFence(entry: Parameters<Journal['createFence']>[0]): Promise<boolean> {
		this.#number = entry.number;
		return super.createFence(entry);
	}
}

/** A journal that does not know any more whose runs there were before. */
class ForgetfulJournal extends Journal {
	override async readHistory(): ReturnType<Journal['readHistory']> {
		const history = await super.readHistory();
		return history.map((entry) => ({ ...entry, fence: { ...entry.fence, releaseId: '' } }));
	}
}

const withProbe = (publisher: Publisher, probe: (presence: Presence) => Presence): Publisher => ({
	...publisher,
	probe: async (artifact, context) => probe(await publisher.probe(artifact, context)),
});

/** Whoever creates a file that is there replaces it, and is told that all went well. */
const overwriting = (store: Store): Store => ({
	...store,
	write: (changes, guard) =>
		store.write(
			changes.map((change) => (change.kind === 'create' ? { ...change, kind: 'put' } : change)),
			guard,
		),
});

/** Defects as they are made, each of which some seed has to find. */
export const MUTANTS: readonly Mutant[] = [
	{
		name: 'a probe that trusts the journal',
		publisher: (publisher, _process, world) => ({
			...publisher,
			probe: async (artifact, context) => {
				const version = /@([^@]+)$/.exec(artifact.purl)?.[1] ?? '';
				const records = world.files.list(`releases/demo/${version}/outcomes`);
				return records.some((path) => path.includes(`-upload-${publisher.id}-`))
					? { state: 'match' }
					: publisher.probe(artifact, context);
			},
		}),
	},
	{
		name: 'a probe that compares versions, not bytes',
		publisher: (publisher) =>
			withProbe(publisher, (presence) => (presence.state === 'mismatch' ? { state: 'match' } : presence)),
	},
	{
		name: 'a probe that takes silence and delay for absence',
		publisher: (publisher) =>
			withProbe(publisher, (presence) =>
				presence.state === 'unknown' || presence.state === 'pending' ? { state: 'absent' } : presence,
			),
	},
	{
		name: 'an upload that repeats a lost request',
		publisher: (publisher) => ({
			...publisher,
			upload: async (artifact, subject, change) => {
				const result = await publisher.upload(artifact, subject, change);
				return result.outcome === 'unknown' ? publisher.upload(artifact, subject, change) : result;
			},
		}),
	},
	{ name: 'a missing fence check', journal: ({ store, project }) => new UnfencedJournal(store, project) },
	{
		name: 'a resumed run that takes itself for the first',
		journal: ({ store, project }) => new ForgetfulJournal(store, project),
	},
	{ name: 'a store that replaces what it is told to create', store: overwriting },
	{
		name: 'an exposure that does not look where the pointer is',
		publisher: (publisher) => ({
			...publisher,
			preflight: async (request, context) => {
				const answer = await publisher.preflight(request, context);
				if (request.operation !== 'status') return answer;
				const subjects = answer.subjects.map(({ subject }) => ({
					subject,
					current: subject.pointer.previous,
				}));
				return { ...answer, subjects };
			},
			expose: async (subjects, change) => {
				const { subjects: seen } = await publisher.preflight(
					{ operation: 'status', subjects },
					change.context,
				);
				const moved = subjects.map((subject) => {
					const current = seen.find((one) => one.subject.id === subject.id)?.current ?? null;
					return { ...subject, pointer: { ...subject.pointer, previous: current } };
				});
				return publisher.expose(moved, change);
			},
		}),
	},
	{
		name: 'a verification that verifies nothing',
		publisher: (publisher) => ({
			...publisher,
			verify: async (subjects) =>
				subjects.map((subject) => ({ subject, client: 'nobody', checks: ['none'] })),
			probe: async () => ({ state: 'match' }),
		}),
	},
	{
		name: 'a clock that does not wait as it is asked to',
		publisher: (publisher) => ({
			...publisher,
			upload: async (artifact, subject, change) => {
				const result = await publisher.upload(artifact, subject, change);
				return result.outcome === 'unknown' ? { outcome: 'unknown', reason: result.reason } : result;
			},
		}),
	},
	{
		name: 'a withdrawal that says it was done',
		publisher: (publisher) => ({
			...publisher,
			withdraw: async (subjects) =>
				subjects.map((subject) => ({
					subject,
					outcome: 'withdrawn',
					current: subject.pointer.previous,
					remains: [],
				})),
			verify: async (subjects, state, context) =>
				state === 'withdrawn'
					? subjects.map((subject) => ({ subject, client: 'nobody', checks: ['none'] }))
					: publisher.verify(subjects, state, context),
		}),
	},
];
