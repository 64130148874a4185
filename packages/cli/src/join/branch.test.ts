// G5 against a server that answers as GitHub's API does, on top of a real repository.
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalGitHub, startGitHubApi } from '@slipway/rehearsal/github';
import { testAtLength, testContext, VirtualClock } from '@slipway/testing';
import { checkBranch, verifyBranch } from './branch.ts';
import { buildProject } from './build.ts';
import { claimProject } from './claim.ts';
import { openPolicy } from './policy.ts';
import { openProject } from './project.ts';

let folder: string;
let api: LocalGitHub;
let commits: Readonly<Record<'first' | 'head' | 'maintained' | 'elsewhere', string>>;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'branch-'));
	const origin = join(folder, 'origin.git');
	execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', origin]);
	api = await startGitHubApi({ repository: 'acme/greet', gitFolder: origin });
	const { commit } = api.repository();
	const first = await commit({ message: 'one' });
	for (const name of ['1.x', 'fork']) execFileSync('git', ['-C', origin, 'branch', name, first]);
	const maintained = await commit({ message: 'a fix of 1.x', branch: '1.x' });
	const elsewhere = await commit({ message: 'nobody has read this', branch: 'fork' });
	commits = { first, head: await commit({ message: 'two' }), maintained, elsewhere };
	await writeFile(join(folder, 'package.json'), '{"name":"greet","version":"1.0.0"}');
});
afterAll(async () => {
	await api.stop();
	await rm(folder, { recursive: true });
});

interface Asked {
	readonly commit: keyof typeof commits | null;
	readonly policy: string;
	readonly environment?: Readonly<Record<string, string>>;
}

const prepare = async ({ commit, policy, environment }: Asked) => {
	await writeFile(join(folder, 'slipway.policy.yml'), `policy: 1\n${policy}`);
	const project = await openProject({
		folder,
		environment: {
			PATH: process.env.PATH,
			GITHUB_API_URL: api.origin,
			GITHUB_REPOSITORY: 'acme/greet',
			GITHUB_TOKEN: api.issueToken({ permissions: { contents: 'read' } }),
			...environment,
		},
	});
	// What a run on GitHub would read from a protected ref comes from the folder here.
	const opened = await openPolicy(project);
	const environmentOfRun = { ...project.door.environment, GITHUB_ACTIONS: 'true', ...environment };
	return [
		{ ...project, door: { ...project.door, environment: environmentOfRun } },
		{ policy: opened, commit: commit && commits[commit] },
		testContext(folder, new VirtualClock(0)),
	] as const;
};

const ELSEWHERE = ['error COMMIT_NOT_ON_BRANCH'];
const SILENT = ['error BRANCH_UNREADABLE'];
const RELEASES = 'branches: [main, 1.x]\n';

test.each<[string, Asked, readonly string[]]>([
	['the head of a branch', { commit: 'head', policy: RELEASES }, []],
	['a commit of its past', { commit: 'first', policy: RELEASES }, []],
	['the head of the second branch', { commit: 'maintained', policy: RELEASES }, []],
	['a commit of another branch', { commit: 'elsewhere', policy: RELEASES }, ELSEWHERE],
	['a branch that is not listed', { commit: 'maintained', policy: 'branches: [main]' }, ELSEWHERE],
	['branches that do not exist', { commit: 'head', policy: 'branches: [gone, trunk]' }, ELSEWHERE],
	['a name with dots and slashes', { commit: 'head', policy: 'branches: [../../user, main]' }, []],
	['a policy that asks for nothing', { commit: 'elsewhere', policy: '' }, []],
	['a source without a commit', { commit: null, policy: RELEASES }, []],
	['a laptop', { commit: 'elsewhere', policy: RELEASES, environment: { GITHUB_ACTIONS: '' } }, []],
	[
		'a token that is good for nothing',
		{ commit: 'head', policy: RELEASES, environment: { GITHUB_TOKEN: 'ghs_x' } },
		SILENT,
	],
])('%s', async (_name, asked, expected) => {
	const findings = await checkBranch(...(await prepare(asked)));
	expect(findings.map(({ severity, code }) => `${severity} ${code}`)).toEqual(expected);
});

testAtLength('a policy that demands protection releases from the default branch alone', async () => {
	const check = async (commit: keyof typeof commits) => {
		const [project, { policy, commit: built }, context] = await prepare({ commit, policy: '' });
		if (!policy) throw new Error('no policy');
		const demanding = { ...policy, policy: { ...policy.policy, protected: 'required' as const } };
		return verifyBranch(project, { policy: demanding, commit: built }, context);
	};
	await check('first');
	await expect(check('maintained')).rejects.toMatchObject({
		code: 'COMMIT_NOT_ON_BRANCH',
		message: expect.stringContaining('on main'),
		hint: expect.stringContaining('`branches`'),
	});
});

test.each([
	[
		'a repository that is not there',
		{ GITHUB_REPOSITORY: 'acme/none' },
		'no such repository',
		'contents: read',
	],
	['a token that is good for nothing', { GITHUB_TOKEN: 'ghs_x' }, '401 Bad credentials', 'make a new token'],
])('the default branch of %s', async (_name, environment, reason, hint) => {
	const [project, { policy, commit }, context] = await prepare({ commit: 'head', policy: '', environment });
	if (!policy) throw new Error('no policy');
	const demanding = { ...policy, policy: { ...policy.policy, protected: 'required' as const } };
	await expect(verifyBranch(project, { policy: demanding, commit }, context)).rejects.toMatchObject({
		code: 'BRANCH_UNREADABLE',
		message: `expected GitHub to name the default branch, got ${reason}`,
		hint: expect.stringContaining(hint) as string,
	});
});

test('a release of a commit that no release branch holds is not claimed', async () => {
	const own = join(folder, 'own');
	await mkdir(own);
	await writeFile(
		join(own, 'package.json'),
		'{"name":"greet","version":"1.0.0","license":"MIT","description":"says hello"}',
	);
	await writeFile(join(own, 'slipway.yml'), 'targets: {npm: {type: npm}}\njournal: {directory: journal}\n');
	await writeFile(join(own, 'slipway.policy.yml'), 'policy: 1\nbranches: [main]\n');
	const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org'];
	for (const args of [
		['init', '--quiet'],
		['add', '.'],
		[...identity, 'commit', '--quiet', '-m', 'one'],
	])
		execFileSync('git', ['-C', own, ...args]);
	const environment = { PATH: process.env.PATH, HOME: folder };
	const context = testContext(own, new VirtualClock(0));
	await buildProject(await openProject({ folder: own, environment }), context, { test: false });
	const run = {
		GITHUB_ACTIONS: 'true',
		GITHUB_API_URL: api.origin,
		GITHUB_REPOSITORY: 'acme/greet',
		GITHUB_TOKEN: api.issueToken({ permissions: { contents: 'read' } }),
	};
	const claimed = claimProject(
		{ folder: own, environment: { ...environment, ...run } },
		{ run: { key: 'acme/greet/1/1', actor: 'ada' } },
		context,
	);
	await expect(claimed).rejects.toMatchObject({ code: 'COMMIT_NOT_ON_BRANCH' });
});
