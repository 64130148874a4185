// A real apt-get on a slow line: it holds an old InRelease while publishes and cleanings go on, and still gets what that names.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Handler } from '@slipway/http';
import { describeWith } from '@slipway/testing';
import { runApt, updateLists, withAptRoot } from '../publisher/apt-root.ts';
import { type AptWorld, offsetClock, toSource, withAptWorld } from '../publisher/apt-world.fixture.ts';
import { cleanPool } from './clean-pool.ts';
import { addDebs, removePackage } from './manage.ts';
import type { Repository } from './repository.ts';
import { toSampleDeb } from './sample-deb.fixture.ts';
import { readSigningKey } from './signing-key.ts';

const PLACE = { suite: 'stable', component: 'main' };
/** More than the generations that are kept for their number, and past one pruning. */
const PUBLISHES = 10;
const DAY_MS = 86_400_000;

/** Holds requests for some paths until what is to happen meanwhile has happened, once. */
const toSlowLine = () => {
	const waits: { pattern: RegExp; meanwhile: () => Promise<void> }[] = [];
	const wrap =
		(handler: Handler): Handler =>
		async (request, response) => {
			const at = waits.findIndex(({ pattern }) => pattern.test(request.url ?? ''));
			const [wait] = at === -1 ? [] : waits.splice(at, 1);
			await wait?.meanwhile();
			return handler(request, response);
		};
	return {
		wrap,
		hold: (pattern: RegExp, meanwhile: () => Promise<void>) => void waits.push({ pattern, meanwhile }),
		waits,
	};
};

const toRepository = async ({ store, key }: AptWorld): Promise<Repository> => ({
	...{ store, origin: 'Example', label: 'Example', architectures: ['amd64', 'arm64'], trustedKeys: [] },
	signingKey: await readSigningKey(key.privateKey),
});

const publish = async (world: AptWorld, version: string): Promise<void> => {
	const request = { ...PLACE, debs: [toSampleDeb('greet', version).bytes], keep: 1 };
	await addDebs(await toRepository(world), request, world.change);
};

describeWith('apt-get', 'a reader that is slower than the publishers', () => {
	test('gets the index and the package that its InRelease names, whatever is published and cleaned meanwhile', async () => {
		const line = toSlowLine();
		await withAptWorld(async (world) => {
			await publish(world, '1.0-1');
			const repository = await toRepository(world);
			const cleaned: string[] = [];
			line.hold(/by-hash/, async () => {
				for (let number = 1; number <= PUBLISHES; number += 1) await publish(world, `1.${number}-1`);
				cleaned.push(...(await cleanPool(repository, world.change)));
			});
			await withAptRoot(toSource(world), world.context, async (root) => {
				await updateLists(root);
				expect((await runApt(root, ['apt-cache', 'policy', 'greet'])).stdout).toContain('Candidate: 1.0-1');
				line.hold(/\.deb$/, async () => {
					await removePackage(repository, { ...PLACE, name: 'greet' }, world.change);
					cleaned.push(...(await cleanPool(repository, world.change)));
				});
				const { code, stderr } = await runApt(root, ['apt-get', 'download', 'greet']);
				expect([code, stderr.replace(/^W: .*\n/gm, '')]).toEqual([0, '']);
				expect(await readdir(join(root.folder, 'download'))).toEqual(['greet_1.0-1_all.deb']);
				await updateLists(root);
				expect((await runApt(root, ['apt-cache', 'policy', 'greet'])).stdout).not.toContain('Candidate: 1');
			});
			expect([line.waits, cleaned]).toEqual([[], []]);
			// A week later nobody holds it any longer: what no kept Release names goes, and what is kept is whole.
			const later = { ...world.context, clock: offsetClock(8 * DAY_MS) };
			const removed = await cleanPool(repository, { ...world.change, context: later });
			expect(removed).toHaveLength(PUBLISHES - 1);
			await withAptRoot(toSource(world), world.context, updateLists);
		}, line.wrap);
	}, 900_000);
});
