import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRelease } from '@slipway/archive';
import { type LocalGitHub, startGitHubApi } from '@slipway/rehearsal/github';
import { type LocalSigstore, startSigstore } from '@slipway/rehearsal/sigstore';
import { testContext } from '@slipway/testing';
import { openGitHubRest, parseRemote } from './github.ts';
import { openProject } from './project.ts';
import { openPublishers } from './publishers.ts';
import { releaseProject } from './release.ts';
import { storeProvenance } from './sign.ts';
import { rollbackProject } from './undo.ts';

describe("a remote's address", () => {
	test.each([
		['https://github.example/acme/greet.git', 'github.example', 'acme/greet'],
		['https://user:secret@github.example/acme/greet', 'github.example', 'acme/greet'],
		['git@github.example:acme/greet.git', 'github.example', 'acme/greet'],
		['ssh://git@github.example:22/acme/greet.git/', 'github.example', 'acme/greet'],
		['http://127.0.0.1:8080/acme/greet.git', '127.0.0.1:8080', 'acme/greet'],
	])('%s', (address, host, repository) => {
		expect(parseRemote(address)).toEqual({ host, repository });
	});

	test.each([
		'/srv/git/greet.git',
		'../greet',
		'https://github.example/greet',
		'',
		'ext::sh -c x',
		`https://x/${'a'.repeat(1000)}/b`,
	])('%s names no repository', (address) => {
		expect(parseRemote(address)).toBeUndefined();
	});
});

describe('a project', () => {
	let sigstore: LocalSigstore;
	let github: LocalGitHub;
	let root: string;
	beforeAll(async () => {
		sigstore = await startSigstore();
		github = await startGitHubApi({ repository: 'example/greet' });
	});
	afterAll(async () => {
		await github.stop();
		await sigstore.stop();
	});
	beforeEach(async () => {
		root = await mkdtemp(join(tmpdir(), 'github-join-'));
		await writeFile(join(root, 'package.json'), '{"name":"greet","version":"1.0.0","license":"MIT"}');
		await writeFile(join(root, 'index.js'), 'export {};');
		await writeFile(join(root, 'services.json'), JSON.stringify(sigstore.signingConfig));
		await writeFile(join(root, 'root.json'), JSON.stringify(sigstore.trustedRoot));
	});
	afterEach(() => rm(root, { recursive: true, force: true }));

	const SIGN = 'npm: {}\nsign:\n  services: services.json\n  trusted-root: root.json\n';
	const configure = (target: string) =>
		writeFile(join(root, 'slipway.yml'), `${SIGN}targets:\n  github:\n    type: github\n${target}`);
	const toDoor = (more: NodeJS.ProcessEnv = {}) => ({
		folder: root,
		environment: {
			PATH: process.env.PATH,
			HOME: root,
			ACTIONS_ID_TOKEN_REQUEST_URL: sigstore.tokenRequest.url,
			ACTIONS_ID_TOKEN_REQUEST_TOKEN: sigstore.tokenRequest.token,
			...more,
		},
	});

	test.each([
		[
			'its target',
			'    api: https://api.one.example\n    repository: a/b\n',
			{},
			'a/b',
			'https://api.one.example',
			false,
		],
		[
			'the run',
			'',
			{ GITHUB_API_URL: 'https://x.example/api/v3', GITHUB_REPOSITORY: 'c/d', GH_TOKEN: 't' },
			'c/d',
			'https://x.example',
			true,
		],
	])('is at GitHub by %s', async (_, target, environment, repository, origin, hasToken) => {
		await configure(target);
		const rest = await openGitHubRest(await openProject(toDoor(environment)));
		expect(rest).toMatchObject({ repository, hasToken, origins: { api: origin } });
	});

	test('that nothing places at GitHub is none', async () => {
		await configure('');
		expect(await openGitHubRest(await openProject(toDoor()))).toBeUndefined();
		await expect(openPublishers(await openProject(toDoor()))).rejects.toEqual(
			expect.objectContaining({ code: 'GITHUB_REPOSITORY_UNKNOWN' }),
		);
	});

	test('is released with all that goes along, attested, and hauled back', async () => {
		await configure('');
		const control = github.repository();
		const commit = await control.commit({ message: 'feat: greet' });
		await control.git.setRef('refs/tags/v1.0.0', commit);
		const environment = {
			GITHUB_API_URL: github.origin,
			GITHUB_REPOSITORY: 'example/greet',
			GITHUB_TOKEN: github.issueToken(),
		};
		const door = toDoor(environment);
		const context = testContext(root, { now: () => Date.now(), sleep: async () => {} });
		const run = { actor: 'ada', key: 'test' };
		const report = await releaseProject(door, { run }, context);
		expect(report.state).toBe('COMPLETED');
		const [release] = control.state.releases;
		expect(release).toMatchObject({ tag: 'v1.0.0', isDraft: false });
		expect(release?.assets.map(({ name }) => name)).toEqual(
			expect.arrayContaining(['greet-1.0.0.tgz', 'SHA256SUMS', 'provenance.sigstore.json']),
		);
		expect(release?.assets.map(({ name }) => name).join()).not.toMatch(/stage-(plan|publish)/);
		expect(release?.body).toContain(
			'--identity https://github.com/example/greet/.github/workflows/release.yml@refs/tags/v1.0.0 --issuer',
		);
		const project = await openProject(door);
		await storeProvenance(project, await readRelease(project.releaseFolder), context);
		await storeProvenance(project, await readRelease(project.releaseFolder), context);
		expect(control.state.attestations.length).toBeGreaterThan(0);
		expect(new Set(control.state.attestations.map(({ bundle }) => JSON.stringify(bundle))).size).toBe(
			control.state.attestations.length,
		);
		const undone = await rollbackProject(
			door,
			{ run, version: '1.0.0', reason: 'it breaks', act: true },
			context,
		);
		expect(undone.state).toBe('ROLLED_BACK');
		expect(control.state.releases[0]).toMatchObject({ name: 'v1.0.0 (withdrawn)', isPrerelease: true });
	});
});
