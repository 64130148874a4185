import { rm } from 'node:fs/promises';
import { type GitMisbehaviour, type GitServer, type GitService, isWhole, serveGit } from '@slipway/testing';
import type { Change, Store } from '../store.ts';
import { git, makeRemote, NOBODY } from './git-store.fixture.ts';
import { type GitStoreOptions, gitStore } from './git-store.ts';

let folder: string;
let remote: string;
let server: GitServer;
let branches = 0;

/** What the server does wrong, request by request of one service; then nothing more. */
let plan: { readonly service: GitService; readonly wrong: GitMisbehaviour; left: number } | undefined;

beforeAll(async () => {
	({ folder, remote } = await makeRemote());
	server = await serveGit({
		folder,
		misbehave: (service) => {
			if (plan?.service !== service || plan.left <= 0) return undefined;
			plan.left -= 1;
			return plan.wrong;
		},
	});
});
afterAll(async () => {
	await server.close();
	await rm(folder, { recursive: true, force: true, maxRetries: 3 });
});
afterEach(() => {
	plan = undefined;
});

const PAUSES_MS = [10, 20, 30];
/** The first try and one after each pause; the HTTP library of git may repeat each once where a connection ended. */
const MOST_TRIES = 2 * (PAUSES_MS.length + 1);

const create = (path: string, text = path): Change => ({ kind: 'create', path, bytes: Buffer.from(text) });
const WRITTEN = { outcome: 'written' };

interface World {
	readonly branch: string;
	readonly store: Store;
}

/** A store in a branch of its own that holds one file, before anything goes wrong. */
const open = async (options: Partial<GitStoreOptions> = {}): Promise<World> => {
	branches += 1;
	const branch = `b${branches}`;
	const address = `${server.origin}/remote.git`;
	const common = { remote: address, environment: NOBODY, scratchFolder: folder, pausesMs: PAUSES_MS };
	const store = gitStore({ ...common, branch, ...options });
	expect(await store.write([create('first')])).toEqual(WRITTEN);
	return { branch, store };
};

const listMessages = async (branch: string): Promise<readonly string[]> =>
	(await git(remote, 'log', '--reverse', '--format=%s', branch)).split('\n');

const ONE_COMMIT = ['Write first', 'Write a'];

/** How often the service is asked while a task runs. */
const count = async (service: GitService, task: () => Promise<void>): Promise<number> => {
	const before = server.requests.length;
	await task();
	return server.requests.slice(before).filter((request) => request.service === service).length;
};

const DROPS = (['before', 'during', 'after'] as const).map(
	(when): GitMisbehaviour => ({ kind: 'drop', when }),
);
const STATUSES = [500, 502, 503].map((status): GitMisbehaviour => ({ kind: 'status', status }));
const CUT: GitMisbehaviour = { kind: 'cut' };
const HANG: GitMisbehaviour = { kind: 'hang' };

const toCases = (all: readonly GitMisbehaviour[]) =>
	all.map((wrong) => [JSON.stringify(wrong), wrong] as const);

/** All of them, or in short those that end in another way each. */
const toWrongs = (brief: readonly GitMisbehaviour[], all: readonly GitMisbehaviour[]) =>
	isWhole() ? all : brief;

describe('a push that goes wrong once is one commit in the end', () => {
	const wrongs = toWrongs([...DROPS.slice(1), CUT, ...STATUSES.slice(2)], [...DROPS, CUT, HANG, ...STATUSES]);
	test.each(toCases(wrongs))('%s', async (_name, wrong) => {
		const { branch, store } = await open({ silenceMs: 1_000 });
		plan = { service: 'push', wrong, left: 1 };
		const pushes = await count('push', async () => {
			expect(await store.write([create('a')])).toEqual(WRITTEN);
		});
		expect(plan.left).toBe(0);
		expect(await listMessages(branch)).toEqual(ONE_COMMIT);
		// Whoever has applied it is not told again.
		const isApplied = wrong.kind === 'cut' || (wrong.kind === 'drop' && wrong.when === 'after');
		expect(pushes).toBeLessThanOrEqual(isApplied ? 2 : 3);
		expect(await store.list('')).toEqual(['a', 'first']);
	});
});

