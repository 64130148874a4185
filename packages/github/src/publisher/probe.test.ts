import { hashBytes } from '@slipway/archive';
import { type Artifact, MEDIA_TYPES } from '@slipway/core';
import { type LoopbackServer, serveLoopback } from '@slipway/http';
import { testContext } from '@slipway/testing';
import { type Marker, toMarker, toMarkerLine } from '../release/marker.ts';
import { toGitHubRest } from '../rest/rest.ts';
import { probe } from './probe.ts';
import { toFile } from './releases.fixture.ts';
import type { Target } from './target.ts';

const BYTES = Buffer.from('ours');
const OTHER = hashBytes(Buffer.from('theirs'));
const NAME = 'greet-1.1.0.tgz';
const ARTIFACT: Artifact = {
	name: NAME,
	path: `artifacts/${NAME}`,
	mediaType: MEDIA_TYPES.file,
	purl: 'pkg:generic/greet@1.1.0',
	...hashBytes(BYTES),
};
const EXTRA = toFile('SHA256SUMS', 'sums');

/** Replies of the API by path below the repository; what is not named is 404. */
let replies: Record<string, readonly [status: number, body: unknown]>;
let asked: string[];
let server: LoopbackServer;

beforeAll(async () => {
	server = await serveLoopback(({ url = '' }, response) => {
		const path = url.replace('/repos/acme/greet/', '');
		asked.push(path);
		const [status, body] = replies[path] ?? [404, { message: 'Not Found' }];
		response.writeHead(status).end(body instanceof Uint8Array ? body : JSON.stringify(body));
	});
});
beforeEach(() => {
	replies = {};
	asked = [];
});
afterAll(() => server.close());

const asset = (sha256: string | null, more: object = {}, { name = NAME, size = BYTES.length } = {}) => ({
	id: 7,
	name,
	state: 'uploaded',
	size,
	digest: sha256 && `sha256:${sha256}`,
	browser_download_url: `${server.origin}/x`,
	...more,
});

const OURS = ARTIFACT.digest.sha256;
const THEIRS = OTHER.digest.sha256;

const release = (assets: readonly object[], more: object = {}) => ({
	id: 1,
	tag_name: 'v1.1.0',
	body: '',
	draft: false,
	prerelease: false,
	upload_url: '',
	html_url: '',
	assets,
	...more,
});

const draft = (assets: readonly object[], marker: Marker) =>
	release(assets, { draft: true, body: `text\n${toMarkerLine(marker)}` });

const ask = (options: Partial<Target> = {}) => {
	const context = testContext('');
	const rest = toGitHubRest({ api: server.origin, repository: 'acme/greet', token: 't', scope: context });
	const target = {
		id: 'github',
		rest,
		tagPrefix: 'v',
		project: 'greet',
		version: '1.1.0',
		extras: async () => [],
		seen: {},
		...options,
	} as unknown as Target;
	return probe(target, ARTIFACT, context);
};

const publish = (...assets: readonly object[]): void => {
	replies['releases/tags/v1.1.0'] = [200, release(assets)];
};
const prepare = (assets: readonly object[], marker = OWN): void => {
	replies['releases?per_page=30'] = [200, [draft(assets, marker)]];
};

const OWN = toMarker('greet', '1.1.0', [ARTIFACT]);
const OTHERS = toMarker('greet', '1.1.0', [{ ...ARTIFACT, digest: OTHER.digest }]);
const SILENT: Marker = { ...OWN, files: [] };

test('nothing is held', async () => {
	replies['releases?per_page=30'] = [200, []];
	expect(await ask()).toEqual({ state: 'absent' });
});

describe('a published release', () => {
	test.each([
		['the same digest', () => [asset(OURS)], { state: 'match' }],
		['another digest', () => [asset(THEIRS)], { state: 'mismatch', found: { sha256: THEIRS } }],
		['no such file', () => [], { state: 'mismatch', found: {} }],
		[
			'an upload without an end',
			() => [asset(OURS, { state: 'starter' })],
			{ state: 'mismatch', found: { sha256: OURS } },
		],
		['no digest and another size', () => [asset(null, {}, { size: 99 })], { state: 'mismatch', found: {} }],
		[
			'a digest of another kind, and no bytes',
			() => [asset(null, { digest: `md5:${'a'.repeat(32)}` })],
			{ state: 'pending', waitsFor: 'time' },
		],
	])('with %s', async (_name, assets, expected) => {
		publish(...assets());
		expect(await ask()).toMatchObject(expected);
	});

	test.each([
		['ours', BYTES, { state: 'match' }],
		[
			'others of the same size',
			Buffer.from('oars'),
			{ state: 'mismatch', found: { sha256: hashBytes(Buffer.from('oars')).digest.sha256 } },
		],
	])('without a digest is compared by its bytes: %s', async (_name, bytes, expected) => {
		publish(asset(null));
		replies['releases/assets/7'] = [200, bytes];
		expect(await ask()).toEqual(expected);
	});
});

