import { hashBytes } from '@slipway/archive';
import { testContext } from '@slipway/testing';
import { probe } from './probe.ts';
import {
	ARTIFACT,
	BYTES,
	OTHER_BYTES,
	type Replies,
	toIntegrityOf,
	withSmallRegistry,
} from './small-registry.fixture.ts';
import type { Target } from './target.ts';

const registry = withSmallRegistry();

const PACKUMENT = '@acme%2fgreet';
const TAGS = '-/package/@acme%2fgreet/dist-tags';
const STAGED = '-/stage?page=0&perPage=100&package=%40acme%2Fgreet';
const TARBALL = '@acme/greet/-/greet-1.1.0.tgz';
const NAME = '@acme/greet';

const toPackument = (integrity: string | undefined, version = '1.1.0') => ({
	name: NAME,
	versions: {
		[version]: { name: NAME, version, dist: { tarball: `${registry().url}${TARBALL}`, integrity } },
	},
});

const ask = (replies: Replies, options: Partial<Target> = {}, artifact = ARTIFACT) => {
	registry().replies = replies;
	return probe(registry().target(options), artifact, testContext(''));
};

const acknowledged = (what: 'accepted' | 'taken' | 'staged') => ({
	acknowledged: new Map([['@acme/greet@1.1.0', what]]),
});

describe('a version that is shown', () => {
	test('is compared by the sha512 that the registry names', async () => {
		const ours = { [PACKUMENT]: [200, toPackument(toIntegrityOf(BYTES))] as const };
		expect(await ask(ours)).toEqual({ state: 'match' });
		expect(registry().asked).toEqual([`Bearer @acme/greet:read ${PACKUMENT}`]);
		const theirs = { [PACKUMENT]: [200, toPackument(toIntegrityOf(OTHER_BYTES))] as const };
		const { sha512 } = hashBytes(OTHER_BYTES).digest;
		expect(await ask(theirs)).toEqual({ state: 'mismatch', found: { sha512 } });
	});

	test.each([
		['the registry names none', undefined, ARTIFACT],
		['it names a weak one', 'sha1-AAAA', ARTIFACT],
		[
			'the artifact has none',
			toIntegrityOf(BYTES),
			{ ...ARTIFACT, digest: { sha256: ARTIFACT.digest.sha256 } },
		],
	])('is compared by its bytes where %s', async (_name, integrity, artifact) => {
		const packument = [200, toPackument(integrity)] as const;
		expect(await ask({ [PACKUMENT]: packument, [TARBALL]: [200, BYTES] }, {}, artifact)).toEqual({
			state: 'match',
		});
		const others = { [PACKUMENT]: packument, [TARBALL]: [200, OTHER_BYTES] as const };
		expect(await ask(others, {}, artifact)).toEqual({
			state: 'mismatch',
			found: hashBytes(OTHER_BYTES).digest,
		});
		expect(await ask({ [PACKUMENT]: packument }, {}, artifact)).toMatchObject({
			state: 'pending',
			waitsFor: 'time',
		});
	});

	test('whose tarball lies elsewhere is refused', async () => {
		const packument = toPackument(undefined);
		const [version] = Object.values(packument.versions);
		if (version) version.dist.tarball = 'http://127.0.0.1:9/x.tgz';
		await expect(ask({ [PACKUMENT]: [200, packument] })).rejects.toMatchObject({
			code: 'NPM_TARBALL_ELSEWHERE',
		});
	});

	test('of another package is an answer to nothing', async () => {
		const packument = { ...toPackument(toIntegrityOf(BYTES)), name: 'other' };
		await expect(ask({ [PACKUMENT]: [200, packument] })).rejects.toMatchObject({
			code: 'NPM_REPLY_INVALID',
		});
	});
});

describe('a version that is not shown', () => {
	const page = (version: string) => ({
		items: [{ id: '01234567-89ab-cdef-0123-456789abcdef', packageName: NAME, version }],
	});
	const older = () => [200, toPackument(toIntegrityOf(BYTES), '1.0.0')] as const;

	test('is absent where nothing speaks for it', async () => {
		expect(await ask({})).toEqual({ state: 'absent' });
		expect(registry().asked.at(-1)).toBe(`Bearer @acme/greet:mark ${TAGS}`);
		expect(await ask({ [PACKUMENT]: older(), [TAGS]: [200, { latest: '1.0.0' }] })).toEqual({
			state: 'absent',
		});
	});

	test('is accepted where a tag names it already', async () => {
		const tags = [200, { latest: '1.0.0', 'slipway-1.1.0': '1.1.0' }] as const;
		expect(await ask({ [PACKUMENT]: older(), [TAGS]: tags })).toEqual({
			state: 'pending',
			waitsFor: 'time',
			reason: expect.stringContaining('accepted by the registry'),
		});
	});

	test.each([
		['accepted', /accepted by the registry/],
		['taken', /used up/],
		['staged', /accepted earlier/],
	] as const)('was %s in this run: wait', async (what, reason) => {
		expect(await ask({}, acknowledged(what))).toEqual({
			state: 'pending',
			waitsFor: 'time',
			reason: expect.stringMatching(reason),
		});
	});

	test('another version was accepted: that says nothing', async () => {
		const others = new Map([['@acme/greet@1.0.0', 'accepted' as const]]);
		expect(await ask({}, { acknowledged: others })).toEqual({ state: 'absent' });
	});

	test.each([
		['listed as staged', { [STAGED]: [200, page('1.1.0')] as const }, {}, 'person'],
		['staged in this run', {}, acknowledged('staged'), 'person'],
		['accepted in this run', {}, acknowledged('accepted'), 'person'],
		['used up', {}, acknowledged('taken'), 'time'],
	] as const)('mode stage, %s: wait', async (_name, replies, options, waitsFor) => {
		expect(await ask(replies, { mode: 'stage', ...options })).toMatchObject({ state: 'pending', waitsFor });
	});

	test.each([
		['another version is staged', { [STAGED]: [200, page('1.0.0')] as const }],
		['the list may not be read', { [STAGED]: [403, {}] as const }],
	])('mode stage, %s: absent', async (_name, replies) => {
		expect(await ask(replies, { mode: 'stage' })).toEqual({ state: 'absent' });
	});

	test('staged versions are not asked for in other modes', async () => {
		expect(await ask({ [STAGED]: [200, page('1.1.0')] }, { mode: 'tag' })).toEqual({ state: 'absent' });
	});
});

test.each([
	['the packument', { [PACKUMENT]: [503, { error: 'down' }] as const }, '503 down'],
	['the dist-tags', { [TAGS]: [500, { error: 'oops' }] as const }, '500 oops'],
	['dist-tags that are none', { [TAGS]: [200, '"no"'] as const }, /cannot be read/],
])('%s cannot be read: unknown', async (_name, replies, reason) => {
	expect(await ask(replies)).toEqual({ state: 'unknown', reason: expect.stringMatching(reason) });
});