describe('a push that always goes wrong', () => {
	const deaf = DROPS.filter((wrong) => wrong.kind === 'drop' && wrong.when !== 'after');
	const wrongs = toWrongs([...deaf.slice(1), ...STATUSES.slice(2)], [...deaf, HANG, ...STATUSES]);
	test.each(toCases(wrongs))('%s: STORE_UNREACHABLE, nothing is written', async (_name, wrong) => {
		const isHanging = wrong.kind === 'hang';
		const { branch, store } = await open({ silenceMs: 1_000, ...(isHanging && { pausesMs: [10] }) });
		plan = { service: 'push', wrong, left: Number.POSITIVE_INFINITY };
		const pushes = await count('push', async () => {
			await expect(store.write([create('a')])).rejects.toMatchObject({
				code: 'STORE_UNREACHABLE',
				hint: expect.stringContaining('run the command again'),
			});
		});
		expect(pushes).toBeGreaterThan(1);
		expect(pushes).toBeLessThanOrEqual(MOST_TRIES);
		expect(await listMessages(branch)).toEqual(['Write first']);
		plan = undefined;
		expect(await store.write([create('a')])).toEqual(WRITTEN);
		expect(await listMessages(branch)).toEqual(ONE_COMMIT);
	});

	test.each(toCases([...DROPS.slice(2), CUT]))('%s, but is applied: written, once', async (_name, wrong) => {
		const { branch, store } = await open();
		plan = { service: 'push', wrong, left: Number.POSITIVE_INFINITY };
		expect(await store.write([create('a')])).toEqual(WRITTEN);
		expect(await store.write([create('a')])).toEqual(WRITTEN);
		expect(await listMessages(branch)).toEqual(ONE_COMMIT);
	});

	test.each([401, 403])('%d: STORE_FORBIDDEN at the first word, no second push', async (status) => {
		const { branch, store } = await open();
		plan = { service: 'push', wrong: { kind: 'status', status }, left: Number.POSITIVE_INFINITY };
		const pushes = await count('push', async () => {
			await expect(store.write([create('a')])).rejects.toMatchObject({ code: 'STORE_FORBIDDEN' });
		});
		expect(pushes).toBe(1);
		expect(await listMessages(branch)).toEqual(['Write first']);
	});

	test('413: STORE_TOO_LARGE', async () => {
		const { store } = await open();
		plan = { service: 'push', wrong: { kind: 'status', status: 413 }, left: Number.POSITIVE_INFINITY };
		await expect(store.write([create('a')])).rejects.toMatchObject({ code: 'STORE_TOO_LARGE' });
	});
});

const READS: readonly GitService[] = ['ask', 'fetch'];
const ONCE = toWrongs(
	[...DROPS.slice(1, 2), CUT, HANG, ...STATUSES.slice(2)],
	[...DROPS, CUT, HANG, ...STATUSES],
);
const ALWAYS = toWrongs([...STATUSES.slice(2)], [...DROPS.slice(0, 1), HANG, ...STATUSES]);

describe.each(READS)('reading, where to %s goes wrong', (service) => {
	/** A store that has to fetch what another one wrote. */
	const openBehind = async (options: Partial<GitStoreOptions> = {}): Promise<Store> => {
		const { branch, store } = await open({ silenceMs: 1_000, ...options });
		const other = gitStore({ remote, branch, environment: NOBODY, scratchFolder: folder });
		expect(await other.write([create('theirs')])).toEqual(WRITTEN);
		return store;
	};

	test.each(toCases(ONCE))('once, by %s: it is asked again', async (_name, wrong) => {
		const store = await openBehind();
		plan = { service, wrong, left: 1 };
		expect(Buffer.from((await store.read('theirs'))?.bytes ?? []).toString()).toBe('theirs');
		expect(plan.left).toBe(0);
	});

	test.each(toCases(ALWAYS))('always, by %s: STORE_UNREACHABLE after a few tries', async (_name, wrong) => {
		const store = await openBehind(wrong.kind === 'hang' ? { pausesMs: [10] } : {});
		plan = { service, wrong, left: Number.POSITIVE_INFINITY };
		const asked = await count(service, async () => {
			await expect(store.read('theirs')).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
		});
		expect(asked).toBeGreaterThan(1);
		expect(asked).toBeLessThanOrEqual(MOST_TRIES);
	});
});

test('a body that trickles in is waited for, longer than silence is', async () => {
	const { branch, store } = await open({ silenceMs: 1_000 });
	const slow: GitMisbehaviour = { kind: 'slow', pieces: 12, pauseMs: 150 };
	plan = { service: 'push', wrong: slow, left: 1 };
	const started = performance.now();
	expect(await store.write([create('a')])).toEqual(WRITTEN);
	expect(performance.now() - started).toBeGreaterThan(1_200);
	expect(plan.left).toBe(0);
	expect(await listMessages(branch)).toEqual(ONE_COMMIT);
	const fresh = gitStore({
		remote: `${server.origin}/remote.git`,
		branch,
		environment: NOBODY,
		scratchFolder: folder,
	});
	plan = { service: 'fetch', wrong: slow, left: 2 };
	expect(await fresh.list('')).toEqual(['a', 'first']);
});
