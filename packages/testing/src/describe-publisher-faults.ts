import { strict as assert } from 'node:assert';
import type { ChangeContext } from '@slipway/core';
import {
	type PublisherCheck,
	type PublisherSubject,
	plan,
	rejectsWithCode,
	type Steps,
	toBatches,
	versionsOf,
} from './describe-publisher-subject.ts';
import { isWhole } from './whole.ts';

/** A verb that changes something, with what has to come before it. */
interface Verb {
	readonly name: string;
	prepare(steps: Steps, given: PublisherSubject): Promise<void>;
	act(steps: Steps, given: PublisherSubject, change: ChangeContext): Promise<void>;
}

const VERBS: readonly Verb[] = [
	{
		name: 'upload',
		prepare: async () => {},
		act: async ({ subjects }, { publisher }, change) => {
			for (const subject of subjects)
				for (const artifact of subject.artifacts) await publisher.upload(artifact, subject, change);
		},
	},
	{
		name: 'expose',
		prepare: async ({ uploadAll, probeAll }) => {
			await uploadAll();
			await probeAll();
		},
		act: async ({ subjects }, { publisher }, change) => {
			for (const batch of toBatches(publisher, subjects)) await publisher.expose(batch, change);
		},
	},
	{
		name: 'withdraw',
		prepare: ({ exposeAll }) => exposeAll(),
		act: async ({ subjects }, { publisher }, change) => {
			for (const batch of toBatches(publisher, subjects))
				await publisher.withdraw(batch, 'exposed', { ...change, reason: 'it breaks' });
		},
	},
];

class Fenced extends Error {}

/** The verb with a guard that throws at its n-th call. @returns how often the guard was asked */
const actUntil = async (given: PublisherSubject, verb: Verb, last: number): Promise<number> => {
	const steps = await plan(given);
	await verb.prepare(steps, given);
	const start = given.mutations();
	let calls = 0;
	let atThrow = -1;
	const guard = async () => {
		calls += 1;
		if (calls < last) return;
		atThrow = given.mutations();
		throw new Fenced('fenced off');
	};
	const acting = verb.act(steps, given, { context: given.context, guard });
	if (last === Number.POSITIVE_INFINITY) await acting;
	else await assert.rejects(acting, Fenced);
	if (atThrow >= 0) assert.equal(given.mutations(), atThrow, 'it went on after its guard threw');
	assert.ok(given.mutations() - start <= calls, 'it changed something without asking its guard');
	return calls;
};

type Make = () => Promise<PublisherSubject>;

const withFresh = async <Result>(
	make: Make,
	task: (given: PublisherSubject) => Promise<Result>,
): Promise<Result> => {
	const given = await make();
	try {
		return await task(given);
	} finally {
		await given.remove();
	}
};

/** Each place is a target of its own: briefly, the first ones, one in the middle and the last. */
const toPlaces = (calls: number): readonly number[] => {
	const all = Array.from({ length: calls }, (_, index) => index + 1);
	const some = new Set([1, 2, Math.ceil(calls / 2), calls]);
	return isWhole() ? all : all.filter((place) => some.has(place));
};

/** A fenced-off run stops before its next change, wherever that is. Needs a fresh target for each place. */
export const runGuardCheck = async (make: Make, verb: Verb): Promise<void> => {
	const calls = await withFresh(make, (given) => actUntil(given, verb, Number.POSITIVE_INFINITY));
	assert.ok(calls > 0, 'it never asked its guard');
	for (const last of toPlaces(calls)) await withFresh(make, (given) => actUntil(given, verb, last));
};

export const guardedVerbs: readonly Verb[] = VERBS;

/** Twice at most: a lost reply may be reported as a failure, and doing the same again then finds it done. */
const actTwice = async (given: PublisherSubject, verb: Verb, steps: Steps): Promise<void> => {
	await verb.prepare(steps, given);
	given.loseNextReply();
	try {
		await verb.act(steps, given, steps.change);
	} catch (error) {
		await rejectsWithCode(() => Promise.reject(error));
		await verb.act(steps, given, steps.change);
	}
};

const lostReplyChecks: readonly PublisherCheck[] = VERBS.map((verb) => ({
	name: `${verb.name}: a lost reply is settled by looking`,
	check: async (given) => {
		const steps = await plan(given);
		await actTwice(given, verb, steps);
		assert.deepEqual(new Set(await steps.probeAll()), new Set(['match']));
		const expected = verb.name === 'expose' ? versionsOf(steps.subjects) : steps.before;
		const hides = steps.subjects.every(({ mode }) => mode.hides);
		if (hides || verb.name !== 'upload') assert.deepEqual(await steps.resolveAll(), expected);
	},
}));

/** What a publisher does when the world goes wrong. */
export const faultChecks: readonly PublisherCheck[] = [
	...lostReplyChecks,
	{
		name: 'an unreachable target is unknown, never absent, and nothing is claimed of it',
		check: async (given) => {
			const { subjects, change } = await plan(given);
			const { unreachable, context, artifacts } = given;
			for (const artifact of artifacts)
				assert.equal((await unreachable.probe(artifact, context)).state, 'unknown');
			await rejectsWithCode(() => unreachable.expose(subjects, change));
			await rejectsWithCode(() => unreachable.withdraw(subjects, 'exposed', { ...change, reason: 'x' }));
			await rejectsWithCode(() => unreachable.verify(subjects, 'exposed', context));
			const { findings } = await unreachable.preflight({ operation: 'release', artifacts }, context);
			assert.ok(findings.some(({ severity }) => severity === 'error'));
		},
	},
	{
		name: 'a cancelled run changes nothing more',
		check: async (given) => {
			const { subjects, uploadAll, probeAll, change } = await plan(given);
			await uploadAll();
			await probeAll();
			const count = given.mutations();
			const context = { ...given.context, signal: AbortSignal.abort(new Error('cancelled')) };
			for (const batch of toBatches(given.publisher, subjects))
				await assert.rejects(() => given.publisher.expose(batch, { ...change, context }));
			assert.equal(given.mutations(), count);
		},
	},
];
