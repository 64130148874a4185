import { describeWith } from '@slipway/testing';
import { toSampleDeb } from '../repository/sample-deb.fixture.ts';
import { plan, release, uploadAll, withAptWorld } from './apt-world.fixture.ts';

const WITHDRAW = { reason: 'test' };

describeWith('apt-get', 'a release and its rollback, seen by apt', () => {
	test('upload hides, expose shows, withdraw brings the previous version back, restore is its mirror', () =>
		withAptWorld(async (world) => {
			const publisher = await world.publisher();
			const { context, change } = world;
			const first = await release(world, publisher, [toSampleDeb('greet', '1.0.0-1')]);
			expect(await publisher.verify(first, 'exposed', context)).toMatchObject([
				{
					client: expect.stringMatching(/^apt-get \d/),
					checks: ['greet on amd64: 1.0.0-1 by default, sha256 as built'],
				},
			]);

			const second = await plan(world, publisher, [toSampleDeb('greet', '1.1.0-1')]);
			await uploadAll(world, publisher, second);
			await publisher.verify(second, 'hidden', context);
			await publisher.verify(first, 'exposed', context);
			await expect(publisher.verify(second, 'exposed', context)).rejects.toMatchObject({
				code: 'APT_VERIFICATION_FAILED',
			});

			expect(await publisher.expose(second, change)).toMatchObject([{ outcome: 'exposed' }]);
			await publisher.verify(second, 'exposed', context);
			expect(await publisher.expose(second, change)).toMatchObject([{ outcome: 'already' }]);

			const withdrawn = await publisher.withdraw(second, 'exposed', { ...change, ...WITHDRAW });
			expect(withdrawn).toMatchObject([{ outcome: 'withdrawn', current: second[0]?.pointer.previous }]);
			await publisher.verify(second, 'withdrawn', context);
			await publisher.verify(first, 'exposed', context);

			await publisher.expose(second, change);
			await publisher.verify(second, 'exposed', context);
			await expect(publisher.verify(second, 'withdrawn', context)).rejects.toMatchObject({
				code: 'APT_VERIFICATION_FAILED',
			});
		}));
});
