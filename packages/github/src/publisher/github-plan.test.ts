import type { PreflightRequest, Subject } from '@slipway/core';
import type { LocalGitHub } from '@slipway/rehearsal/github';
import { testAtLength } from '@slipway/testing';
import { toGitHubRest } from '../rest/rest.ts';
import type { GitHubPublisherOptions } from './github-publisher.ts';
import { ask, makeReleases, type TestReleases, toFile, uploadAll, withGitHub } from './releases.fixture.ts';

let github: LocalGitHub;
let given: TestReleases;
withGitHub((started) => {
	github = started;
});
beforeEach(async () => {
	given = await makeReleases(github);
});

const preflight = async (
	options: Partial<GitHubPublisherOptions> = {},
	more: Partial<Extract<PreflightRequest, { operation: 'release' }>> = {},
) => {
	const request = { operation: 'release', artifacts: given.artifacts, ...more } as const;
	const { findings, subjects } = await given.publisher(options).preflight(request, given.context);
	const codes = findings.map(({ severity, code }) => `${severity} ${code}`);
	return { codes, findings, subject: subjects[0]?.subject as Subject };
};

const restWith = (token: string | undefined) =>
	toGitHubRest({ api: github.origin, repository: given.repository, token });

test('one subject holds all artifacts; its pointer is latest', async () => {
	const { codes, subject } = await preflight();
	expect(codes).toEqual([]);
	expect(subject).toMatchObject({
		id: `pkg:github/${given.repository}`,
		version: '1.1.0',
		mode: { name: 'draft', hides: true },
		pointer: { name: 'latest', previous: 'v1.0.0', next: 'v1.1.0' },
	});
});

describe('rights', () => {
	test('a token that may only read is refused, without a write', async () => {
		const rest = restWith(github.issueToken({ permissions: { contents: 'read' } }));
		const { codes, findings } = await preflight({ rest });
		expect(codes).toContain('error GITHUB_NO_RIGHT');
		expect(findings.map(({ hint }) => hint).join()).toContain('`contents: write`');
		expect(given.mutations()).toBe(0);
	});

	test('a job that only plans needs none', async () => {
		const rest = restWith(github.issueToken({ permissions: { contents: 'read' } }));
		expect((await preflight({ rest, needsCredentials: false })).codes).toEqual([]);
		const anonymous = { rest: restWith(undefined), needsCredentials: false };
		expect((await preflight(anonymous)).codes).toEqual(['warning GITHUB_NO_TOKEN']);
	});

	test('without a token nothing is published', async () => {
		expect((await preflight({ rest: restWith(undefined) })).codes).toEqual(['error GITHUB_NO_TOKEN']);
	});

	testAtLength('a token that is no longer good', async () => {
		const token = github.issueToken();
		github.revokeToken(token);
		expect((await preflight({ rest: restWith(token) })).codes).toEqual(['error GITHUB_TOKEN_REFUSED']);
	});

	testAtLength('a repository that is not there', async () => {
		const rest = toGitHubRest({ api: github.origin, repository: 'acme/nothing', token: github.issueToken() });
		expect((await preflight({ rest })).codes).toEqual(['error GITHUB_NOT_FOUND']);
	});
});

describe('what is beside the latest', () => {
	const tagged = async (version: string) => {
		await given.control.git.setRef(`refs/tags/v${version}`, given.commit);
		return { version };
	};

	testAtLength('a pre-release moves a pointer of its own, there and back', async () => {
		const publisher = given.publisher(await tagged('1.2.0-rc.1'));
		const { subject, change } = await uploadAll(given, publisher);
		expect(subject.pointer).toEqual({ name: 'release', previous: null, next: 'v1.2.0-rc.1' });
		expect(await publisher.expose([subject], change)).toMatchObject([{ outcome: 'exposed' }]);
		await publisher.verify([subject], 'exposed', given.context);
		expect(await given.latest()).toBe('v1.0.0');
		expect(await publisher.expose([subject], change)).toMatchObject([{ outcome: 'already' }]);
		const undo = { ...change, reason: 'it breaks' };
		expect(await publisher.withdraw([subject], 'exposed', undo)).toMatchObject([
			{ outcome: 'withdrawn', current: null },
		]);
		await publisher.verify([subject], 'withdrawn', given.context);
		expect(await publisher.withdraw([subject], 'exposed', undo)).toMatchObject([{ outcome: 'already' }]);
		expect(await publisher.expose([subject], change)).toMatchObject([{ outcome: 'exposed' }]);
		await publisher.verify([subject], 'exposed', given.context);
		expect(await given.latest()).toBe('v1.0.0');
	});

	test('a version below the latest needs a line, and does not move latest', async () => {
		const options = await tagged('0.9.1');
		expect((await preflight(options)).codes).toEqual(['error GITHUB_VERSION_BELOW_LATEST']);
		const { codes, subject } = await preflight(options, { line: 'v0' });
		expect(codes).toEqual([]);
		expect(subject.pointer).toEqual({ name: 'release', previous: null, next: 'v0.9.1' });
	});
});

