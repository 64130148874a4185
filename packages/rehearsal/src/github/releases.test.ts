// What the API says and does about releases, as facts and reports of users have it.
import { type Ask, toAsk, uploadAsset } from './ask.fixture.ts';
import { type LocalGitHub, startGitHubApi } from './index.ts';

let github: LocalGitHub;
let ask: Ask;

beforeEach(async () => {
	github = await startGitHubApi();
	ask = toAsk(github);
});
afterEach(() => github.stop());

const draft = async (tag: string, more: object = {}) =>
	(await ask('POST releases', { tag_name: tag, draft: true, ...more })).json;
const seal = (id: number, more: object = {}) => ask(`PATCH releases/${id}`, { draft: false, ...more });
const latest = async () => (await ask('GET releases/latest')).json.tag_name;

test('a tag has as many drafts as one likes, and none is found by it; of published ones there is one', async () => {
	const [first, second] = [await draft('v1'), await draft('v1')];
	expect((await ask('GET releases/tags/v1')).status).toBe(404);
	expect((await seal(first.id)).status).toBe(200);
	expect((await ask('GET releases/tags/v1')).json.id).toBe(first.id);
	expect(await seal(second.id)).toMatchObject({
		status: 422,
		json: { errors: [{ resource: 'Release', code: 'already_exists', field: 'tag_name' }] },
	});
	expect((await ask('POST releases', { tag_name: 'v1' })).status).toBe(422);
});

test('drafts are for those who may write', async () => {
	const { id } = await draft('v1');
	const reader = github.issueToken({ permissions: { contents: 'read' } });
	for (const token of [null, reader]) {
		expect((await ask('GET releases', undefined, token)).json).toEqual([]);
		expect((await ask(`GET releases/${id}`, undefined, token)).status).toBe(404);
	}
	const writer = github.issueToken({ permissions: { contents: 'write' } });
	expect((await ask('GET releases', undefined, writer)).json).toHaveLength(1);
});

describe('the latest', () => {
	test('is never a draft or a pre-release, whatever is asked for', async () => {
		await draft('v3', { make_latest: 'true' });
		await ask('POST releases', { tag_name: 'v2', prerelease: true, make_latest: 'true' });
		expect((await ask('GET releases/latest')).status).toBe(404);
	});

	test('is what was published last, until somebody says otherwise', async () => {
		const one = (await ask('POST releases', { tag_name: 'v1' })).json;
		await ask('POST releases', { tag_name: 'v2' });
		expect(await latest()).toBe('v2');
		await ask('POST releases', { tag_name: 'v0.9', make_latest: 'false' });
		expect(await latest()).toBe('v2');
		await ask(`PATCH releases/${one.id}`, { make_latest: 'true' });
		expect(await latest()).toBe('v1');
		await ask(`PATCH releases/${one.id}`, { make_latest: 'false' });
		expect(await latest()).toBe('v2');
	});

	test('is what people and anonymous clients are led to', async () => {
		const { id, upload_url: url } = await draft('v1');
		await uploadAsset(url, 'a.txt', github, 'text of a');
		await seal(id);
		const page = await fetch(`${github.origin}/acme/greet/releases/latest`, { redirect: 'manual' });
		expect(page.headers.get('location')).toBe(`${github.origin}/acme/greet/releases/tag/v1`);
		const file = await fetch(`${github.origin}/acme/greet/releases/latest/download/a.txt`);
		expect(await file.text()).toBe('text of a');
		expect(new URL(file.url).origin).not.toBe(github.origin);
	});
});

describe('immutable releases', () => {
	beforeEach(() => {
		github.repository().state.settings.immutableReleases = true;
	});

	test('are locked when they are published: assets, tag, and its name for ever', async () => {
		const { id, upload_url: url } = await draft('v1');
		const { json: asset } = await uploadAsset(url, 'a.txt', github);
		expect((await seal(id)).json.immutable).toBe(true);
		expect(await uploadAsset(url, 'b.txt', github)).toMatchObject({
			status: 422,
			json: { message: 'Cannot upload assets to an immutable release.' },
		});
		expect(await ask(`DELETE releases/assets/${asset.id}`)).toMatchObject({
			status: 422,
			json: { errors: [{ message: 'Cannot delete asset from an immutable release' }] },
		});
		expect((await ask('DELETE git/refs/tags/v1')).status).toBe(422);
		expect((await seal(id, { tag_name: 'v2' })).status).toBe(422);
		expect((await ask(`DELETE releases/${id}`)).status).toBe(204);
		expect(await ask('POST releases', { tag_name: 'v1' })).toMatchObject({
			status: 422,
			json: { errors: [{ message: 'tag_name was used by an immutable release' }, {}] },
		});
	});

	test('their words, pre-release mark and place as latest stay editable', async () => {
		const { json: one } = await ask('POST releases', { tag_name: 'v1', prerelease: true });
		const told = await ask(`PATCH releases/${one.id}`, {
			prerelease: false,
			make_latest: 'legacy',
			body: 'new',
		});
		expect(told.json).toMatchObject({ prerelease: false, immutable: true, body: 'new' });
		expect(await latest()).toBe('v1');
	});

	test('only what is published from then on', async () => {
		github.repository().state.settings.immutableReleases = false;
		const { json: old } = await ask('POST releases', { tag_name: 'v0' });
		github.repository().state.settings.immutableReleases = true;
		expect((await uploadAsset(old.upload_url, 'a.txt', github)).status).toBe(201);
	});
});

