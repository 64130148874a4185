// A store that writes one file after the other, and a writer who is overtaken between his files.
import { readFile } from 'node:fs/promises';
import type { Change, Store } from '@slipway/store';
import { type AptWorld, plan, release, uploadAll, withAptWorld } from '../publisher/apt-world.fixture.ts';
import { openServedFiles } from '../publisher/served-files.ts';
import { suitePath } from '../publisher/tampering.fixture.ts';
import { toSampleDeb } from './sample-deb.fixture.ts';
import { verifyRepository } from './verify-repository.ts';
import { verifyClearsigned, verifyDetached } from './verify-signature.ts';

/** As a bucket: file by file; before the switch, `meanwhile` comes first, once. */
const toBucketLike = (store: Store, meanwhile: () => Promise<void>): Store => {
	let isOpen = true;
	const write = async (change: Change) => {
		if (isOpen && change.kind === 'replace' && change.path.endsWith('/InRelease')) {
			isOpen = false;
			await meanwhile();
		}
		return store.write([change]);
	};
	return {
		...store,
		write: async (changes) => {
			for (const change of changes) {
				const outcome = await write(change);
				if (outcome.outcome === 'conflict') return outcome;
			}
			return { outcome: 'written' };
		},
	};
};

/** What clients read that do not read by hash. */
const checkPlain = async (world: AptWorld): Promise<void> => {
	const trust = { keys: [world.key.publicKey], now: Date.now() };
	const read = (name: string) => readFile(suitePath(world, name));
	const { text } = await verifyClearsigned(await read('InRelease'), trust);
	const detached = await verifyDetached(await read('Release'), await read('Release.gpg'), trust);
	expect(detached.text.trimEnd()).toBe(text.trimEnd());
	const check = { suite: 'stable', keys: [world.key.publicKey] };
	await verifyRepository(openServedFiles(world.url), check, world.context);
};

test.each([
	['moved the same package, so that there is nothing left to write', ['greet'], 'moved'],
	['moved another package, so that all is written again', ['tally'], 'exposed'],
])('who is overtaken by somebody who %s leaves no file of his own behind', (_name, [other = ''], outcome) =>
	withAptWorld(async (world) => {
		const publisher = await world.publisher({ client: 'built-in' });
		await release(world, publisher, [toSampleDeb('greet', '1.0-1')]);
		const store = toBucketLike(world.store, async () => {
			await release(world, publisher, [toSampleDeb(other, '1.2-1')]);
		});
		const late = await world.publisher({ store, client: 'built-in' });
		const subjects = await plan(world, late, [toSampleDeb('greet', '1.1-1')]);
		await uploadAll(world, publisher, subjects);
		expect(await late.expose(subjects, world.change)).toMatchObject([{ outcome }]);
		await checkPlain(world);
	}),
);
