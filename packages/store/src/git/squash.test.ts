import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serveGit, testAtLength, toWriterArguments, withTeam } from '@slipway/testing';
import { git, makeRemote, NOBODY } from './git-store.fixture.ts';
import { gitStore } from './git-store.ts';
import type { BranchOptions } from './open-branch.ts';
import { type Squash, squashBranch } from './squash.ts';

let folder: string;
let remote: string;
let branches = 0;

beforeAll(async () => {
	({ folder, remote } = await makeRemote());
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));

const put = (path: string, text: string) => ({ kind: 'put', path, bytes: Buffer.from(text) }) as const;
const WRITTEN = { outcome: 'written' };

/** A branch with three commits: a folder, bytes of every kind, a file that was removed. */
const openFilled = async (options: Partial<BranchOptions> = {}) => {
	branches += 1;
	const branch = `s${branches}`;
	const place = {
		remote,
		branch,
		environment: NOBODY,
		scratchFolder: folder,
		pausesMs: [10, 20],
		...options,
	};
	const store = gitStore(place);
	const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
	await store.write([put('a/b', '1'), put('gone', 'x'), { kind: 'create', path: 'any', bytes }]);
	await store.write([{ kind: 'remove', path: 'gone' }]);
	await store.write([put('a/b', '2')]);
	return { branch, place, store, squash: (act = true): Promise<Squash> => squashBranch(place, { act }) };
};

const show = (branch: string) =>
	Promise.all([git(remote, 'ls-tree', '-r', branch), git(remote, 'rev-parse', `${branch}^{tree}`)]);
const count = async (branch: string): Promise<number> =>
	Number(await git(remote, 'rev-list', '--count', branch));

test('a dry run says what goes and changes nothing', async () => {
	const { branch, squash } = await openFilled();
	const before = await git(remote, 'rev-parse', branch);
	const plan = await squash(false);
	expect(plan).toMatchObject({ outcome: 'planned', store: `branch ${branch}`, files: 2 });
	expect(plan.dropped.map(({ author, subject }) => `${author}: ${subject}`)).toEqual([
		'slipway: Write a/b',
		'slipway: Remove gone',
		'slipway: Write any and 2 more',
	]);
	expect(plan.dropped[0]?.commit).toBe(before);
	expect(await git(remote, 'rev-parse', branch)).toBe(before);
});

test('one commit is left with the same files; writers go on on top of it', async () => {
	const { branch, store, squash } = await openFilled();
	const before = await show(branch);
	const version = (await store.read('a/b'))?.version ?? null;
	const done = await squash();
	expect(done).toMatchObject({ outcome: 'squashed', replacement: await git(remote, 'rev-parse', branch) });
	expect(await show(branch)).toEqual(before);
	expect(await count(branch)).toBe(1);
	await git(remote, 'fsck', '--strict', '--connectivity-only');
	// It knows of the branch only what was before.
	expect(await store.write([{ ...put('a/b', '3'), kind: 'replace', version }])).toEqual(WRITTEN);
	expect(await count(branch)).toBe(2);
	expect(await squashAgain(branch)).toBe('squashed');
	expect(await squashAgain(branch)).toBe('nothing');
});

const squashAgain = async (branch: string): Promise<string> =>
	(await squashBranch({ remote, branch, environment: NOBODY, scratchFolder: folder }, { act: true })).outcome;

test('where there is no branch there is nothing to do', async () => {
	expect(await squashAgain('absent')).toBe('nothing');
});

/** Git that does something else first when it is called to push. */
const makeGit = async (name: string, script: string): Promise<string> => {
	const bin = join(folder, name);
	await mkdir(bin);
	const lines = ['#!/bin/sh', `if [ "$1" = push ]; then ${script}; fi`, 'exec git "$@"'];
	const path = `PATH='${process.env.PATH}'`;
	await writeFile(join(bin, 'git'), [lines[0], path, ...lines.slice(1)].join('\n'), { mode: 0o755 });
	return `${bin}:${process.env.PATH}`;
};

test('a publisher who is between looking and pushing wins: conflict, and all of it is there', async () => {
	const { branch, place, store } = await openFilled();
	const copy = join(folder, 'theirs.git');
	await cp(remote, copy, { recursive: true });
	await gitStore({ ...place, remote: copy }).write([put('theirs', '1')]);
	const PATH = await makeGit('racing', `unset GIT_DIR; git -C '${copy}' push -q '${remote}' ${branch}`);
	const raced = await squashBranch({ ...place, environment: { ...NOBODY, PATH } }, { act: true });
	expect(raced).toMatchObject({ outcome: 'conflict' });
	expect(await count(branch)).toBe(4);
	expect(await store.list('')).toEqual(['a/b', 'any', 'theirs']);
});

testAtLength('processes that publish while the branch is squashed again and again lose nothing', async () => {
	const { branch, place, squash } = await openFilled();
	const module = new URL('./git-store.fixture.ts', import.meta.url).href;
	const subject = { module, opener: 'openFromJson', argument: JSON.stringify(place) };
	const tasks = Array.from({ length: 2 }, () => ['incrementAll', 'counters/one', '5', '10']);
	const outcomes: string[] = [];
	await withTeam(
		tasks.map((task) => toWriterArguments(subject, task)),
		async (members) => {
			let isOver = false;
			const over = Promise.all(members.map((member) => member.finished())).finally(() => {
				isOver = true;
			});
			while (!isOver) outcomes.push((await squash()).outcome);
			await over;
		},
	);
	outcomes.push((await squash()).outcome);
	const counter = await gitStore(place).read('counters/one');
	expect(
		Buffer.from(counter?.bytes ?? [])
			.toString()
			.trim(),
	).toBe('10');
	expect(outcomes).toContain('squashed');
	expect(await count(branch)).toBe(1);
});

testAtLength(
	'a reply that is lost is settled by looking; so is the push of a writer whose commit was squashed meanwhile',
	async () => {
		let losing = 1;
		const server = await serveGit({
			folder,
			loseReply: async ({ method, url = '' }) => {
				const isLost = method === 'POST' && url.endsWith('receive-pack') && losing > 0;
				if (!isLost) return false;
				losing -= 1;
				await afterwards();
				return true;
			},
		});
		let afterwards = async () => {};
		const { branch, place, store } = await openFilled();
		const served = { ...place, remote: `${server.origin}/remote.git` };
		expect(await squashBranch(served, { act: true })).toMatchObject({ outcome: 'squashed' });
		expect(await count(branch)).toBe(1);
		losing = 1;
		afterwards = async () => {
			await squashBranch(place, { act: true });
		};
		const version = (await store.read('a/b'))?.version ?? null;
		expect(await gitStore(served).write([{ ...put('a/b', '4'), kind: 'replace', version }])).toEqual(WRITTEN);
		expect(await count(branch)).toBe(1);
		await server.close();
	},
);

test('a host that forbids force pushes: STORE_PROTECTED with what to do, and nothing is changed', async () => {
	const { branch, squash } = await openFilled();
	const text = 'error: GH013: Repository rule violations found. Cannot force-push to this branch';
	const hook = join(remote, 'hooks', 'update');
	await writeFile(hook, `#!/bin/sh\nprintf '${text}' >&2\nexit 1\n`, { mode: 0o755 });
	await expect(squash()).rejects.toMatchObject({
		code: 'STORE_PROTECTED',
		hint: expect.stringContaining('force pushes'),
	});
	await rm(hook);
	expect(await count(branch)).toBe(3);
});
