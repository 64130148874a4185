import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import type { Artifact } from '@slipway/core';
import { describePublisher, publisherChecks, runPublisherCheck } from './describe-publisher.ts';
import { guardedVerbs, runGuardCheck } from './describe-publisher-faults.ts';
import { type BrokenPromise, ModelTarget, modelPublisher } from './describe-publisher-model.ts';
import type { PublisherSubject } from './describe-publisher-subject.ts';
import { testContext } from './virtual-clock.ts';

const NAMES = ['base', 'tool'];

const make = (broken?: BrokenPromise) => async (): Promise<PublisherSubject> => {
	const target = new ModelTarget();
	const sha256 = new Map<string, string>();
	const toArtifact = (name: string, content: string): Artifact => {
		const digest = {
			sha256: createHash('sha256')
				.update(content + name)
				.digest('hex'),
		};
		const path = `artifacts/${content}/${name}-1.1.0`;
		sha256.set(path, digest.sha256);
		const purl = `pkg:generic/${name}@1.1.0`;
		return { name: `${name}-1.1.0`, path, mediaType: 'application/octet-stream', size: 1, digest, purl };
	};
	for (const name of NAMES) target.pointers.set(`pkg:generic/${name}`, '1.0.0');
	return {
		publisher: modelPublisher({ target, sha256, broken }),
		unreachable: modelPublisher({ target, sha256, broken, reachable: false }),
		context: testContext(tmpdir()),
		artifacts: NAMES.map((name) => toArtifact(name, 'ours')),
		otherBytes: NAMES.map((name) => toArtifact(name, 'theirs')),
		resolve: async ({ id }) => target.pointers.get(id) ?? null,
		movePointer: async ({ id }) => {
			target.pointers.set(id, '1.0.9');
			return '1.0.9';
		},
		mutations: () => target.mutations,
		loseNextReply: () => {
			target.loseNext = true;
		},
		remove: async () => {},
	};
};

describePublisher('a model in memory', make());

const BROKEN: readonly (readonly [BrokenPromise, string])[] = [
	['matchesByVersion', 'a version that exists with other bytes is a mismatch and is never replaced'],
	['replacesBytes', 'a version that exists with other bytes is a mismatch and is never replaced'],
	['exposesOnUpload', 'absent, uploaded, there by digest; hidden from a default client'],
	['sendsAnyBytes', 'bytes that are not those of the plan never leave'],
	['exposesOverOthers', 'a pointer that somebody else moved is left alone'],
	['withdrawsFromOthers', 'a pointer that is no longer ours is not moved back'],
	['takesSilenceForAbsence', 'an unreachable target is unknown, never absent, and nothing is claimed of it'],
	['verifiesNothing', 'verification as a consumer fails before it is exposed'],
	['verifiesNothing', 'before it is withdrawn, it does not verify as withdrawn'],
	['forgetsWhatRemains', 'an abort leaves the default as it was and says what remains'],
];

test.each(BROKEN)('a publisher that %s fails "%s"', async (broken, name) => {
	const check = publisherChecks.find((candidate) => candidate.name === name);
	if (!check) throw new Error(`no check is called ${name}`);
	await expect(runPublisherCheck(check, make(broken))).rejects.toThrow();
});

test.each(['ignoresTheGuard', 'asksTheGuardOnce'] as const)(
	'a publisher that %s fails the guard check',
	async (broken) => {
		const expose = guardedVerbs.find(({ name }) => name === 'expose');
		if (!expose) throw new Error('no verb is called expose');
		await expect(runGuardCheck(make(broken), expose)).rejects.toThrow();
	},
);
