// G5 against a server that answers as GitHub's API does, on top of a real repository.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalGitHub, startGitHubApi } from '@slipway/rehearsal/github';
import { testContext, VirtualClock } from '@slipway/testing';
import { openProject } from './project.ts';
import { checkTag } from './tag.ts';

let folder: string;
let api: LocalGitHub;
let commit: string;
let other: string;

const git = (...args: readonly string[]): string =>
	execFileSync('git', ['-C', join(folder, 'origin.git'), ...args], {
		encoding: 'utf8',
		env: { PATH: process.env.PATH, GIT_COMMITTER_NAME: 'Ada', GIT_COMMITTER_EMAIL: 'ada@example.org' },
	}).trim();

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'tag-'));
	execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', join(folder, 'origin.git')]);
	api = await startGitHubApi({ repository: 'acme/greet', gitFolder: join(folder, 'origin.git') });
	commit = await api.repository().commit({ message: 'one' });
	other = await api.repository().commit({ message: 'two' });
	git('tag', 'v1.0.0', commit);
	git('tag', '--annotate', '--message=two', 'v2.0.0', commit);
	git('tag', 'v3.0.0', other);
	git('tag', 'latest', other);
	git('tag', 'greet@5.0.0', other);
	await writeFile(join(folder, 'package.json'), '{"name":"greet","version":"1.0.0"}');
});
afterAll(async () => {
	await api.stop();
	await rm(folder, { recursive: true });
});

interface Asked {
	readonly version: string;
	readonly ref?: string | null;
	readonly started?: string;
	readonly environment?: Readonly<Record<string, string>>;
	readonly built?: string | null;
}

const check = async ({ version, ref = `refs/tags/v${version}`, started, environment, built }: Asked) => {
	const project = await openProject({
		folder,
		environment: {
			PATH: process.env.PATH,
			GITHUB_ACTIONS: 'true',
			GITHUB_API_URL: api.origin,
			GITHUB_REPOSITORY: 'acme/greet',
			GITHUB_EVENT_NAME: 'push',
			GITHUB_TOKEN: api.issueToken({ permissions: { contents: 'read' } }),
			...(started ? { GITHUB_REF: started } : {}),
			...environment,
		},
	});
	const source = { repo: null, commit: built === undefined ? commit : built, ref };
	const findings = await checkTag(project, { source, version }, testContext(folder, new VirtualClock(0)));
	return findings.map(({ severity, code, hint }) => `${severity} ${code} ${hint.length > 10}`);
};

const MOVED = ['error TAG_MOVED true'];

test('the tag is of the repository that is built, not of the one that the releases go to', async () => {
	const config = join(folder, 'slipway.yml');
	await writeFile(config, 'targets: {github: {type: github, repository: acme/downloads}}');
	const found = await Promise.all([check({ version: '1.0.0' }), check({ version: '3.0.0' })]);
	await rm(config);
	expect(found).toEqual([[], MOVED]);
});

test.each<[string, Asked, readonly string[]]>([
	['a tag that still names what was built', { version: '1.0.0' }, []],
	['an annotated one', { version: '2.0.0' }, []],
	['one that names another commit', { version: '3.0.0' }, MOVED],
	['one that is gone', { version: '4.0.0' }, MOVED],
	[
		'a tag beside it that moves',
		{ version: '1.0.0', ref: 'refs/tags/latest', started: 'refs/tags/v1.0.0' },
		[],
	],
	[
		'one of a package among others, gone on with from a branch',
		{ version: '5.0.0', ref: 'refs/tags/greet@5.0.0' },
		MOVED,
	],
	['a branch', { version: '1.0.0', ref: 'refs/heads/main' }, []],
	[
		'the tag that started the run, of other form',
		{ version: '9.0.0', ref: null, started: 'refs/tags/latest' },
		MOVED,
	],
	[
		'a dispatch on another tag',
		{
			version: '9.0.0',
			ref: null,
			started: 'refs/tags/latest',
			environment: { GITHUB_EVENT_NAME: 'workflow_dispatch' },
		},
		[],
	],
	['a source without a commit', { version: '3.0.0', built: null }, []],
	['a laptop', { version: '3.0.0', environment: { GITHUB_ACTIONS: '' } }, []],
	[
		'a token that is good for nothing',
		{ version: '1.0.0', environment: { GITHUB_TOKEN: 'ghs_x' } },
		['error TAG_UNREADABLE true'],
	],
])('%s', async (_name, asked, expected) => {
	expect(await check(asked)).toEqual(expected);
});
