import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { hashBytes } from '@slipway/archive';
import { type Artifact, MEDIA_TYPES, type Publisher } from '@slipway/core';
import { type LocalGitHub, type RepositoryControl, startGitHubApi } from '@slipway/rehearsal/github';
import { testContext } from '@slipway/testing';
import type { ReleaseFile } from '../release/asset-file.ts';
import { type GitHubRest, toGitHubRest } from '../rest/rest.ts';
import { type GitHubPublisherOptions, githubPublisher } from './github-publisher.ts';

export const toFile = (name: string, content: string): ReleaseFile => {
	const bytes = Buffer.from(content);
	const { size, digest } = hashBytes(bytes);
	return { name, mediaType: 'application/json', size, digest, read: async () => bytes };
};

/** A repository with two releases (1.0.0 is the latest), the tag of a third, and its artifacts. */
export interface TestReleases {
	readonly github: LocalGitHub;
	readonly control: RepositoryControl;
	readonly repository: string;
	readonly rest: GitHubRest;
	readonly context: ReturnType<typeof testContext>;
	readonly artifacts: readonly Artifact[];
	readonly otherBytes: readonly Artifact[];
	/** The commit that was built. */
	readonly commit: string;
	publisher(options?: Partial<GitHubPublisherOptions>): Publisher;
	latest(): Promise<string | null>;
	makeLatest(tag: string): Promise<void>;
	mutations(): number;
}

const call = async (github: LocalGitHub, method: string, path: string, body?: object) => {
	const headers = { authorization: `Bearer ${github.token}`, 'content-type': 'application/json' };
	const reply = await fetch(`${github.origin}${path}`, {
		method,
		headers,
		...(body !== undefined && { body: JSON.stringify(body) }),
	});
	return { status: reply.status, json: JSON.parse((await reply.text()) || 'null') };
};

/** What a person does with the API. */
export const ask = async (
	{ github, repository }: Pick<TestReleases, 'github' | 'repository'>,
	method: string,
	path: string,
	body?: object,
) => {
	const { status, json } = await call(github, method, `/repos/${repository}/${path}`, body);
	if (status >= 400) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(json)}`);
	return json;
};

const NAMES = ['greet-1.1.0.tgz', 'greet_1.1.0~1-1_all.deb'];

const toArtifacts = (bytes: Map<string, Uint8Array>, content: string): Artifact[] =>
	NAMES.map((name) => {
		const path = `artifacts/${content}/${name}`;
		const found = Buffer.from(`${content} ${name}`);
		bytes.set(path, found);
		const purl = `pkg:generic/${name}@1.1.0`;
		return { name, path, mediaType: MEDIA_TYPES.file, ...hashBytes(found), purl };
	});

const isMutation = (method: string, path: string): boolean =>
	method !== 'GET' && method !== 'HEAD' && !path.endsWith('/generate-notes');

export const makeReleases = async (github: LocalGitHub): Promise<TestReleases> => {
	const repository = `acme/greet-${randomUUID().slice(0, 8)}`;
	const control = await github.addRepository({ repository });
	const place = { github, repository };
	const tag = async (name: string, message: string): Promise<string> => {
		const sha = await control.commit({ message });
		await control.git.setRef(`refs/tags/${name}`, sha);
		return sha;
	};
	await tag('v1.0.0', 'The first');
	await ask(place, 'POST', 'releases', { tag_name: 'v1.0.0' });
	await tag('v1.0.9', 'Somebody else');
	await ask(place, 'POST', 'releases', { tag_name: 'v1.0.9', make_latest: 'false' });
	const commit = await tag('v1.1.0', 'feat: more');
	const bytes = new Map<string, Uint8Array>();
	const rest = toGitHubRest({ api: github.origin, repository, token: github.issueToken() });
	const before = github.requests.length;
	return {
		...place,
		control,
		rest,
		commit,
		context: testContext(tmpdir()),
		artifacts: toArtifacts(bytes, 'ours'),
		otherBytes: toArtifacts(bytes, 'theirs'),
		publisher: (options = {}) =>
			githubPublisher({
				id: 'github',
				rest,
				target: { 'tag-prefix': 'v', notes: {} },
				project: 'greet',
				version: '1.1.0',
				source: async () => ({ repo: null, commit, ref: null }),
				readArtifact: async ({ path }) => bytes.get(path) ?? new Uint8Array(),
				...options,
			}),
		latest: async () =>
			(await call(github, 'GET', `/repos/${repository}/releases/latest`)).json.tag_name ?? null,
		makeLatest: async (name) => {
			const { id } = await ask(place, 'GET', `releases/tags/${name}`);
			await ask(place, 'PATCH', `releases/${id}`, { make_latest: 'true' });
		},
		mutations: () =>
			github.requests
				.slice(before)
				.filter(
					({ method, path, login }) =>
						login !== 'octocat' && path.includes(`/${repository}/`) && isMutation(method, path),
				).length,
	};
};

/** One server for all tests of a file. */
export const withGitHub = (use: (github: LocalGitHub) => void): void => {
	let github: LocalGitHub | undefined;
	beforeAll(async () => {
		github = await startGitHubApi();
		use(github);
	});
	afterEach(() => github?.clearFaults());
	afterAll(() => github?.stop());
};

/** Plans, uploads everything, and gives what comes next. */
export const uploadAll = async (given: TestReleases, publisher: Publisher = given.publisher()) => {
	const { context, artifacts } = given;
	const { findings, subjects } = await publisher.preflight({ operation: 'release', artifacts }, context);
	const [subject] = subjects.map((planned) => planned.subject);
	if (!subject) throw new Error(`nothing planned: ${JSON.stringify(findings)}`);
	const change = { context, guard: async () => {} };
	for (const artifact of subject.artifacts) await publisher.upload(artifact, subject, change);
	return { publisher, subject, change, findings };
};
