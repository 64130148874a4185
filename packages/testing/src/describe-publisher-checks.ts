import { strict as assert } from 'node:assert';
import { PUBLISHER_CONTRACT } from '@slipway/core';
import {
	inTurn,
	type PublisherCheck,
	plan,
	rejectsWithCode,
	toBatches,
	versionsOf,
} from './describe-publisher-subject.ts';

const uploadChecks: readonly PublisherCheck[] = [
	{
		name: 'names the contract, and shows no credentials',
		check: async ({ publisher }) => {
			assert.equal(publisher.contract, PUBLISHER_CONTRACT);
			assert.ok(publisher.traits.visibleWithin >= 0);
			assert.doesNotMatch(publisher.description, /bearer|token|password|\/\/[^/]*@/i);
		},
	},
	{
		name: 'preflight plans every package and changes nothing',
		check: async (given) => {
			const { subjects, before } = await plan(given);
			assert.equal(given.mutations(), 0);
			const planned = subjects.flatMap(({ artifacts }) => artifacts.map(({ name }) => name));
			assert.deepEqual(planned.toSorted(), given.artifacts.map(({ name }) => name).toSorted());
			for (const { pointer } of subjects) assert.notEqual(pointer.previous, pointer.next);
			assert.ok(before.every((version) => version !== null));
		},
	},
	{
		name: 'absent, uploaded, there by digest; hidden from a default client',
		check: async (given) => {
			const { subjects, probeAll, uploadAll, resolveAll, before } = await plan(given);
			assert.deepEqual(new Set(await probeAll()), new Set(['absent']));
			await uploadAll();
			assert.deepEqual(new Set(await probeAll()), new Set(['match']));
			const hidden = subjects.map(({ mode, version }, index) => (mode.hides ? before[index] : version));
			assert.deepEqual(await resolveAll(), hidden);
			const verified = await given.publisher.verify(subjects, 'hidden', given.context);
			assert.equal(verified.length, subjects.length);
			assert.ok(verified.every(({ checks, client }) => checks.length > 0 && client !== ''));
		},
	},
	{
		name: 'the identical upload again has no second effect',
		check: async (given) => {
			const { uploadAll, probeAll, resolveAll } = await plan(given);
			await uploadAll();
			await probeAll();
			const once = await resolveAll();
			if (given.publisher.traits.safeProbe) await uploadAll();
			assert.deepEqual(new Set(await probeAll()), new Set(['match']));
			assert.deepEqual(await resolveAll(), once);
		},
	},
	{
		name: 'a version that exists with other bytes is a mismatch and is never replaced',
		check: async (given) => {
			const { subjects, uploadAll, probeAll, change } = await plan(given);
			await uploadAll();
			await probeAll();
			assert.deepEqual(new Set(await probeAll(given.otherBytes)), new Set(['mismatch']));
			const again = { operation: 'release', artifacts: given.otherBytes } as const;
			const { findings } = await given.publisher.preflight(again, given.context);
			assert.ok(
				findings.some(({ severity }) => severity === 'error'),
				'preflight finds no error',
			);
			for (const [index, artifact] of given.otherBytes.entries()) {
				const subject =
					subjects.find(({ artifacts }) => artifacts[0]?.name === artifact.name) ?? subjects[index];
				if (subject)
					await given.publisher
						.upload(artifact, { ...subject, artifacts: [artifact] }, change)
						.catch(() => {});
			}
			assert.deepEqual(new Set(await probeAll()), new Set(['match']));
			await given.publisher.verify(subjects, 'hidden', given.context);
		},
	},
	{
		name: 'bytes that are not those of the plan never leave',
		check: async (given) => {
			const { subjects, change } = await plan(given);
			const digest = { sha256: 'f'.repeat(64) };
			for (const subject of subjects)
				for (const artifact of subject.artifacts)
					await rejectsWithCode(() => given.publisher.upload({ ...artifact, digest }, subject, change));
			assert.equal(given.mutations(), 0);
		},
	},
];

const exposeChecks: readonly PublisherCheck[] = [
	{
		name: 'exposes, is verified as a consumer, and a second time changes nothing',
		check: async (given) => {
			const { publisher, context } = given;
			const { subjects, uploadAll, probeAll, resolveAll, change } = await plan(given);
			await uploadAll();
			await probeAll();
			for (const batch of toBatches(publisher, subjects)) {
				const exposures = await publisher.expose(batch, change);
				for (const { outcome, subject } of exposures)
					assert.equal(outcome, subject.mode.hides ? 'exposed' : 'already');
			}
			assert.deepEqual(await resolveAll(), versionsOf(subjects));
			assert.equal((await publisher.verify(subjects, 'exposed', context)).length, subjects.length);
			const count = given.mutations();
			for (const batch of toBatches(publisher, subjects))
				for (const { outcome } of await publisher.expose(batch, change)) assert.equal(outcome, 'already');
			assert.equal(given.mutations(), count);
		},
	},
	{
		name: 'verification as a consumer fails before it is exposed',
		check: async (given) => {
			const { subjects, uploadAll, probeAll } = await plan(given);
			await uploadAll();
			await probeAll();
			if (subjects.some(({ mode }) => mode.hides))
				await rejectsWithCode(() => given.publisher.verify(subjects, 'exposed', given.context));
		},
	},
	{
		name: 'a pointer that somebody else moved is left alone',
		check: async (given) => {
			const { subjects, uploadAll, probeAll, change, resolveAll } = await plan(given);
			await uploadAll();
			await probeAll();
			const theirs = await inTurn(subjects, (subject) => given.movePointer(subject));
			const count = given.mutations();
			for (const batch of toBatches(given.publisher, subjects))
				for (const { outcome } of await given.publisher.expose(batch, change)) assert.equal(outcome, 'moved');
			assert.equal(given.mutations(), count);
			assert.deepEqual(await resolveAll(), theirs);
		},
	},
];

