import type { ChangeContext, Subject } from '@slipway/core';
import type { GitHubFault, LocalGitHub } from '@slipway/rehearsal/github';
import { testAtLength } from '@slipway/testing';
import { ask, makeReleases, type TestReleases, toFile, uploadAll, withGitHub } from './releases.fixture.ts';

let github: LocalGitHub;
let given: TestReleases;
withGitHub((started) => {
	github = started;
});
beforeEach(async () => {
	given = await makeReleases(github);
});

const code = (expected: string) => expect.objectContaining({ name: 'SlipwayError', code: expected });

const own = (fault: GitHubFault): void =>
	github.misbehave({ path: new RegExp(`/${given.repository}/`), ...fault });

const drafts = () => given.control.state.releases.filter(({ isDraft }) => isDraft);
const release = (tag: string) => given.control.state.releases.find((one) => one.tag === tag && !one.isDraft);

const plan = async (publisher = given.publisher()) => {
	const request = { operation: 'release', artifacts: given.artifacts } as const;
	const { findings, subjects } = await publisher.preflight(request, given.context);
	const change: ChangeContext = { context: given.context, guard: async () => {} };
	return { publisher, findings, subject: subjects[0]?.subject as Subject, change };
};

const errorsOf = (findings: readonly { severity: string; code: string }[]) =>
	findings.filter(({ severity }) => severity === 'error').map((finding) => finding.code);

describe('an upload that never came to its end', () => {
	test('is absent, deleted and sent again', async () => {
		const { publisher, subject, change } = await plan();
		const [first] = given.artifacts;
		if (!first) throw new Error('no artifact');
		own({ kind: 'starter', method: 'POST', path: /assets\?name=/ });
		expect(await publisher.upload(first, subject, change)).toMatchObject({ outcome: 'unknown' });
		expect(drafts()[0]?.assets.map(({ state }) => state)).toEqual(['starter']);
		expect(await publisher.probe(first, given.context)).toEqual({ state: 'absent' });
		expect(await publisher.upload(first, subject, change)).toEqual({ outcome: 'accepted' });
		expect(drafts()[0]?.assets.map(({ state }) => state)).toEqual(['uploaded']);
		expect(await publisher.probe(first, given.context)).toEqual({ state: 'match' });
	});

	test('is a mismatch in a published release, and is left alone', async () => {
		const { publisher, subject, change } = await uploadAll(given);
		await publisher.expose([subject], change);
		const [asset] = release('v1.1.0')?.assets ?? [];
		if (asset) Object.assign(asset, { state: 'starter', digest: null });
		const [first] = given.artifacts;
		if (!first) throw new Error('no artifact');
		expect(await given.publisher().probe(first, given.context)).toMatchObject({ state: 'mismatch' });
		await expect(publisher.upload(first, subject, change)).rejects.toEqual(code('GITHUB_RELEASE_PUBLISHED'));
	});
});

testAtLength('other bytes in our own draft are what went wrong: sent again', async () => {
	const { publisher, subject, change } = await uploadAll(given);
	const [asset] = drafts()[0]?.assets ?? [];
	if (asset) Object.assign(asset, { bytes: Buffer.from('x'), digest: `sha256:${'0'.repeat(64)}` });
	const [first] = given.artifacts;
	if (!first) throw new Error('no artifact');
	await expect(publisher.verify([subject], 'hidden', given.context)).rejects.toEqual(
		code('GITHUB_ASSET_WRONG'),
	);
	await expect(publisher.expose([subject], change)).rejects.toEqual(code('GITHUB_ASSET_WRONG'));
	expect(await publisher.probe(first, given.context)).toEqual({ state: 'absent' });
	await publisher.upload(first, subject, change);
	expect(await publisher.probe(first, given.context)).toEqual({ state: 'match' });
});

