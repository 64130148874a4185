import type { Finding } from '@slipway/core';
import { describeWith } from '@slipway/testing';
import { toSampleDeb } from '../repository/sample-deb.fixture.ts';
import { readSigningKey } from '../repository/signing-key.ts';
import { offsetClock, plan, readRelease, release, uploadAll, withAptWorld } from './apt-world.fixture.ts';

const SECOND_MS = 1000;
const offsets: readonly [name: string, offset: number, isRefused: boolean][] = [
	['5 s ahead', 4.4 * SECOND_MS, false],
	['5 s behind', -4.4 * SECOND_MS, false],
	['60 s ahead', 60 * SECOND_MS, true],
	['60 s behind', -60 * SECOND_MS, true],
	['a day ahead', 86_400 * SECOND_MS, true],
	['a day behind', -86_400 * SECOND_MS, true],
];

describeWith('apt-get', 'a clock that is wrong (F14)', () => {
	test.each(offsets)('%s', (_name, offset, isRefused) =>
		withAptWorld(async (world) => {
			const publisher = await world.publisher();
			await release(world, publisher, [toSampleDeb('greet', '1.0.0-1')]);
			const subjects = await plan(world, publisher, [toSampleDeb('greet', '1.1.0-1')]);
			await uploadAll(world, publisher, subjects);
			// The clock jumps after the plan was made: it is compared again when the Release is signed.
			const context = { ...world.context, clock: offsetClock(offset) };
			const artifacts = subjects.flatMap((subject) => subject.artifacts);
			const { findings } = await publisher.preflight({ operation: 'release', artifacts }, context);
			const exposure = publisher.expose(subjects, { ...world.change, context });
			if (isRefused) {
				expect(findings.map(({ code }: Finding) => code)).toContain('APT_CLOCK_WRONG');
				await expect(exposure).rejects.toMatchObject({ code: 'APT_CLOCK_WRONG' });
				expect((await readRelease(world)).serial).toBe(1);
			} else {
				expect(findings).toEqual([]);
				await exposure;
				await publisher.verify(subjects, 'exposed', world.context);
			}
		}),
	);

	test('two publishes within a second have dates of their own, never more than 5 s ahead', () =>
		withAptWorld(async (world) => {
			const publisher = await world.publisher({
				client: 'built-in',
				signingKey: await readSigningKey(world.key.privateKey),
			});
			const dates: number[] = [];
			for (const version of ['1.0-1', '1.1-1', '1.2-1']) {
				await release(world, publisher, [toSampleDeb('greet', version)]);
				const { date } = await readRelease(world);
				expect(date).toBeLessThanOrEqual(Date.now() + 5 * SECOND_MS);
				dates.push(date);
			}
			expect(new Set(dates).size).toBe(3);
			expect(dates).toEqual(dates.toSorted((a, b) => a - b));
		}));
});
