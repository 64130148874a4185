import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plan } from '@slipway/release';
import { startTalkingGitHub, type TalkingGitHub } from './notice-github.fixture.ts';
import { toContext } from './preview-world.fixture.ts';
import { openProject } from './project.ts';
import type { Expected } from './watch-expected.ts';
import { tellWatch } from './watch-issue.ts';
import { lookAtTags } from './watch-tags.ts';

let github: TalkingGitHub;
let folder: string;
let commit: string;
beforeEach(async () => {
	github = await startTalkingGitHub();
	folder = await mkdtemp(join(tmpdir(), 'tags-'));
	commit = await github.api.repository().commit({ message: 'the one that was released' });
});
afterEach(async () => {
	await github.stop();
	await rm(folder, { recursive: true, force: true });
});

const toPlan = (version: string, ref: string | null = `refs/tags/v${version}`) =>
	({ project: 'greet', version, source: { repo: null, commit, ref }, subjects: [] }) as unknown as Plan;

const toExpected = (...plans: Plan[]): Expected => ({
	pointers: [],
	unfinished: [],
	completed: plans,
	plans,
	since: Date.now() - 60_000,
});

const setTag = (name: string, sha: string) => github.api.repository().git.setRef(`refs/tags/${name}`, sha);

const protect = (...types: readonly string[]) =>
	github.api.repository().addRuleset({
		target: 'tag',
		include: ['refs/tags/v*'],
		rules: types.map((type) => ({ type })),
	} as Parameters<ReturnType<TalkingGitHub['api']['repository']>['addRuleset']>[0]);

const look = async (expected: Expected, config = 'targets: {github: {type: github}}\n') => {
	const { writeFile } = await import('node:fs/promises');
	await writeFile(join(folder, 'slipway.yml'), `project: greet\nversion: 1.0.0\n${config}`);
	const project = await openProject({ folder, environment: github.environment });
	const { findings } = await lookAtTags({ project, expected, withinMs: 0, context: toContext(folder) });
	return findings.map(
		({ severity, target, code, message, hint }) => [severity, target, code, message, hint] as const,
	);
};

test('tags that are where they were, and cannot be moved: nothing to say', async () => {
	await setTag('v1.0.0', commit);
	protect('update', 'deletion');
	expect(await look(toExpected(toPlan('1.0.0')))).toEqual([]);
});

test('a tag that was moved, one that went, and one that nobody released', async () => {
	protect('update', 'deletion');
	const other = await github.api.repository().commit({ message: 'another' });
	await setTag('v1.0.0', other);
	await setTag('v2.0.0', other);
	await setTag('v0.1.0', other);
	const found = await look(toExpected(toPlan('1.0.0'), toPlan('1.1.0'), toPlan('1.2.0', 'refs/heads/main')));
	expect(found.map(([severity, , code]) => [severity, code])).toEqual([
		['error', 'WATCH_TAG_MOVED'],
		['error', 'WATCH_TAG_MISSING'],
		['warning', 'WATCH_TAG_UNRELEASED'],
	]);
	expect(found[0]?.[3]).toBe(
		`tag v1.0.0 is at ${other.slice(0, 12)} now; 1.0.0 was released from ${commit.slice(0, 12)}`,
	);
	expect(found[2]?.[3]).toContain('tag v2.0.0 is there');
});

test('an annotated tag is resolved to its commit', async () => {
	protect('update', 'deletion');
	const { git } = github.api.repository();
	const tag = await git.makeTag({ tag: 'v1.0.0', message: 'x', object: commit, tagger: undefined });
	await git.setRef('refs/tags/v1.0.0', tag);
	expect(await look(toExpected(toPlan('1.0.0')))).toEqual([]);
});

test('tags that whoever may push can move or delete', async () => {
	await setTag('v1.0.0', commit);
	expect((await look(toExpected(toPlan('1.0.0')))).map(([, , code, message]) => [code, message])).toEqual([
		['WATCH_TAGS_UNPROTECTED', 'whoever may push can move and delete a tag v*'],
	]);
	protect('update');
	expect((await look(toExpected(toPlan('1.0.0')))).map(([, , , message]) => message)).toEqual([
		'whoever may push can delete a tag v*',
	]);
});

test('a command to copy holds a tag with tricks of a shell as one word', async () => {
	protect('update', 'deletion');
	const found = await look(toExpected(toPlan('1.0.0', "refs/tags/v1.0.0;$(id)'`id`")));
	expect(found[0]?.[4]).toContain(`git push origin '${commit}:refs/tags/v1.0.0;$(id)'\\''\`id\`'.`);
});

test('a GitHub release that no plan has (G15)', async () => {
	protect('update', 'deletion');
	await setTag('v1.0.0', commit);
	const headers = { authorization: `Bearer ${github.api.token}`, 'content-type': 'application/json' };
	for (const tag_name of ['v1.0.0', 'v6.6.6'])
		await fetch(`${github.api.origin}/repos/acme/greet/releases`, {
			method: 'POST',
			headers,
			body: JSON.stringify({ tag_name }),
		});
	const found = await look(toExpected(toPlan('1.0.0')));
	expect(found.map(([, target, code]) => [target, code])).toContainEqual(['github', 'WATCH_VERSION_UNKNOWN']);
	expect(found.filter(([, , code]) => code === 'WATCH_VERSION_UNKNOWN')).toHaveLength(1);
});

test('one issue a project: opened, updated, closed', async () => {
	const door = { folder, environment: github.environment };
	const finding = { target: 'npm', severity: 'error', code: 'X_Y', message: 'm', hint: 'h' } as const;
	const tell = (count: number) => {
		const report = {
			project: 'greet',
			time: '2026-01-01T00:00:00Z',
			days: 14,
			findings: Array.from({ length: count }, () => finding),
			looked: [],
		};
		return tellWatch(door, { report, folder: '.' }, toContext(folder));
	};
	expect((await tell(0)).outcome).toBe('none');
	expect((await tell(1)).outcome).toBe('created');
	expect((await tell(2)).outcome).toBe('updated');
	expect(github.state.issues.map(({ title, state }) => [title, state])).toEqual([
		['greet: 2 things to look at', 'open'],
	]);
	expect((await tell(0)).outcome).toBe('closed');
	expect((await tell(1)).outcome).toBe('created');
	expect(github.state.issues.map(({ state }) => state)).toEqual(['closed', 'open']);
});
