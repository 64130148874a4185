import { readFile, rm } from 'node:fs/promises';
import { describeWith, isWhole } from '@slipway/testing';
import { toClearText } from '../repository/clear-text.ts';
import { toSampleDeb } from '../repository/sample-deb.fixture.ts';
import type { AptWorld } from './apt-world.fixture.ts';
import {
	DAY_MS,
	edit,
	editIndexes,
	flip,
	lengthen,
	listCopies,
	otherKey,
	SECOND_MS,
	signAgain,
	suitePath,
	withRelease,
} from './tampering.fixture.ts';

type Tamper = (world: AptWorld) => Promise<void>;

/** What was done to the repository, what apt says, and the code with which the publisher refuses to build on it. */
const cases: readonly [name: string, tamper: Tamper, aptSays: RegExp, refusal: string][] = [
	[
		'1: an index changed, same size',
		(world) => editIndexes(world, flip),
		/Hash Sum mismatch/,
		'APT_REPOSITORY_TAMPERED',
	],
	[
		'2: an index of another size',
		(world) => editIndexes(world, lengthen),
		/unexpected size|Hash Sum/,
		'APT_REPOSITORY_TAMPERED',
	],
	[
		'3: one byte of InRelease changed',
		(world) =>
			edit(suitePath(world, 'InRelease'), (bytes) => Buffer.from(bytes.toString().replace('arm64', 'arm46'))),
		/not signed|BADSIG|invalid/,
		'APT_REPOSITORY_TAMPERED',
	],
	[
		'4: signed by another key',
		async (world) => signAgain(world, {}, await otherKey()),
		/NO_PUBKEY|not signed/,
		'APT_REPOSITORY_OTHER_KEY',
	],
	[
		'5: Valid-Until passed',
		(world) => signAgain(world, { validUntil: Math.floor(Date.now() / SECOND_MS) * SECOND_MS - DAY_MS }),
		/is expired/,
		'APT_REPOSITORY_EXPIRED',
	],
	[
		'6: dated ahead',
		(world) => signAgain(world, { date: Math.ceil(Date.now() / SECOND_MS) * SECOND_MS + 2 * DAY_MS }),
		/not valid yet/,
		'APT_DATE_AHEAD',
	],
	[
		'8: no signature at all',
		async (world) => {
			await rm(suitePath(world, 'InRelease'));
			await rm(suitePath(world, 'Release.gpg'));
		},
		/is not signed/,
		'APT_REPOSITORY_UNSIGNED',
	],
	[
		'8b: InRelease without a signature',
		(world) => edit(suitePath(world, 'InRelease'), (bytes) => Buffer.from(toClearText(bytes))),
		/not signed|Clearsigned file isn't valid|NOSPLIT/,
		'APT_REPOSITORY_UNSIGNED',
	],
	[
		'8c: InRelease gone, Release.gpg of other bytes',
		async (world) => {
			await rm(suitePath(world, 'InRelease'));
			await edit(suitePath(world, 'Release'), (bytes) =>
				Buffer.from(bytes.toString().replace('arm64', 'arm46')),
			);
		},
		/not signed|BADSIG/,
		'APT_REPOSITORY_TAMPERED',
	],
	[
		'a suite in the place of another',
		(world) => signAgain(world, { suite: 'testing', codename: 'testing' }),
		/conflicting distribution|APT_NEVER/i,
		'APT_REPOSITORY_OTHER_SUITE',
	],
	[
		'both copies of an index gone',
		async (world) => {
			for (const path of await listCopies(world, () => true)) await rm(path);
		},
		/404/,
		'APT_REPOSITORY_TAMPERED',
	],
];

describeWith('apt-get', 'a repository that somebody tampered with', () => {
	// In `npm test` every third of them.
	test.each(cases.filter((_, index) => isWhole() || index % 3 === 0))(
		'%s',
		(name, tamper, aptSays, refusal) =>
			withRelease(async (world, subjects) => {
				await tamper(world);
				const { context, change } = world;
				const publisher = await world.publisher();
				const builtIn = await world.publisher({ client: 'built-in' });

				// apt only warns where the suite is another one.
				if (!name.startsWith('a suite'))
					await expect(publisher.verify(subjects, 'exposed', context)).rejects.toMatchObject({
						code: 'APT_CLIENT_FAILED',
						message: expect.stringMatching(aptSays),
					});
				await expect(builtIn.verify(subjects, 'exposed', context)).rejects.toMatchObject({
					name: 'SlipwayError',
				});

				const before = await readFile(suitePath(world, 'Release')).catch(() => null);
				const sample = toSampleDeb('greet', '1.1.0-1');
				world.debs.set(sample.artifact.digest.sha256, sample);
				const { findings } = await publisher.preflight(
					{ operation: 'release', artifacts: [sample.artifact] },
					context,
				);
				const codes = findings.map(({ code }) => code);
				// A wrong date is only seen when the next one is to be set.
				if (refusal !== 'APT_DATE_AHEAD') expect(codes).toContain(refusal);
				const withdrawal = publisher.withdraw(subjects, 'exposed', { ...change, reason: 'test' });
				await expect(withdrawal).rejects.toMatchObject({ code: refusal });
				expect(await readFile(suitePath(world, 'Release')).catch(() => null)).toEqual(before);
			}),
	);
});
