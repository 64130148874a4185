import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type GitServer, isWhole, serveGit } from '@slipway/testing';
import type { Store } from '../store.ts';
import { feedGit, git, makeRemote, NOBODY } from './git-store.fixture.ts';
import { gitStore } from './git-store.ts';

let folder: string;
let remote: string;
let server: GitServer;

const toNoise = (seed: string): Buffer =>
	Buffer.concat(
		Array.from({ length: 32 }, (_, index) => createHash('sha512').update(`${seed}.${index}`).digest()),
	);

/** So many commits, each with 2 kB of its own; what the last one holds is the same for every length. */
const makeHistory = async (branch: string, length: number, author = 'Ann'): Promise<void> => {
	const parts: Buffer[] = [];
	for (let left = length - 1; left >= 0; left -= 1) {
		const noise = toNoise(String(left));
		parts.push(
			Buffer.from(`commit refs/heads/${branch}\ncommitter ${author} <ann@example.org> 1000000000 +0000\n`),
			Buffer.from(`data 1\nx\nM 100644 inline pool/${left % 3}\ndata ${noise.length}\n`),
			noise,
			Buffer.from('\n'),
		);
	}
	await feedGit(
		remote,
		['fast-import', '--quiet', '--force'],
		Buffer.concat([...parts, Buffer.from('done\n')]),
	);
};

const LENGTHS = { short: 12, long: isWhole() ? 600 : 200 };

beforeAll(async () => {
	({ folder, remote } = await makeRemote());
	server = await serveGit({ folder });
});
afterAll(async () => {
	await server.close();
	await rm(folder, { recursive: true, force: true, maxRetries: 3 });
});

interface Cost {
	readonly bytes: number;
	readonly objects: number;
}

const countObjects = async (scratchFolder: string): Promise<number> => {
	const [place = ''] = await readdir(scratchFolder);
	const repository = join(scratchFolder, place);
	const all = await git(repository, 'cat-file', '--batch-all-objects', '--batch-check');
	return all.split('\n').length;
};

interface World {
	readonly branch: string;
	readonly store: Store;
	/** Another writer, who goes past the server. */
	readonly other: Store;
}

/** What a task fetches over http on a branch with so long a history. */
const measure = async (
	name: string,
	length: number,
	task: (world: World) => Promise<void>,
): Promise<Cost> => {
	const branch = `${name}-${length}`;
	await makeHistory(branch, length);
	const scratchFolder = await mkdtemp(join(folder, 'scratch-'));
	const elsewhere = join(folder, 'elsewhere');
	await mkdir(elsewhere, { recursive: true });
	const store = gitStore({
		remote: `${server.origin}/remote.git`,
		branch,
		environment: NOBODY,
		scratchFolder,
	});
	const other = gitStore({ remote, branch, environment: NOBODY, scratchFolder: elsewhere });
	const before = server.requests.length;
	await task({ branch, store, other });
	const replies = server.requests.slice(before).filter(({ service }) => service === 'fetch');
	const bytes = replies.reduce((total, { replied }) => total + (replied ?? 0), 0);
	return { bytes, objects: await countObjects(scratchFolder) };
};

const put = (path: string, text: string) => [{ kind: 'put', path, bytes: Buffer.from(text) } as const];
const WRITTEN = { outcome: 'written' };

const TASKS: Readonly<Record<string, (world: World) => Promise<void>>> = {
	'a first read': async ({ store }) => {
		expect((await store.read('pool/0'))?.bytes).toHaveLength(2048);
	},
	'a write': async ({ store }) => {
		expect(await store.write(put('head', '1'))).toEqual(WRITTEN);
	},
	'a write that loses its race': async ({ store, other }) => {
		await store.list('');
		let raced = false;
		const write = store.write(put('mine', '1'), async () => {
			if (!raced) await other.write(put('theirs', '1'));
			raced = true;
		});
		expect(await write).toEqual(WRITTEN);
	},
	'looks after writes of others': async ({ store, other }) => {
		for (const text of ['1', '2', '3']) {
			await other.write(put('theirs', text));
			expect(Buffer.from((await store.read('theirs'))?.bytes ?? []).toString()).toBe(text);
		}
	},
	'a branch that was moved to another history by force': async ({ branch, store }) => {
		expect(await store.write(put('head', '1'))).toEqual(WRITTEN);
		const [, , length = ''] = branch.split('-');
		await makeHistory(branch, Number(length), 'Bob');
		expect(await store.write(put('head', '2'))).toEqual(WRITTEN);
		await makeHistory(branch, Number(length), 'Cid');
		expect(await store.list('')).toEqual(['pool/0', 'pool/1', 'pool/2']);
	},
};

const SOME = ['a first read', 'a write that loses its race'];

test.each(Object.entries(TASKS).filter(([name]) => isWhole() || SOME.includes(name)))(
	'%s costs the same whatever came before',
	async (name, task) => {
		const word = `t-${Object.keys(TASKS).indexOf(name)}`;
		const short = await measure(word, LENGTHS.short, task);
		const long = await measure(word, LENGTHS.long, task);
		expect(long.objects).toBe(short.objects);
		expect(Math.abs(long.bytes - short.bytes)).toBeLessThan(300);
		// Not nothing: what is measured is what was fetched.
		expect(short.bytes).toBeGreaterThan(6_000);
	},
);
