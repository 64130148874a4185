import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { testAtLength } from '@slipway/testing';
import { openStore } from '../open-store.ts';
import type { Change, Store } from '../store.ts';
import { git, makeRemote, NOBODY } from './git-store.fixture.ts';
import { type GitStoreOptions, gitStore } from './git-store.ts';

let folder: string;
let remote: string;

beforeEach(async () => {
	({ folder, remote } = await makeRemote());
});
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }));

const bytes = (text: string): Uint8Array => Buffer.from(text);
const create = (path: string, text = path): Change => ({ kind: 'create', path, bytes: bytes(text) });
const put = (path: string, text: string): Change => ({ kind: 'put', path, bytes: bytes(text) });
const WRITTEN = { outcome: 'written' };

const open = (options: Partial<GitStoreOptions> = {}): Store =>
	gitStore({ remote, branch: 'slipway', environment: NOBODY, scratchFolder: folder, ...options });

const readText = async (store: Store, path: string): Promise<string | undefined> => {
	const file = await store.read(path);
	return file ? Buffer.from(file.bytes).toString() : undefined;
};

describe('commits', () => {
	test('one a write, on top of the last one, by slipway, with one line that says what changed', async () => {
		const store = open();
		await store.write([create('a/b')]);
		await store.write([create('c'), create('d'), put('head', '1')]);
		await store.write([{ kind: 'remove', path: 'c' }]);
		const log = await git(remote, 'log', '--reverse', '--format=%an <%ae>|%cn|%s|%b|%P', 'slipway');
		const commits = (await git(remote, 'rev-list', '--reverse', 'slipway')).split('\n');
		expect(log.split('\n')).toEqual([
			'slipway <slipway@localhost>|slipway|Write a/b||',
			`slipway <slipway@localhost>|slipway|Write head and 2 more||${commits[0]}`,
			`slipway <slipway@localhost>|slipway|Remove c||${commits[1]}`,
		]);
		await git(remote, 'fsck', '--strict');
	});

	test('none where nothing changes', async () => {
		const store = open();
		await store.write([create('a')]);
		const version = (await store.read('a'))?.version ?? null;
		await store.write([create('a')]);
		await store.write([put('a', 'a'), { kind: 'remove', path: 'b' }]);
		await store.write([{ kind: 'replace', path: 'a', bytes: bytes('a'), version }]);
		expect(await git(remote, 'rev-list', '--count', 'slipway')).toBe('1');
		expect(version).toBe(await git(remote, 'rev-parse', 'slipway:a'));
	});

	testAtLength('a branch with slashes, from several stores of one repository', async () => {
		const stores = ['slipway/journal', 'slipway/apt-1.0'].map((branch) => open({ branch }));
		for (const store of stores) expect(await store.write([create('a', store.description)])).toEqual(WRITTEN);
		for (const store of stores) expect(await readText(store, 'a')).toBe(store.description);
	});
});

