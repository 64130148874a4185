// An apt repository in a branch of a git repository: made with 1,000 packages, then one more, beside what a shell does with
// clone, cp, add, commit and push. The shell is spared the index and its signature: it copies files that are there.
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { addDebs, generateSigningKey, readSigningKey } from '@slipway/deb';
import { gitStore, type Store } from '@slipway/store';
import { toSampleDeb } from '../packages/deb/src/repository/sample-deb.fixture.ts';
import { type BenchContext, type BenchRow, measure, toPeerRow, toSpread } from './row.ts';

const PACKAGES = 1000;
const CONTENT = 16 * 1024;
const PLACE = { suite: 'stable', component: 'main' } as const;
const AUTHOR = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.org'];

const toContent = (seed: number): string =>
	Array.from({ length: CONTENT / 8 }, (_, index) =>
		((seed * 7919 + index * 104_729) % 4_294_967_291).toString(36),
	).join(' ');

const toDeb = (index: number): Uint8Array =>
	toSampleDeb(`sample-${index}`, '1.0.0-1', { content: toContent(index) }).bytes;

const toPath = (index: number): string => `pool/main/s/sample-${index}/sample-${index}_1.0.0-1_all.deb`;

const git = (cwd: string, ...args: readonly string[]): void =>
	void execFileSync('git', [...AUTHOR, ...args], { cwd, stdio: ['ignore', 'ignore', 'pipe'] });

const makeRemote = (tempDir: string): string => {
	const remote = join(mkdtempSync(join(tempDir, 'git-')), 'remote.git');
	git(tempDir, 'init', '--quiet', '--bare', remote);
	git(remote, 'config', 'uploadpack.allowFilter', 'true');
	return remote;
};

/** As each job opens it: nothing is known of the branch. */
const openFresh = (tempDir: string, remote: string): Store =>
	gitStore({ remote, branch: 'apt', environment: process.env, scratchFolder: tempDir });

const toChange = (tempDir: string) => ({
	guard: async () => {},
	context: {
		log: { debug: () => {}, info: () => {}, warning: () => {} },
		clock: {
			now: () => Date.now(),
			sleep: (ms: number) => new Promise<void>((done) => setTimeout(done, ms)),
		},
		tempDir,
		signal: new AbortController().signal,
	},
});

const makeKey = async () => {
	const key = await generateSigningKey({ name: 'Bench', email: 'bench@example.org', days: 400 });
	return readSigningKey(key.privateKey, undefined);
};

type Publish = (remote: string, debs: readonly Uint8Array[]) => Promise<void>;

const openPublish = async (tempDir: string): Promise<Publish> => {
	const signingKey = await makeKey();
	const common = { origin: 'Bench', label: 'Bench', architectures: ['amd64'], trustedKeys: [], signingKey };
	return async (remote, debs) => {
		const repository = { ...common, store: openFresh(tempDir, remote) };
		await addDebs(repository, { ...PLACE, debs, keep: 5 }, toChange(tempDir));
	};
};

/** The clone is thrown away, as that of a job is. */
const publishByShell = (tempDir: string, remote: string, change: (work: string) => void): void => {
	const work = mkdtempSync(join(tempDir, 'work-'));
	git(tempDir, 'clone', '--quiet', '--branch', 'apt', remote, work);
	change(work);
	git(work, 'add', '-A');
	git(work, 'commit', '--quiet', '-m', 'publish');
	git(work, 'push', '--quiet', 'origin', 'HEAD:apt');
	rmSync(work, { recursive: true });
};

/** An empty branch, so that a shell can clone it. */
const beginBranch = (remote: string): void => {
	const tree = execFileSync('git', ['hash-object', '-t', 'tree', '-w', '--stdin'], {
		cwd: remote,
		input: '',
	});
	const argv = [...AUTHOR, 'commit-tree', '-m', 'begin', tree.toString().trim()];
	const commit = execFileSync('git', argv, { cwd: remote }).toString().trim();
	git(remote, 'update-ref', 'refs/heads/apt', commit);
};

const measureInitial = async ({ tempDir }: BenchContext, debs: readonly Uint8Array[]) => {
	const changes = debs.map((bytes, index) => ({ kind: 'create', path: toPath(index), bytes }) as const);
	const own = await measure(5, () => openFresh(tempDir, makeRemote(tempDir)).write(changes));
	const source = join(tempDir, 'source');
	for (const { path, bytes } of changes) {
		mkdirSync(dirname(join(source, path)), { recursive: true });
		writeFileSync(join(source, path), bytes);
	}
	const shell = await measure(3, () => {
		const remote = makeRemote(tempDir);
		beginBranch(remote);
		publishByShell(tempDir, remote, (work) => cpSync(source, work, { recursive: true }));
	});
	return { own, shell };
};

const measureOneMore = async ({ tempDir }: BenchContext, debs: readonly Uint8Array[]) => {
	const publish = await openPublish(tempDir);
	const remote = makeRemote(tempDir);
	await publish(remote, debs);
	let next = debs.length;
	const own = await measure(7, () => {
		next += 1;
		return publish(remote, [toDeb(next)]);
	});
	const shell = await measure(5, () => {
		next += 1;
		const place = toPath(next);
		publishByShell(tempDir, remote, (work) => {
			mkdirSync(dirname(join(work, place)), { recursive: true });
			writeFileSync(join(work, place), toDeb(next));
			appendFileSync(join(work, 'dists', PLACE.suite, 'InRelease'), '\n');
		});
	});
	return { own, shell };
};

const toRows = (
	name: string,
	{ own, shell }: Awaited<ReturnType<typeof measureInitial>>,
): readonly BenchRow[] => {
	const row: BenchRow = { name, unit: 'ms', ...toSpread(own), wanted: { atMost: 2000 } };
	return [row, toPeerRow(row, 'git clone, cp, add -A, commit, push', shell)];
};

export const benchGit = async (bench: BenchContext): Promise<readonly BenchRow[]> => {
	const debs = Array.from({ length: PACKAGES }, (_, index) => toDeb(index));
	bench.log(`${PACKAGES} packages of ${Math.round((debs[0]?.length ?? 0) / 1024)} KiB`);
	return [
		...toRows(
			`git store: ${PACKAGES} packages in one commit, local remote`,
			await measureInitial(bench, debs),
		),
		...toRows(
			`git store: one more package published to ${PACKAGES}, index and signature with it`,
			await measureOneMore(bench, debs),
		),
	];
};