testAtLength('where GitHub names no digest, the bytes are compared', async () => {
	const { publisher } = await uploadAll(given);
	for (const asset of drafts()[0]?.assets ?? []) asset.digest = null;
	const [first, second] = given.artifacts;
	if (!first || !second) throw new Error('no artifacts');
	expect(await publisher.probe(first, given.context)).toEqual({ state: 'match' });
	given.control.tamperAsset('greet_1.1.0.1-1_all.deb', Buffer.alloc(second.size));
	expect(await publisher.probe(second, given.context)).toMatchObject({ state: 'mismatch' });
});

describe('two drafts of one version', () => {
	test('are refused with the command that ends it', async () => {
		own({ kind: 'duplicate-draft', method: 'POST', path: /\/releases$/ });
		const { subject, change } = await uploadAll(given);
		expect(drafts()).toHaveLength(2);
		const later = given.publisher();
		const expected = expect.objectContaining({
			code: 'GITHUB_DRAFTS_DUPLICATE',
			hint: expect.stringContaining(`gh api --method DELETE repos/${given.repository}/releases/`) as string,
		});
		await expect(later.expose([subject], change)).rejects.toEqual(expected);
		await expect(later.withdraw([subject], 'hidden', { ...change, reason: 'x' })).rejects.toEqual(expected);
		expect(release('v1.1.0')).toBeUndefined();
		expect(drafts()).toHaveLength(2);
	});

	testAtLength('the run that made them does not seal either', async () => {
		own({ kind: 'duplicate-draft', method: 'POST', path: /\/releases$/ });
		const { publisher, subject, change } = await uploadAll(given);
		await expect(publisher.expose([subject], change)).rejects.toEqual(code('GITHUB_DRAFTS_DUPLICATE'));
	});

	testAtLength('a draft of somebody else is none of ours', async () => {
		await ask(given, 'POST', 'releases', { tag_name: 'v1.1.0', draft: true, body: 'by hand' });
		const { publisher, subject, change, findings } = await uploadAll(given);
		expect(findings).toContainEqual(
			expect.objectContaining({ severity: 'warning', code: 'GITHUB_DRAFT_STRANGER' }),
		);
		await publisher.withdraw([subject], 'hidden', { ...change, reason: 'x' });
		expect(drafts().map(({ body }) => body)).toEqual(['by hand']);
	});
});

describe('a release that was published early', () => {
	test('by something else: the plan is refused, and says how to go on', async () => {
		await ask(given, 'POST', 'releases', { tag_name: 'v1.1.0' });
		expect(errorsOf((await plan()).findings)).toEqual(['GITHUB_RELEASE_EXISTS']);
	});

	testAtLength('and is immutable: its tag is burnt', async () => {
		given.control.state.settings.immutableReleases = true;
		await ask(given, 'POST', 'releases', { tag_name: 'v1.1.0' });
		expect(errorsOf((await plan()).findings)).toEqual(['GITHUB_TAG_BURNT']);
	});

	test('our own draft, by hand and before all files were in it: nothing is added', async () => {
		const { publisher, subject, change } = await plan();
		const [first, second] = given.artifacts;
		if (!first || !second) throw new Error('no artifacts');
		await publisher.upload(first, subject, change);
		await ask(given, 'PATCH', `releases/${drafts()[0]?.id}`, { draft: false, make_latest: 'false' });
		const count = given.mutations();
		expect(await publisher.probe(first, given.context)).toEqual({ state: 'match' });
		expect(await publisher.probe(second, given.context)).toMatchObject({ state: 'mismatch' });
		await expect(publisher.upload(second, subject, change)).rejects.toEqual(code('GITHUB_RELEASE_PUBLISHED'));
		await expect(publisher.expose([subject], change)).rejects.toEqual(code('GITHUB_NOT_VISIBLE'));
		expect(given.mutations()).toBe(count);
	});

	testAtLength('the tag belonged to an immutable release that was deleted', async () => {
		given.control.state.burntTags.add('v1.1.0');
		const { publisher, subject, change } = await uploadAll(given);
		await expect(publisher.expose([subject], change)).rejects.toEqual(code('GITHUB_TAG_BURNT'));
		expect(await given.latest()).toBe('v1.0.0');
	});
});