/** A branch that people use too: a page, a program, a link, a submodule, a name that is no UTF-8. */
const fillByHand = async (): Promise<string> => {
	const work = join(folder, 'work');
	await git(folder, 'clone', '--quiet', remote, work);
	await git(work, 'checkout', '--quiet', '--orphan', 'slipway');
	await mkdir(join(work, 'bin'));
	await writeFile(join(work, 'index.html'), '<p>');
	await writeFile(join(work, 'bin', 'run'), '#!/bin/sh\n', { mode: 0o755 });
	await writeFile(Buffer.concat([Buffer.from(`${work}/`), Buffer.from([0xff, 0xfe])]), 'odd');
	await git(work, 'add', '.');
	const link = await git(work, 'hash-object', '-w', join(work, 'index.html'));
	await git(work, 'update-index', '--add', '--cacheinfo', `120000,${link},link`);
	await git(work, 'update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},module`);
	await git(work, 'commit', '--quiet', '-m', 'by hand');
	await git(work, 'push', '--quiet', 'origin', 'slipway');
	return work;
};

const listAll = async (): Promise<readonly string[]> =>
	(await git(remote, 'ls-tree', '-r', 'slipway')).split('\n');

describe('what others put into the branch', () => {
	test('files are shown; links, submodules and odd names are not, and nothing of it is touched', async () => {
		await fillByHand();
		const before = await listAll();
		const store = open();
		expect(await store.list('')).toEqual(['bin/run', 'index.html']);
		for (const path of ['link', 'module', 'module/x']) expect(await store.read(path)).toBeNull();
		expect(await store.write([create('new')])).toEqual(WRITTEN);
		expect((await listAll()).filter((line) => !line.endsWith('\tnew'))).toEqual(before);
	});

	test('a file that is replaced stays a program', async () => {
		await fillByHand();
		await open().write([put('bin/run', '#!/bin/sh\nexit\n')]);
		expect(await git(remote, 'ls-tree', 'slipway', 'bin/run')).toMatch(/^100755 blob /);
	});

	test.each<[string, Change]>([
		['a link', put('link', 'x')],
		['a link, to be created', create('link')],
		['a link, to be removed', { kind: 'remove', path: 'link' }],
		['below a link', create('link/x')],
		['a submodule', { kind: 'replace', path: 'module', bytes: bytes('x'), version: null }],
		['below a submodule', create('module/x')],
		['a folder', put('bin', 'x')],
		['below a file', create('index.html/x')],
	])('%s is never written over', async (_name, change) => {
		await fillByHand();
		const before = await listAll();
		await expect(open().write([create('other'), change])).rejects.toMatchObject({
			code: 'STORE_WRITE_FAILED',
			message: expect.stringContaining(change.path.split('/')[0] ?? ''),
		});
		expect(await listAll()).toEqual(before);
	});

	test('a folder of the branch sees and changes nothing outside', async () => {
		await fillByHand();
		const store = open({ folder: 'apt/tree' });
		expect(await store.list('')).toEqual([]);
		expect(await store.write([create('index.html', 'mine'), create('pool/a')])).toEqual(WRITTEN);
		expect(await store.write([create('index.html', 'other')])).toEqual({
			outcome: 'conflict',
			path: 'index.html',
		});
		expect(await store.list('pool')).toEqual(['pool/a']);
		expect(await git(remote, 'show', 'slipway:index.html')).toBe('<p>');
		await expect(open({ folder: 'link' }).write([create('a')])).rejects.toMatchObject({
			code: 'STORE_WRITE_FAILED',
		});
	});
});

describe('a branch that others move', () => {
	testAtLength('by force, to another history: what it holds now counts', async () => {
		const store = open();
		await store.write([create('a'), create('b')]);
		const version = (await store.read('a'))?.version ?? null;
		const work = await fillByForce();
		expect(await store.list('')).toEqual(['theirs']);
		expect(await store.write([{ kind: 'replace', path: 'a', bytes: bytes('2'), version }])).toEqual({
			outcome: 'conflict',
			path: 'a',
		});
		expect(await store.write([create('c')])).toEqual(WRITTEN);
		expect(await git(remote, 'rev-parse', 'slipway^')).toBe(await git(work, 'rev-parse', 'HEAD'));
	});

	test('by force, between reading and pushing: the write is judged again', async () => {
		const store = open();
		await store.write([create('a')]);
		let moved = false;
		const outcome = await store.write([create('b')], async () => {
			if (moved) return;
			moved = true;
			await fillByForce();
		});
		expect(outcome).toEqual(WRITTEN);
		expect(await store.list('')).toEqual(['b', 'theirs']);
	});

	test('removed, while a write that saw it is under way and what it held is gone: judged again', async () => {
		await open().write([create('a'), create('b')]);
		const store = open();
		await store.list('');
		let removed = false;
		const outcome = await store.write([put('c', '1')], async () => {
			if (removed) return;
			removed = true;
			await git(remote, 'update-ref', '-d', 'refs/heads/slipway');
			await git(remote, 'gc', '--quiet', '--prune=now');
		});
		expect(outcome).toEqual(WRITTEN);
		expect(await store.list('')).toEqual(['c']);
	});

	testAtLength('a remote that is itself cut short is read and written', async () => {
		for (const path of ['a', 'b']) await open().write([create(path)]);
		const shallow = join(folder, 'shallow.git');
		await git(
			folder,
			'clone',
			'--quiet',
			'--bare',
			'--depth=1',
			'-b',
			'slipway',
			`file://${remote}`,
			shallow,
		);
		const store = open({ remote: shallow });
		expect(await store.list('')).toEqual(['a', 'b']);
		expect(await store.write([create('c')])).toEqual(WRITTEN);
		expect(await open({ remote: shallow }).list('')).toEqual(['a', 'b', 'c']);
	});

	testAtLength('removed: the store is empty, and the next write starts it anew', async () => {
		const store = open();
		await store.write([create('a')]);
		await git(remote, 'update-ref', '-d', 'refs/heads/slipway');
		expect(await store.list('')).toEqual([]);
		expect(await store.write([create('b')])).toEqual(WRITTEN);
		expect(await store.list('')).toEqual(['b']);
		expect(await git(remote, 'rev-list', '--count', 'slipway')).toBe('1');
	});

	test('a writer that is always too late gives up: STORE_BUSY', async () => {
		const [store, other] = [open({ waitMs: 2_000 }), open()];
		let count = 0;
		await store.write([create('a')]);
		const write = store.write([create('b')], async () => {
			count += 1;
			await other.write([create(`other/${count}`)]);
		});
		await expect(write).rejects.toMatchObject({ code: 'STORE_BUSY' });
		// How often it could try in that time is the machine's affair.
		expect(count).toBeGreaterThan(0);
	});
});

const fillByForce = async (): Promise<string> => {
	const work = join(folder, 'force');
	await git(folder, 'init', '--quiet', work);
	await writeFile(join(work, 'theirs'), 'theirs');
	await git(work, 'add', '.');
	await git(work, 'commit', '--quiet', '-m', 'by force');
	await git(work, 'push', '--quiet', '--force', remote, 'HEAD:refs/heads/slipway');
	return work;
};

describe('sizes', () => {
	testAtLength('a file of 20 MB comes back, and is not fetched by who does not read it', async () => {
		const large = randomBytes(20_000_000);
		expect(await open().write([{ kind: 'create', path: 'large', bytes: large }, create('small')])).toEqual(
			WRITTEN,
		);
		const scratchFolder = join(folder, 'other');
		await mkdir(scratchFolder);
		const other = open({ remote: `file://${remote}`, scratchFolder });
		expect(await readText(other, 'small')).toBe('small');
		expect(await toSize(scratchFolder)).toBeLessThan(1_000_000);
		expect(Buffer.compare((await other.read('large'))?.bytes ?? new Uint8Array(), large)).toBe(0);
		const objects = await toSize(scratchFolder);
		expect(await other.write([create('next')])).toEqual(WRITTEN);
		expect((await toSize(scratchFolder)) - objects).toBeLessThan(100_000);
	});

	test('a thousand changes at once', async () => {
		const changes = Array.from({ length: 1000 }, (_, index) => create(`pool/${index % 7}/${index}`));
		expect(await open().write(changes)).toEqual(WRITTEN);
		expect(await open().list('pool/3')).toHaveLength(143);
	});
});

const toSize = async (place: string): Promise<number> => {
	const stdout = await new Promise<string>((resolve, reject) =>
		execFile('du', ['-sb', place], (error, text) => (error ? reject(error) : resolve(text))),
	);
	return Number.parseInt(stdout, 10);
};

test("the user's own configuration counts where it leads to the remote, and starts nothing", async () => {
	const config = join(folder, 'gitconfig');
	const hooks = join(folder, 'hooks');
	await mkdir(hooks);
	for (const hook of ['pre-push', 'post-checkout', 'sendemail-validate'])
		await writeFile(join(hooks, hook), `#!/bin/sh\ntouch ${folder}/ran\nexit 1\n`, { mode: 0o755 });
	await writeFile(
		config,
		[
			`[core]\n\thooksPath = ${hooks}\n\tfsmonitor = touch ${folder}/ran\n\tautocrlf = true`,
			`[init]\n\ttemplateDir = ${hooks}\n[commit]\n\tgpgSign = true\n[push]\n\tgpgSign = if-asked\n\tfollowTags = true`,
			`[safe]\n\tbareRepository = explicit\n[url "${remote}"]\n\tinsteadOf = https://example.org/x.git\n`,
		].join('\n'),
	);
	const environment = {
		...NOBODY,
		GIT_CONFIG_GLOBAL: config,
		GIT_DIR: '/nonexistent',
		GIT_INDEX_FILE: '/nonexistent',
	};
	const store = open({ environment, remote: 'https://example.org/x.git' });
	expect(await store.write([create('a', 'one\r\ntwo\n')])).toEqual(WRITTEN);
	expect(await readText(store, 'a')).toBe('one\r\ntwo\n');
	expect(await readdir(folder)).not.toContain('ran');
});

test.each(['ext::sh -c "touch ran"', 'fd::17', 'testgit::x'])('%s starts nothing', async (address) => {
	await expect(open({ remote: address }).read('a')).rejects.toMatchObject({
		code: expect.stringMatching(/^STORE_/),
	});
	expect(await readdir(folder)).not.toContain('ran');
});

describe('a branch that slipway.yml names', () => {
	const openAt = (location: Parameters<typeof openStore>[0], base: string, environment = {}): Store =>
		openStore(location, base, { environment: { ...NOBODY, RUNNER_TEMP: folder, ...environment } });

	const makeClone = async (address: string): Promise<string> => {
		const clone = join(folder, 'clone');
		await git(folder, 'init', '--quiet', clone);
		await git(clone, 'remote', 'add', 'origin', address);
		await mkdir(join(clone, 'packages', 'one'), { recursive: true });
		return clone;
	};

	test.each(['../remote.git', 'absolute'])(
		'is in origin of the clone (%s), which stays as it is',
		async (address) => {
			const clone = await makeClone(address === 'absolute' ? remote : address);
			const store = openAt({ branch: 'slipway' }, join(clone, 'packages', 'one'));
			expect(await store.write([create('a')])).toEqual(WRITTEN);
			expect(store.description).toBe('branch slipway of origin');
			expect(await git(remote, 'show', 'slipway:a')).toBe('a');
			expect(await git(clone, 'for-each-ref')).toBe('');
			expect(await git(clone, 'count-objects')).toMatch(/^0 objects/);
		},
	);

	test('is in another remote, or at an address, relative to slipway.yml', async () => {
		const clone = await makeClone('/nonexistent');
		await git(clone, 'remote', 'add', 'pages', remote);
		for (const where of ['pages', '../../../remote.git', remote, `file://${remote}`])
			expect(
				await openAt(
					{ branch: 'slipway', remote: where, folder: 'in' },
					join(clone, 'packages', 'one'),
				).write([create('a')]),
			).toEqual(WRITTEN);
		expect(await git(remote, 'rev-list', '--count', 'slipway')).toBe('1');
	});

	testAtLength(
		'without a clone: STORE_NOT_FOUND with what to do; in a run the repository of the run',
		async () => {
			await expect(openAt({ branch: 'slipway' }, folder).read('a')).rejects.toMatchObject({
				code: 'STORE_NOT_FOUND',
				hint: expect.stringContaining('git remote add origin'),
			});
			const run = { GITHUB_SERVER_URL: `file://${folder}`, GITHUB_REPOSITORY: 'remote.git' };
			expect(await openAt({ branch: 'slipway' }, folder, run).read('a')).toBeNull();
		},
	);

	test('is described without a password', () => {
		const location = { branch: 'apt', remote: 'https://ann:secret@example.org/x.git' };
		expect(openAt(location, folder).description).toBe('branch apt of https://example.org/x.git');
	});
});