test('the first release: a rollback can only mark it, and does', async () => {
	given.control.state.releases.splice(0);
	const { publisher, subject, change, findings } = await uploadAll(given);
	expect(findings.map(({ code }) => code)).toEqual(['GITHUB_FIRST_RELEASE']);
	await publisher.expose([subject], change);
	const [withdrawn] = await publisher.withdraw([subject], 'exposed', { ...change, reason: 'x' });
	expect(withdrawn).toMatchObject({ outcome: 'withdrawn', current: null });
	await publisher.verify([subject], 'withdrawn', given.context);
});

describe('files', () => {
	const codesWith = async (names: readonly string[]) => {
		const extras = names.map((name) => toFile(name, name === 'empty' ? '' : 'x'));
		return (await preflight({ extras: async () => extras })).codes;
	};

	test.each([
		[['a~1.json', 'a.1.json'], ['error GITHUB_ASSET_NAMES']],
		[['greet-1.1.0.tgz'], ['error GITHUB_ASSET_NAMES']],
		[['empty'], ['error GITHUB_ASSETS_LIMIT']],
		[['SHA256SUMS', 'a.cdx.json', 'a.spdx.json'], []],
	])('%j', async (names, expected) => {
		expect(await codesWith(names)).toEqual(expected);
	});

	test('more than a release holds', async () => {
		const names = Array.from({ length: 1000 }, (_, at) => `f${at}`);
		expect(await codesWith(names)).toEqual(['error GITHUB_ASSETS_LIMIT']);
	});
});

testAtLength('a repository that was renamed is named', async () => {
	Object.assign(given.control.state, { name: 'other' });
	const { codes, findings } = await preflight();
	expect(codes).toContain('error GITHUB_MOVED');
	expect(findings[0]?.hint).toContain('`repository: acme/other`');
});

describe('rollback and restore', () => {
	const exposed = async () => {
		const made = await uploadAll(given);
		await made.publisher.expose([made.subject], made.change);
		return made;
	};

	test('back to a release that is gone, or was withdrawn itself, is refused', async () => {
		const { publisher, subject, change } = await exposed();
		const look = async (pointer: Partial<Subject['pointer']>) => {
			const subjects = [{ ...subject, pointer: { ...subject.pointer, ...pointer } }];
			const { findings } = await publisher.preflight({ operation: 'rollback', subjects }, given.context);
			return findings.map(({ code }) => code);
		};
		expect(await look({})).toEqual([]);
		expect(await look({ previous: 'v0.1.0' })).toEqual(['GITHUB_PREVIOUS_MISSING']);
		expect(await look({ previous: 'v1.1.0' })).toEqual(['GITHUB_PREVIOUS_MISSING']);
		const { id, body } = await ask(given, 'GET', 'releases/tags/v1.0.0');
		await ask(given, 'PATCH', `releases/${id}`, { body: `<!-- slipway-withdrawn -->\n${body}` });
		expect(await look({})).toEqual(['GITHUB_PREVIOUS_WITHDRAWN']);
		await expect(publisher.withdraw([subject], 'exposed', { ...change, reason: 'x' })).rejects.toEqual(
			expect.objectContaining({ code: 'GITHUB_PREVIOUS_MISSING' }),
		);
		expect(await given.latest()).toBe('v1.1.0');
	});

	test('restore needs the files as they were', async () => {
		const { publisher, subject } = await exposed();
		const look = async () =>
			(await publisher.preflight({ operation: 'restore', subjects: [subject] }, given.context)).findings.map(
				({ code }) => code,
			);
		expect(await look()).toEqual([]);
		await ask(given, 'DELETE', `releases/assets/${given.control.state.releases.at(-1)?.assets[0]?.id}`);
		expect(await look()).toEqual(['GITHUB_ASSET_WRONG']);
	});

	testAtLength('without a record the repository itself tells, and the rollback works', async () => {
		await exposed();
		const publisher = given.publisher();
		const recover = (version: string, to: string) =>
			publisher.preflight({ operation: 'recover', version, to }, given.context);
		const { findings, subjects } = await recover('1.1.0', '1.0.0');
		expect(findings).toEqual([]);
		const [subject] = subjects.map((found) => found.subject);
		if (!subject) throw new Error('nothing recovered');
		expect(subject.pointer).toEqual({ name: 'latest', previous: 'v1.0.0', next: 'v1.1.0' });
		expect(subject.artifacts.map(({ digest }) => digest.sha256)).toContain(given.artifacts[0]?.digest.sha256);
		const change = { context: given.context, guard: async () => {}, reason: 'x' };
		expect(await publisher.withdraw([subject], 'exposed', change)).toMatchObject([
			{ outcome: 'withdrawn', current: 'v1.0.0' },
		]);
		const codesOf = async (version: string, to: string) =>
			(await recover(version, to)).findings.map(({ code }) => code);
		expect(await codesOf('3.0.0', '1.0.0')).toEqual(['GITHUB_NOTHING_TO_RECOVER']);
		expect(await codesOf('1.0.0', '1.1.0')).toEqual(['GITHUB_PREVIOUS_NOT_LOWER']);
	});
});

testAtLength('a private repository is verified with the token, and says so', async () => {
	const { publisher, subject, change } = await uploadAll(given);
	await publisher.expose([subject], change);
	given.control.state.settings.isPrivate = true;
	const [verified] = await publisher.verify([subject], 'exposed', given.context);
	expect(verified?.checks[0]).toContain('with the token');
});