describe('assets', () => {
	test.each([
		['greet_1.0~rc1_all.deb', 'greet_1.0.rc1_all.deb'],
		['a file (1).txt', 'a.file.1.txt'],
		['.hidden.', 'hidden'],
		['a+b_c-d@1.tgz', 'a+b_c-d@1.tgz'],
	])('%s is called %s', async (name, stored) => {
		const { upload_url: url } = await draft('v1');
		const told = await uploadAsset(url, name, github);
		expect(told.json).toMatchObject({
			name: stored,
			state: 'uploaded',
			digest: expect.stringMatching(/^sha256:/),
		});
		expect(await uploadAsset(url, name, github)).toMatchObject({
			status: 422,
			json: { errors: [{ resource: 'ReleaseAsset', code: 'already_exists', field: 'name' }] },
		});
	});

	test('a torn upload leaves a starter, which is in the way until it is deleted', async () => {
		const { id, upload_url: url } = await draft('v1');
		github.misbehave({ kind: 'starter', method: 'POST', path: /assets/ });
		await expect(uploadAsset(url, 'a.txt', github)).rejects.toThrow();
		const [starter] = (await ask(`GET releases/${id}/assets`)).json;
		expect(starter).toMatchObject({ state: 'starter', size: 0, digest: null });
		expect((await uploadAsset(url, 'a.txt', github)).status).toBe(422);
		expect((await ask(`DELETE releases/assets/${starter.id}`)).status).toBe(204);
		expect((await uploadAsset(url, 'a.txt', github)).status).toBe(201);
	});

	test('no upload goes to the address of the API itself, and no bytes travel with a token', async () => {
		const { id, upload_url: url } = await draft('v1');
		expect((await ask(`POST releases/${id}/assets?name=a`, { a: 1 })).status).toBe(404);
		await uploadAsset(url, 'a.txt', github);
		await seal(id);
		const { headers } = await ask('GET /acme/greet/releases/download/v1/a.txt', undefined, null);
		const address = headers.get('location') ?? '';
		expect((await fetch(address, { headers: { authorization: 'Bearer x' } })).status).toBe(400);
		expect(await (await fetch(address)).text()).toBe('bytes');
		github.expireAddresses();
		expect((await fetch(address)).status).toBe(403);
	});
});

test('a release is published where its commit is, and not under a name that git refuses', async () => {
	const { git } = github.repository();
	const head = await git.resolve('main');
	await github.repository().commit({ message: 'more' });
	const one = await draft('v1', { target_commitish: head });
	await seal(one.id);
	expect(await git.resolve('refs/tags/v1')).toBe(head);
	const two = await draft('v2', { target_commitish: 'f'.repeat(40) });
	expect((await seal(two.id)).json.errors[0]).toMatchObject({ code: 'invalid', field: 'target_commitish' });
	for (const tag of ['v 1', 'v..1', 'v1.lock', 'v1~', '']) {
		expect((await ask('POST releases', { tag_name: tag, draft: true })).status).toBe(422);
	}
});

test('generated notes name the pull requests that were merged between two tags', async () => {
	const repository = github.repository();
	await ask('POST releases', { tag_name: 'v1' });
	const mergeCommit = await repository.commit({ message: 'Add a door (#1)' });
	repository.addPull({ title: 'Add a door', author: 'grace', mergeCommit });
	repository.addPull({ title: 'Not merged' });
	const { json } = await ask('POST releases/generate-notes', { tag_name: 'v2' });
	expect(json.body).toContain(`* Add a door by @grace in ${github.origin}/acme/greet/pull/1`);
	expect(json.body).toContain('compare/v1...v2');
	expect(json.body).not.toContain('Not merged');
	expect(github.requests.at(-1)).toMatchObject({ effect: 'none', status: 200 });
});
