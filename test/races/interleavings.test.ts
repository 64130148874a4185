import { checkInterleavings } from './interleavings.ts';

const SEED = 20_261_121;

test('every order of requests of several publishers is one that the model explains', async () => {
	expect(await checkInterleavings({ runs: 10, seed: SEED, compares: true })).toBeGreaterThan(20);
});

test('a store that compares nothing is noticed', async () => {
	await expect(checkInterleavings({ runs: 60, seed: SEED, compares: false })).rejects.toMatchObject({
		cause: { message: expect.stringMatching(/no order explains|was shown with|expected \\d+ bytes/) },
	});
});