describe('immutable releases', () => {
	beforeEach(() => {
		given.control.state.settings.immutableReleases = true;
	});

	test('are sealed, withdrawn and restored', async () => {
		const { publisher, subject, change } = await uploadAll(given);
		expect(await publisher.expose([subject], change)).toMatchObject([{ outcome: 'exposed' }]);
		const [verified] = await publisher.verify([subject], 'exposed', given.context);
		expect(verified?.checks).toContain('immutable');
		const undo = { ...change, reason: 'it *breaks* @octocat' };
		const [withdrawn] = await publisher.withdraw([subject], 'exposed', undo);
		expect(withdrawn).toMatchObject({ outcome: 'withdrawn', current: 'v1.0.0' });
		expect(withdrawn?.remains.join(' ')).toContain('its tag name is used up');
		expect(release('v1.1.0')?.body).not.toContain('@octocat');
		expect(release('v1.1.0')?.name).toBe('v1.1.0 (withdrawn)');
		const before = release('v1.1.0')?.body;
		await publisher.expose([subject], change);
		expect(release('v1.1.0')).toMatchObject({ name: 'v1.1.0', isImmutable: true });
		expect(before).toContain(release('v1.1.0')?.body);
		expect(await given.latest()).toBe('v1.1.0');
	});
});

describe('the tag', () => {
	const moveTag = async () => {
		const sha = await given.control.commit({ message: 'evil' });
		await given.control.git.setRef('refs/tags/v1.1.0', sha, given.commit);
		return sha;
	};

	testAtLength('elsewhere when the plan is made', async () => {
		const sha = await moveTag();
		const { findings } = await plan();
		expect(findings).toContainEqual(
			expect.objectContaining({
				severity: 'error',
				code: 'GITHUB_TAG_MOVED',
				message: expect.stringContaining(sha) as string,
			}),
		);
	});

	test('moved between the plan and the seal: nothing is published', async () => {
		const { publisher, subject, change } = await uploadAll(given);
		await moveTag();
		const count = given.mutations();
		await expect(publisher.expose([subject], change)).rejects.toEqual(code('GITHUB_TAG_MOVED'));
		expect(given.mutations()).toBe(count);
		expect(await given.latest()).toBe('v1.0.0');
	});

	testAtLength('is looked at where no Release lies either: the draft names the commit', async () => {
		const { subject, change } = await uploadAll(given);
		const later = given.publisher({ source: async () => undefined });
		await moveTag();
		await expect(later.expose([subject], change)).rejects.toEqual(code('GITHUB_TAG_MOVED'));
	});

	testAtLength('is followed through an annotated one', async () => {
		const tagger = { name: 'Ada', email: 'ada@example.org', date: '2026-01-02T03:04:05Z' };
		const object = await given.control.git.makeTag({
			tag: 'v1.1.0',
			message: 'x',
			object: given.commit,
			tagger,
		});
		await given.control.git.setRef('refs/tags/v1.1.0', object, given.commit);
		const { publisher, subject, change } = await uploadAll(given);
		expect(await publisher.expose([subject], change)).toMatchObject([{ outcome: 'exposed' }]);
	});

	test('missing: the plan warns with the exact command, the seal refuses', async () => {
		await given.control.git.deleteRef('refs/tags/v1.1.0');
		const { publisher, subject, change, findings } = await uploadAll(given);
		const hint = `Make it: \`git tag v1.1.0 ${given.commit} && git push origin refs/tags/v1.1.0\`.`;
		expect(findings).toContainEqual(
			expect.objectContaining({ severity: 'warning', code: 'GITHUB_TAG_MISSING', hint }),
		);
		await expect(publisher.expose([subject], change)).rejects.toEqual(code('GITHUB_TAG_MISSING'));
		expect(release('v1.1.0')).toBeUndefined();
	});

	testAtLength('missing, and no commit is known: GitHub would make it, at the default branch', async () => {
		const publisher = given.publisher({ source: async () => ({ repo: null, commit: null, ref: null }) });
		await given.control.git.deleteRef('refs/tags/v1.1.0');
		const { subject, change } = await uploadAll(given, publisher);
		await expect(publisher.expose([subject], change)).rejects.toEqual(code('GITHUB_TAG_MISSING'));
		expect(await given.latest()).toBe('v1.0.0');
	});
});

