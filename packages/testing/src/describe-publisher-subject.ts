import { strict as assert } from 'node:assert';
import type { Artifact, ChangeContext, Context, Presence, Publisher, Subject } from '@slipway/core';

/**
 * A fresh target on which a previous version of every package is published and is the default, and a release of higher
 * versions that is not there yet. Real services, on loopback.
 */
export interface PublisherSubject {
	readonly publisher: Publisher;
	/** The same adapter, made for an address at which nothing answers. */
	readonly unreachable: Publisher;
	/** With a clock that agrees with the target's. */
	readonly context: Context;
	/** The release: what `preflight` is given. */
	readonly artifacts: readonly Artifact[];
	/** One artifact for each of `artifacts`, of the same name and version, with other bytes (the publisher can read those too). */
	readonly otherBytes: readonly Artifact[];
	/** Which version a client that was never told anything gets of this subject's package now; null: none. */
	resolve(subject: Subject): Promise<string | null>;
	/** Somebody else makes another version the default. @returns what `resolve` says then */
	movePointer(subject: Subject): Promise<string>;
	/** Changes that the target was asked for so far: mutating requests, or writes to its store. */
	mutations(): number;
	/** The next change takes effect, and its reply never arrives. */
	loseNextReply(): void;
	remove(): Promise<void>;
}

/** One property of the contract: throws when the publisher does not have it. */
export interface PublisherCheck {
	readonly name: string;
	readonly check: (subject: PublisherSubject) => Promise<void>;
}

/** The transaction's steps, without its care: what checks are made of. */
export interface Steps {
	readonly subjects: readonly Subject[];
	readonly change: ChangeContext;
	/** What a default client got of each subject before. */
	readonly before: readonly (string | null)[];
	uploadAll(): Promise<void>;
	/** Uploads, and exposes all subjects. */
	exposeAll(): Promise<void>;
	resolveAll(): Promise<readonly (string | null)[]>;
	/** Every artifact's state, once it is no longer `pending`. */
	probeAll(artifacts?: readonly Artifact[]): Promise<readonly Presence['state'][]>;
}

const PROBES = 100;

const settle = async (
	{ publisher, context }: PublisherSubject,
	artifact: Artifact,
): Promise<Presence['state']> => {
	for (let tries = 0; tries < PROBES; tries += 1) {
		const { state } = await publisher.probe(artifact, context);
		if (state !== 'pending') return state;
		await context.clock.sleep(50, context.signal);
	}
	return 'pending';
};

export const inTurn = async <Item, Result>(
	items: readonly Item[],
	task: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> => {
	const results: Result[] = [];
	for (const item of items) results.push(await task(item));
	return results;
};

/** Subjects in the groups that the publisher wants them in: all at once, or one a call. */
export const toBatches = (
	{ traits }: Publisher,
	subjects: readonly Subject[],
): readonly (readonly Subject[])[] =>
	traits.batch === 'all' ? [subjects] : subjects.map((subject) => [subject]);

/** Plans the release of a fresh target. */
export const plan = async (given: PublisherSubject, guard = async () => {}): Promise<Steps> => {
	const { publisher, context, artifacts } = given;
	const { findings, subjects: planned } = await publisher.preflight(
		{ operation: 'release', artifacts },
		context,
	);
	assert.deepEqual(
		findings.filter(({ severity }) => severity === 'error'),
		[],
		'preflight finds errors',
	);
	const subjects = planned.map(({ subject }) => subject);
	const change = { context, guard };
	const resolveAll = () => inTurn(subjects, (subject) => given.resolve(subject));
	const uploadAll = async () => {
		for (const subject of subjects)
			for (const artifact of subject.artifacts) await publisher.upload(artifact, subject, change);
	};
	const probeAll: Steps['probeAll'] = (wanted = artifacts) =>
		inTurn(wanted, (artifact) => settle(given, artifact));
	const exposeAll = async () => {
		await uploadAll();
		await probeAll();
		for (const batch of toBatches(publisher, subjects)) await publisher.expose(batch, change);
	};
	return { subjects, change, before: await resolveAll(), uploadAll, exposeAll, resolveAll, probeAll };
};

export const versionsOf = (subjects: readonly Subject[]): readonly string[] =>
	subjects.map(({ version }) => version);

/** Fails unless the task is rejected with a SlipwayError: coded, with a hint. */
export const rejectsWithCode = (task: () => Promise<unknown>): Promise<void> =>
	assert.rejects(task, (error: Error & { code?: unknown; hint?: unknown }) => {
		assert.equal(error.name, 'SlipwayError', `expected a SlipwayError, got ${error.stack}`);
		assert.ok(typeof error.code === 'string' && typeof error.hint === 'string' && error.hint !== '');
		return true;
	});