test('what GitHub does not say is no digest', async () => {
	publish();
	expect(await ask()).toStrictEqual({ state: 'mismatch', found: {} });
});

describe('our draft', () => {
	test.each([
		['our bytes', () => [asset(OURS)], OWN, { state: 'match' }],
		['nothing yet', () => [], OWN, { state: 'absent' }],
		['an upload without an end', () => [asset(OURS, { state: 'starter' })], OWN, { state: 'absent' }],
		['an upload that went wrong', () => [asset(THEIRS)], OWN, { state: 'absent' }],
		[
			'a file of another build',
			() => [asset(THEIRS)],
			OTHERS,
			{ state: 'mismatch', found: { sha256: THEIRS } },
		],
		['our file in the draft of another build', () => [asset(OURS)], OTHERS, { state: 'mismatch' }],
		['another build, without a file yet', () => [], OTHERS, { state: 'mismatch', found: {} }],
		[
			'other bytes, where the marker lists no files',
			() => [asset(THEIRS)],
			SILENT,
			{ state: 'mismatch', found: { sha256: THEIRS } },
		],
		['our bytes, where the marker lists no files', () => [asset(OURS)], SILENT, { state: 'match' }],
		['no file, where the marker lists none', () => [], SILENT, { state: 'absent' }],
		['no digest, and other bytes by size', () => [asset(null, {}, { size: 99 })], OWN, { state: 'mismatch' }],
	])('with %s', async (_name, assets, marker, expected) => {
		prepare(assets(), marker);
		expect(await ask()).toMatchObject(expected);
	});

	test('without a digest is compared by its bytes', async () => {
		prepare([asset(null)]);
		replies['releases/assets/7'] = [200, BYTES];
		expect(await ask()).toEqual({ state: 'match' });
	});

	test.each([
		['no extra', () => [asset(OURS)], 'absent'],
		[
			'the extra too',
			() => [asset(OURS), asset(EXTRA.digest.sha256, { id: 8 }, { name: EXTRA.name })],
			'match',
		],
		[
			'the extra without a digest',
			() => [asset(OURS), asset(null, { id: 8 }, { name: EXTRA.name })],
			'match',
		],
		['another extra', () => [asset(OURS), asset(THEIRS, { id: 8 }, { name: EXTRA.name })], 'absent'],
	])('holds the artifact when it holds what goes along: %s', async (_name, assets, state) => {
		prepare(assets());
		expect(await ask({ extras: async () => [EXTRA] })).toEqual({ state });
	});

	test('of another project or version is none', async () => {
		prepare([asset(OURS)], { ...OWN, project: 'other' });
		expect(await ask()).toEqual({ state: 'absent' });
		prepare([asset(OURS)], { ...OWN, version: '1.2.0' });
		expect(await ask()).toEqual({ state: 'absent' });
	});
});

test.each([
	['the API has a fault', 502, { message: 'no' }],
	['the API limits', 429, { message: 'slow' }],
	['the token is not valid', 401, { message: 'Bad credentials' }],
	['the token has no right', 403, { message: 'Resource not accessible' }],
])('%s: unknown', async (_name, status, body) => {
	replies['releases/tags/v1.1.0'] = [status, body];
	expect(await ask()).toEqual({ state: 'unknown', reason: expect.stringContaining('v1.1.0') });
});

test('what will not change by asking again is thrown on', async () => {
	replies['releases/tags/v1.1.0'] = [422, { message: 'no' }];
	await expect(ask()).rejects.toMatchObject({ code: 'GITHUB_REFUSED' });
	prepare([asset(OURS)]);
	replies['releases/tags/v1.1.0'] = [404, {}];
	const extras = async () => {
		throw new Error('a defect');
	};
	await expect(ask({ extras })).rejects.toThrow('a defect');
});