test('a file that somebody put into our draft is not published with our name on it', async () => {
	const options = { extras: async () => [toFile('SHA256SUMS', 'sums')] };
	const { publisher, subject, change } = await uploadAll(given, given.publisher(options));
	const upload = `${github.origin}/api/uploads/repos/${given.repository}/releases/${drafts()[0]?.id}/assets?name=evil.sh`;
	const headers = { authorization: `Bearer ${github.token}`, 'content-type': 'text/plain' };
	expect((await fetch(upload, { method: 'POST', headers, body: 'x' })).status).toBe(201);
	await expect(publisher.expose([subject], change)).rejects.toEqual(code('GITHUB_ASSET_UNKNOWN'));
	expect(await given.latest()).toBe('v1.0.0');
});

testAtLength('files that go along and were left out by a killed run are sent before the seal', async () => {
	const { subject, change } = await uploadAll(given);
	const extras = [toFile('SHA256SUMS', 'sums')];
	const later = given.publisher({ extras: async () => extras });
	expect(await later.expose([subject], change)).toMatchObject([{ outcome: 'exposed' }]);
	expect(release('v1.1.0')?.assets.map(({ name }) => name)).toContain('SHA256SUMS');
	// What is made after the seal (records of later stages) never came into it.
	const more = [...extras, toFile('stage-record.sigstore.json', '{}')];
	await given.publisher({ extras: async () => more }).verify([subject], 'exposed', given.context);
});

test('a download that differs is refused', async () => {
	const { publisher, subject, change } = await uploadAll(given);
	await publisher.expose([subject], change);
	given.control.tamperAsset('greet-1.1.0.tgz', Buffer.from('evil'));
	await expect(publisher.verify([subject], 'exposed', given.context)).rejects.toEqual(
		code('GITHUB_ASSET_WRONG'),
	);
});

test.each<GitHubFault>([
	{ kind: 'secondary-limit', retryAfter: 30 },
	{ kind: 'status', status: 429, retryAfter: 30 },
])('a limit ($kind) is waited for, as long as it asks, and the write is sent once', async (fault) => {
	const { publisher, subject, change } = await uploadAll(given);
	const start = given.context.clock.now();
	own({ ...fault, method: 'PATCH' });
	expect(await publisher.expose([subject], change)).toMatchObject([{ outcome: 'exposed' }]);
	const waited = given.context.clock.now() - start;
	expect(waited).toBeGreaterThanOrEqual(30_000);
	expect(
		github.requests.filter(
			({ method, effect, path }) =>
				method === 'PATCH' && effect === 'change' && path.includes(given.repository),
		),
	).toHaveLength(1);
});

testAtLength('a fault of the server before the seal is told, and the same again goes on', async () => {
	const { publisher, subject, change } = await uploadAll(given);
	own({ kind: 'status', status: 502, method: 'PATCH' });
	await expect(publisher.expose([subject], change)).rejects.toEqual(code('GITHUB_REPLY_LOST'));
	expect(publisher.transient).toContain('GITHUB_REPLY_LOST');
	expect(await publisher.expose([subject], change)).toMatchObject([{ outcome: 'exposed' }]);
});

test('a latest that somebody moves while we seal is told', async () => {
	const { publisher, subject, change } = await uploadAll(given);
	own({ kind: 'run', when: 'after', method: 'PATCH', task: () => given.makeLatest('v1.0.9') });
	expect(await publisher.expose([subject], change)).toMatchObject([{ outcome: 'moved', current: 'v1.0.9' }]);
});
