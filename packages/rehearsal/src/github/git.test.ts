// Git behind the API, and git itself over HTTP.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describeWith } from '@slipway/testing';
import { type Ask, toAsk } from './ask.fixture.ts';
import { type LocalGitHub, startGitHubApi } from './index.ts';

const run = promisify(execFile);

describeWith('git', 'git at the API and over HTTP', () => {
	let github: LocalGitHub;
	let ask: Ask;
	let folder: string;

	const git = async (token: string | undefined, ...args: readonly string[]): Promise<string> => {
		const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
		const config = {
			GIT_CONFIG_COUNT: '1',
			GIT_CONFIG_KEY_0: `http.${github.origin}/.extraheader`,
			GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
		};
		const env = {
			PATH: process.env.PATH,
			HOME: folder,
			GIT_CONFIG_NOSYSTEM: '1',
			GIT_TERMINAL_PROMPT: '0',
			...(token !== undefined && config),
		};
		const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org'];
		return (await run('git', [...who, ...args], { cwd: folder, env })).stdout;
	};

	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), 'github-client-'));
		github = await startGitHubApi({ others: [{ repository: 'acme/secret', isPrivate: true }] });
		ask = toAsk(github);
	});
	afterEach(async () => {
		await github.stop();
		await rm(folder, { recursive: true });
	});

	const cloneAndCommit = async (): Promise<string> => {
		await git(undefined, 'clone', '--quiet', `${github.origin}/acme/greet.git`, 'clone');
		await writeFile(join(folder, 'clone', 'new.txt'), 'new');
		await git(undefined, '-C', 'clone', 'add', '.');
		await git(undefined, '-C', 'clone', 'commit', '--quiet', '--message', 'feat: new');
		return (await git(undefined, '-C', 'clone', 'rev-parse', 'HEAD')).trim();
	};

	test('anybody clones what is public; who may write pushes, and the API sees it', async () => {
		const commit = await cloneAndCommit();
		for (const token of [undefined, 'ghs_wrong', github.issueToken({ permissions: { contents: 'read' } })])
			await expect(git(token, '-C', 'clone', 'push', '--quiet', 'origin', 'main')).rejects.toThrow();
		expect(github.requests.filter(({ effect }) => effect === 'change')).toEqual([]);
		const writer = github.issueToken({ permissions: { contents: 'write' } });
		await git(writer, '-C', 'clone', 'push', '--quiet', 'origin', 'main');
		expect(github.requests.at(-1)).toMatchObject({
			effect: 'change',
			path: '/acme/greet.git/git-receive-pack',
		});
		expect((await ask('GET commits/main')).json).toMatchObject({
			sha: commit,
			commit: { message: 'feat: new' },
		});
		expect((await ask('GET contents/new.txt')).json.content.trim()).toBe(
			Buffer.from('new').toString('base64'),
		);
	});

	test('a push past a rule, or to the tag of an immutable release, is declined and changes nothing', async () => {
		await cloneAndCommit();
		const repository = github.repository();
		repository.addRuleset({
			target: 'tag',
			include: ['refs/tags/v*'],
			rules: [{ type: 'creation' }],
			bypass: ['octocat'],
		});
		repository.state.settings.immutableReleases = true;
		await ask('POST releases', { tag_name: 'v1' });
		const push = (token: string, ref: string) =>
			git(token, '-C', 'clone', 'push', '--force', 'origin', `HEAD:${ref}`);
		const before = await repository.git.refs('refs/');
		const declined = {
			stderr: expect.stringMatching(/GH013.*push declined due to repository rule violations/s),
		};
		await expect(push(github.issueToken(), 'refs/tags/v2')).rejects.toMatchObject(declined);
		await expect(push(github.token, 'refs/tags/v1')).rejects.toMatchObject(declined);
		expect(await repository.git.refs('refs/')).toEqual(before);
		await push(github.token, 'refs/tags/v2');
		await push(github.issueToken(), 'refs/tags/w1');
	});

	test('a push that was overtaken is refused', async () => {
		await cloneAndCommit();
		await github.repository().commit({ message: 'faster' });
		const push = git(github.token, '-C', 'clone', 'push', '--quiet', 'origin', 'main');
		await expect(push).rejects.toMatchObject({ stderr: expect.stringContaining('[rejected]') });
	});

	test('what is private is cloned with a token of its own only', async () => {
		const clone = (token: string | undefined, name: string) =>
			git(token, 'clone', '--quiet', `${github.origin}/acme/secret.git`, name);
		await expect(clone(undefined, 'a')).rejects.toThrow();
		const other = github.issueToken({ repositories: ['acme/greet'] });
		await expect(clone(other, 'b')).rejects.toThrow();
		await clone(github.issueToken({ permissions: { contents: 'read' } }), 'c');
	});

	test('refs: created once, moved forward, by force, deleted; and not past a rule', async () => {
		const repository = github.repository();
		const [first, second] = [
			await repository.git.resolve('main'),
			await repository.commit({ message: 'two' }),
		];
		const body = { ref: 'refs/heads/slipway', sha: first };
		expect((await ask('POST git/refs', body)).status).toBe(201);
		expect(await ask('POST git/refs', body)).toMatchObject({
			status: 422,
			json: { message: 'Reference already exists' },
		});
		expect((await ask('POST git/refs', { ...body, ref: 'refs/heads/x', sha: 'f'.repeat(40) })).status).toBe(
			422,
		);
		expect((await ask('POST git/refs', { ...body, ref: 'main' })).status).toBe(422);
		expect((await ask('PATCH git/refs/heads/slipway', { sha: second })).json.object.sha).toBe(second);
		expect((await ask('PATCH git/refs/heads/slipway', { sha: first })).status).toBe(422);
		expect((await ask('PATCH git/refs/heads/slipway', { sha: first, force: true })).status).toBe(200);
		const found = (await ask('GET git/matching-refs/heads/sl')).json.map(({ ref }: { ref: string }) => ref);
		expect(found).toEqual(['refs/heads/slipway']);
		expect((await ask('DELETE git/refs/heads/slipway')).status).toBe(204);
		expect((await ask('GET git/ref/heads/slipway')).status).toBe(404);
		repository.addRuleset({ target: 'tag', include: ['refs/tags/v*'], rules: [{ type: 'creation' }] });
		const refused = await ask('POST git/refs', { ref: 'refs/tags/v1', sha: first });
		expect(refused).toMatchObject({
			status: 422,
			json: { message: expect.stringContaining('rule violations') },
		});
		expect((await ask('POST git/refs', { ref: 'refs/tags/w1', sha: first })).status).toBe(201);
	});

	test('a tag object, and what it points to', async () => {
		const object = await github.repository().git.resolve('main');
		const { json: tag } = await ask('POST git/tags', {
			tag: 'v1',
			message: 'signed?',
			object,
			type: 'commit',
		});
		expect((await ask('POST git/refs', { ref: 'refs/tags/v1', sha: tag.sha })).status).toBe(201);
		expect((await ask('GET git/ref/tags/v1')).json.object).toMatchObject({ type: 'tag', sha: tag.sha });
		expect((await ask(`GET git/tags/${tag.sha}`)).json).toMatchObject({
			message: 'signed?',
			object: { sha: object },
		});
		expect((await ask('GET commits/v1')).json.sha).toBe(object);
	});

	test('files are written by comparison with what is there', async () => {
		const content = Buffer.from('one').toString('base64');
		const put = (more: object) =>
			ask('PUT contents/docs/a%20file.txt', { message: 'write', content, ...more });
		const { status, json } = await put({});
		expect(status).toBe(201);
		expect((await put({})).status).toBe(422);
		expect((await put({ sha: 'f'.repeat(40) })).status).toBe(409);
		expect((await put({ sha: json.content.sha, content: '' })).status).toBe(200);
		const listed = (await ask('GET contents/docs')).json.map(({ path }: { path: string }) => path);
		expect(listed).toEqual(['docs/a file.txt']);
		expect((await ask('GET contents/none')).status).toBe(404);
	});

	test('commits between two names, oldest first, with their files and pull requests', async () => {
		const repository = github.repository();
		await ask('POST releases', { tag_name: 'v1' });
		const one = await repository.commit({ message: 'fix: one', path: 'one.txt' });
		const two = await repository.commit({ message: 'feat!: two\n\nBREAKING CHANGE: all', path: 'two.txt' });
		repository.addPull({ title: 'Two', mergeCommit: two });
		const { json } = await ask('GET compare/v1...main');
		expect(json).toMatchObject({ status: 'ahead', ahead_by: 2, behind_by: 0, total_commits: 2 });
		expect(json.commits.map(({ sha }: { sha: string }) => sha)).toEqual([one, two]);
		expect(json.commits[1].commit.message).toBe('feat!: two\n\nBREAKING CHANGE: all');
		expect(json.files).toEqual([
			{ filename: 'one.txt', status: 'added' },
			{ filename: 'two.txt', status: 'added' },
		]);
		expect((await ask('GET compare/main...v1')).json.status).toBe('behind');
		expect((await ask('GET compare/main...none')).status).toBe(404);
		expect((await ask(`GET commits/${two}/pulls`)).json).toMatchObject([{ title: 'Two', number: 1 }]);
		expect((await ask(`GET commits/${one}/pulls`)).json).toEqual([]);
	});

	test('a name that git could take for an option or a range is the name of nothing', async () => {
		const { git: backend } = github.repository();
		for (const name of ['--all', 'main..x', 'main~1', 'main^', '@{-1}', ':/a', '', 'a b'])
			expect(await backend.resolve(name)).toBeUndefined();
	});
});

test('without git on the machine, releases and refs are there all the same', async () => {
	const github = await startGitHubApi({ path: '' });
	const ask = toAsk(github);
	expect((await ask('POST releases', { tag_name: 'v1', target_commitish: 'a'.repeat(40) })).status).toBe(201);
	expect((await ask('GET git/ref/tags/v1')).json.object.sha).toBe('a'.repeat(40));
	await github.stop();
});
