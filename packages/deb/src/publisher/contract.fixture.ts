import { SlipwayError, type Subject } from '@slipway/core';
import type { Store } from '@slipway/store';
import type { PublisherSubject } from '@slipway/testing';
import { addDebs } from '../repository/manage.ts';
import { toSampleDeb } from '../repository/sample-deb.fixture.ts';
import { readSigningKey } from '../repository/signing-key.ts';
import { type AptWorld, release, toSource, toTarget } from './apt-world.fixture.ts';
import { builtInClient } from './built-in-client.ts';
import { toRepository } from './to-repository.ts';

/** Counts every change that is let through, and loses a reply on demand. */
const watch = (store: Store) => {
	let count = 0;
	let losesNext = false;
	const write: Store['write'] = async (changes, guard = async () => {}) => {
		const outcome = await store.write(changes, async () => {
			await guard();
			count += 1;
		});
		if (!losesNext) return outcome;
		losesNext = false;
		throw new SlipwayError('STORE_WRITE_FAILED', 'the reply was lost', { hint: 'Try again.' });
	};
	const lose = (): void => {
		losesNext = true;
	};
	return { store: { ...store, write }, count: () => count, lose };
};

const fail = async (): Promise<never> => {
	throw new SlipwayError('STORE_UNREADABLE', 'nothing answers', { hint: 'Start it.' });
};
const deadStore: Store = { description: 'nothing', read: fail, list: fail, write: fail };

const toRelease = (greet: string, tally: string, content?: string) => [
	toSampleDeb('greet', greet, content === undefined ? {} : { content }),
	...['amd64', 'arm64'].map((architecture) =>
		toSampleDeb('tally', tally, { architecture, ...(content === undefined ? {} : { content }) }),
	),
];

const resolve = async (world: AptWorld, { id }: Subject): Promise<string | null> => {
	const wanted = [{ name: id.replace('pkg:deb/', ''), architecture: 'amd64' }];
	const [sight] = await builtInClient.look(toSource(world), wanted, world.context);
	return sight?.resolved?.version ?? null;
};

const movePointer = async (world: AptWorld, { id }: Subject): Promise<string> => {
	const repository = toRepository({
		target: toTarget(world.url, world.folder),
		store: world.store,
		signingKey: await readSigningKey(world.key.privateKey),
		trustedKeys: [],
	});
	const { bytes } = toSampleDeb(id.replace('pkg:deb/', ''), '9.9.9-1');
	await addDebs(repository, { suite: 'stable', component: 'main', debs: [bytes], keep: 5 }, world.change);
	return '9.9.9-1';
};

/** What describePublisher wants: a repository with one release, and another one that is about to follow. */
export const toPublisherSubject = async (world: AptWorld): Promise<PublisherSubject> => {
	await release(world, await world.publisher(), toRelease('1.0.0-1', '2.0-1'));
	const watched = watch(world.store);
	const samples = toRelease('1.1.0-1', '2.1-1');
	const others = toRelease('1.1.0-1', '2.1-1', 'something else');
	for (const sample of [...samples, ...others]) world.debs.set(sample.artifact.digest.sha256, sample);
	return {
		publisher: await world.publisher({ store: watched.store }),
		unreachable: await world.publisher({ store: deadStore }, { url: 'http://127.0.0.1:9/' }),
		context: world.context,
		artifacts: samples.map(({ artifact }) => artifact),
		otherBytes: others.map(({ artifact }) => artifact),
		resolve: (subject) => resolve(world, subject),
		movePointer: (subject) => movePointer(world, subject),
		mutations: watched.count,
		loseNextReply: watched.lose,
		remove: world.close,
	};
};
