// GitHub's own client of releases, issues and git against the local GitHub API.
import { createHash } from 'node:crypto';
import { getOctokit } from '@actions/github';
import { type LocalGitHub, startGitHubApi } from '@slipway/rehearsal/github';

let github: LocalGitHub;
let octokit: ReturnType<typeof getOctokit>;
const at = { owner: 'acme', repo: 'greet' };

beforeAll(async () => {
	github = await startGitHubApi({ repository: 'acme/greet' });
	octokit = getOctokit(github.token, { baseUrl: github.origin });
});
afterAll(() => github.stop());

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

test('a release from draft to latest, and away again', async () => {
	const { repos, git } = octokit.rest;
	const { data: draft } = await repos.createRelease({
		...at,
		tag_name: 'v1.0.0',
		draft: true,
		body: 'notes',
	});
	expect(draft).toMatchObject({ draft: true, tag_name: 'v1.0.0', target_commitish: 'main' });
	const bytes = Buffer.from('the bytes of an asset');
	const { data: asset } = await repos.uploadReleaseAsset({
		...at,
		release_id: draft.id,
		url: draft.upload_url,
		name: 'greet_1.0~rc1_all.deb',
		data: bytes as unknown as string,
		headers: { 'content-type': 'application/vnd.debian.binary-package' },
	});
	expect(asset).toMatchObject({
		name: 'greet_1.0.rc1_all.deb',
		state: 'uploaded',
		size: bytes.length,
		digest: `sha256:${sha256(bytes)}`,
	});
	await expect(repos.getReleaseByTag({ ...at, tag: 'v1.0.0' })).rejects.toMatchObject({ status: 404 });
	await expect(repos.getLatestRelease(at)).rejects.toMatchObject({ status: 404 });
	await expect(git.getRef({ ...at, ref: 'tags/v1.0.0' })).rejects.toMatchObject({ status: 404 });

	const { data: sealed } = await repos.updateRelease({
		...at,
		release_id: draft.id,
		draft: false,
		make_latest: 'true',
	});
	expect(sealed).toMatchObject({ draft: false, published_at: expect.any(String) });
	expect((await repos.getLatestRelease(at)).data.tag_name).toBe('v1.0.0');
	expect((await git.getRef({ ...at, ref: 'tags/v1.0.0' })).data.object.type).toBe('commit');

	const { data: second } = await repos.createRelease({ ...at, tag_name: 'v1.1.0' });
	expect((await repos.getLatestRelease(at)).data.tag_name).toBe('v1.1.0');
	await repos.updateRelease({ ...at, release_id: draft.id, make_latest: 'true' });
	expect((await repos.getLatestRelease(at)).data.tag_name).toBe('v1.0.0');
	await repos.updateRelease({ ...at, release_id: draft.id, prerelease: true });
	expect((await repos.getLatestRelease(at)).data.tag_name).toBe('v1.1.0');
	await repos.deleteRelease({ ...at, release_id: second.id });
	await expect(repos.getLatestRelease(at)).rejects.toMatchObject({ status: 404 });

	const download = await repos.getReleaseAsset({
		...at,
		asset_id: asset.id,
		headers: { accept: 'application/octet-stream' },
	});
	expect(Buffer.from(download.data as unknown as ArrayBuffer)).toEqual(bytes);
});