const withdrawChecks: readonly PublisherCheck[] = [
	{
		name: 'withdraws, is verified as a consumer, and a second time finds it done',
		check: async (given) => {
			const { publisher, context } = given;
			const { subjects, exposeAll, before, resolveAll, change } = await plan(given);
			await exposeAll();
			const undo = { ...change, reason: 'it breaks' };
			for (const batch of toBatches(publisher, subjects))
				for (const { outcome } of await publisher.withdraw(batch, 'exposed', undo))
					assert.equal(outcome, 'withdrawn');
			assert.deepEqual(await resolveAll(), before);
			await publisher.verify(subjects, 'withdrawn', context);
			await rejectsWithCode(() => publisher.verify(subjects, 'exposed', context));
			const count = given.mutations();
			for (const batch of toBatches(publisher, subjects))
				for (const { outcome } of await publisher.withdraw(batch, 'exposed', undo))
					assert.equal(outcome, 'already');
			assert.equal(given.mutations(), count);
		},
	},
	{
		name: 'before it is withdrawn, it does not verify as withdrawn',
		check: async (given) => {
			const { subjects, exposeAll } = await plan(given);
			await exposeAll();
			await rejectsWithCode(() => given.publisher.verify(subjects, 'withdrawn', given.context));
		},
	},
	{
		name: 'restores what it withdrew',
		check: async (given) => {
			const { publisher, context } = given;
			const { subjects, exposeAll, resolveAll, change } = await plan(given);
			await exposeAll();
			for (const batch of toBatches(publisher, subjects))
				await publisher.withdraw(batch, 'exposed', { ...change, reason: 'by mistake' });
			const { findings } = await publisher.preflight({ operation: 'restore', subjects }, context);
			assert.deepEqual(
				findings.filter(({ severity }) => severity === 'error'),
				[],
			);
			for (const batch of toBatches(publisher, subjects))
				for (const { outcome } of await publisher.expose(batch, change)) assert.equal(outcome, 'exposed');
			assert.deepEqual(await resolveAll(), versionsOf(subjects));
			await publisher.verify(subjects, 'exposed', context);
		},
	},
	{
		name: 'a pointer that is no longer ours is not moved back',
		check: async (given) => {
			const { publisher } = given;
			const { subjects, exposeAll, resolveAll, change } = await plan(given);
			await exposeAll();
			const theirs = await inTurn(subjects, (subject) => given.movePointer(subject));
			const count = given.mutations();
			for (const batch of toBatches(publisher, subjects))
				for (const { outcome } of await publisher.withdraw(batch, 'exposed', { ...change, reason: 'late' }))
					assert.equal(outcome, 'not-ours');
			assert.equal(given.mutations(), count);
			assert.deepEqual(await resolveAll(), theirs);
		},
	},
	{
		name: 'an abort leaves the default as it was and says what remains',
		check: async (given) => {
			const { publisher, context } = given;
			const { subjects, uploadAll, probeAll, before, resolveAll, change } = await plan(given);
			await uploadAll();
			await probeAll();
			const undo = { ...change, reason: 'it shall not go on' };
			for (const batch of toBatches(publisher, subjects))
				for (const { remains, outcome } of await publisher.withdraw(batch, 'hidden', undo)) {
					assert.equal(outcome, 'withdrawn');
					assert.ok(publisher.traits.undo === 'full' || remains.length > 0);
				}
			assert.deepEqual(await resolveAll(), before);
			await publisher.verify(subjects, 'withdrawn', context);
			for (const batch of toBatches(publisher, subjects))
				for (const { outcome } of await publisher.withdraw(batch, 'hidden', undo))
					assert.equal(outcome, 'already');
		},
	},
	{
		name: 'an abort of what was never uploaded changes nothing',
		check: async (given) => {
			const { subjects, change } = await plan(given);
			for (const batch of toBatches(given.publisher, subjects))
				for (const { outcome } of await given.publisher.withdraw(batch, 'hidden', {
					...change,
					reason: 'early',
				}))
					assert.equal(outcome, 'already');
			assert.equal(given.mutations(), 0);
		},
	},
];

/** What a publisher does when nothing goes wrong but people. */
export const ordinaryChecks: readonly PublisherCheck[] = [
	...uploadChecks,
	...exposeChecks,
	...withdrawChecks,
];
