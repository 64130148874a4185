import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gitStore } from '@slipway/store';
import { describeWith, testAtLength } from '@slipway/testing';
import { toSampleDeb } from '../repository/sample-deb.fixture.ts';
import { type AptWorld, readRelease, release, UNDO, withAptWorld } from './apt-world.fixture.ts';

const git = async (cwd: string, ...args: string[]): Promise<string> =>
	(await promisify(execFile)('git', args, { cwd })).stdout.trim();

let root: string;
let remote: string;

beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'slipway-apt-branch-'));
	remote = join(root, 'remote.git');
	await git(root, 'init', '--quiet', '--bare', remote);
});
afterEach(() => rm(root, { recursive: true, force: true, maxRetries: 3 }));

/** As a host of pages does it: after each push the tree of the branch is what is served. */
const serveBranch = async ({ folder }: AptWorld): Promise<void> => {
	const index = join(root, 'index');
	const script = `#!/bin/sh\nGIT_INDEX_FILE='${index}' git --work-tree='${folder}' read-tree --reset -u apt\n`;
	await writeFile(join(remote, 'hooks', 'post-receive'), script, { mode: 0o755 });
};

/** A job of its own: it knows of the branch what it reads. */
const openPublisher = (world: AptWorld) => {
	const environment = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null' };
	const store = gitStore({ remote, branch: 'apt', environment, scratchFolder: root });
	return world.publisher({ store }, { store: { branch: 'apt', remote } });
};

const countCommits = async (): Promise<number> => Number(await git(remote, 'rev-list', '--count', 'apt'));

describeWith('apt-get', 'a repository in a branch', () => {
	test('is released to, read by apt, rolled back and restored; each step is one commit', () =>
		withAptWorld(async (world) => {
			await serveBranch(world);
			const first = await release(world, await openPublisher(world), [toSampleDeb('greet', '1.0.0-1')]);
			const publisher = await openPublisher(world);
			await publisher.verify(first, 'exposed', world.context);
			const before = await countCommits();
			const second = await release(world, await openPublisher(world), [
				toSampleDeb('greet', '1.1.0-1'),
				toSampleDeb('tally', '2.0-1', { architecture: 'amd64' }),
			]);
			// Two packages, the indexes that name them, what is no longer needed.
			expect((await countCommits()) - before).toBe(4);
			const verified = await publisher.verify(second, 'exposed', world.context);
			expect(verified.flatMap(({ checks }) => checks.map((check) => check.split(' by default')[0]))).toEqual([
				'greet on amd64: 1.1.0-1',
				'tally on amd64: 2.0-1',
			]);
			const { serial } = await readRelease(world);
			await (await openPublisher(world)).withdraw(second, 'exposed', { ...world.change, ...UNDO });
			await publisher.verify(second, 'withdrawn', world.context);
			await (await openPublisher(world)).expose(second, world.change);
			await publisher.verify(second, 'exposed', world.context);
			expect((await readRelease(world)).serial).toBe(serial + 2);
			await git(remote, 'fsck', '--strict');
		}));

	testAtLength('two jobs that publish other packages at once both succeed', () =>
		withAptWorld(async (world) => {
			await serveBranch(world);
			await release(world, await openPublisher(world), [toSampleDeb('greet', '1.0.0-1')]);
			const names = ['greet', 'tally', 'libsum'];
			const released = await Promise.all(
				names.map(async (name) => release(world, await openPublisher(world), [toSampleDeb(name, '2.0.0-1')])),
			);
			const publisher = await openPublisher(world);
			for (const subjects of released) await publisher.verify(subjects, 'exposed', world.context);
		}),
	);
});
