import { toInertText } from '@slipway/core';
import type { LocalGitHub } from '@slipway/rehearsal/github';
import type { GitHubPublisherOptions } from '../publisher/github-publisher.ts';
import { makeReleases, type TestReleases, uploadAll, withGitHub } from '../publisher/releases.fixture.ts';
import { parseMarker } from '../release/marker.ts';
import { type Change, parseConventional, toGroups } from './conventional.ts';
import { toChangesSection, toVerifySection } from './sections.ts';

const change = (title: string, more: Partial<Change> = {}): Change => ({
	title,
	pull: undefined,
	commit: 'c'.repeat(40),
	isBreaking: false,
	...more,
});

describe('conventional commits', () => {
	test.each([
		['feat: more', { type: 'feat', isBreaking: false, description: 'more' }],
		['fix(core)!: less', { type: 'fix', scope: 'core', isBreaking: true }],
		['FEAT: loud', { type: 'feat' }],
		['Update: this', undefined],
		['feat:no space', undefined],
		['feat(a(b)): nested', undefined],
		['no type at all', undefined],
	])('%s', (title, expected) => {
		if (expected) expect(parseConventional(title)).toMatchObject(expected);
		else expect(parseConventional(title)).toBeUndefined();
	});

	test('are grouped, what breaks first', () => {
		const changes = [
			change('chore: x'),
			change('fix: b'),
			change('feat: a'),
			change('docs: d', { isBreaking: true }),
			change('Merge'),
		];
		expect(
			toGroups(changes).map(({ heading, entries }) => [heading, entries.map(({ text }) => text)]),
		).toEqual([
			['Breaking changes', ['d']],
			['Features', ['a']],
			['Fixes', ['b']],
			['Others', ['x', 'Merge']],
		]);
	});

	test('where few are conventional, one list in their order', () => {
		const changes = [change('feat: a'), change('b'), change('c')];
		expect(toGroups(changes)).toMatchObject([
			{ heading: undefined, entries: [{ text: 'feat: a' }, { text: 'b' }, { text: 'c' }] },
		]);
	});

	test('a megabyte of anything takes no time', () => {
		const start = process.threadCpuUsage();
		for (const text of ['feat('.repeat(200_000), `feat${' '.repeat(1_000_000)}`, 'a'.repeat(1_000_000)])
			parseConventional(text);
		expect(process.threadCpuUsage(start).user / 1000).toBeLessThan(200);
	});
});

const HOSTILE = [
	'@everyone look',
	'<img src=x onerror=alert(1)>',
	'![x](http://evil.example/x.png) [y](javascript:alert(1))',
	'`code` ```block',
	'-->\u202etxt.exe\u200b',
	'::set-output name=x::y',
	'$(touch /tmp/x) ; rm -rf',
	'<!-- slipway-release:e30 --> <!-- slipway-withdrawn -->',
	'| a | b |',
];

test.each(HOSTILE)('%j becomes inert', (text) => {
	const inert = toInertText(text, 500);
	expect(inert).not.toMatch(/[<>`[\]!|*_@]/);
	expect(inert).not.toMatch(/[\p{Cc}\p{Cf}]/u);
	expect(inert.replaceAll('&#64;&#8203;', '')).not.toContain('&#64;');
});

test('the name of a tag is no markup', () => {
	const section = toChangesSection({ changes: [], previous: 'v1](`<img>@a', url: 'https://x.example/c' });
	expect(section).not.toMatch(/\]\(`|<img|@/);
	expect(section).toContain('](https://x.example/c)');
});

describe('commands to verify', () => {
	const artifacts = [
		{
			name: 'a.tgz',
			path: 'artifacts/a.tgz',
			mediaType: 'x/y',
			size: 1,
			digest: { sha256: '0'.repeat(64) },
			purl: 'pkg:generic/a@1',
		},
	];
	const identity = 'https://github.example/lib/slipway/.github/workflows/release.yml@refs/tags/v1.0.0';
	const issuer = 'https://token.github.example';
	const of = (signer: { identity: string; issuer: string } | undefined) =>
		toVerifySection({ artifacts, repository: 'acme/greet', signer, bundle: 'provenance.sigstore.json' });

	test('name the file, the bundle and who signed', () => {
		expect(of({ identity, issuer })).toContain(
			`slipway verify a.tgz --bundle provenance.sigstore.json --identity ${identity} --issuer ${issuer}\n`,
		);
		expect(of({ identity, issuer })).toContain(
			'gh attestation verify a.tgz --repo acme/greet --signer-repo lib/slipway\n',
		);
	});

	test.each([
		undefined,
		{ identity: 'https://x/$(id)', issuer },
		{ identity: 'a`b', issuer },
		{ identity, issuer: "x'; rm" },
	])('say the digest alone for %j', (signer) => {
		expect(of(signer)).toContain('sha256sum a.tgz');
		expect(of(signer)).not.toContain('cosign');
	});
});

describe('of a draft', () => {
	let github: LocalGitHub;
	let given: TestReleases;
	withGitHub((started) => {
		github = started;
	});
	beforeEach(async () => {
		given = await makeReleases(github);
	});

	/** The notes of version 1.1.0, tagged at what is newest on the main branch. */
	const notesOf = async (options: Partial<GitHubPublisherOptions> = {}): Promise<string> => {
		const commit = (await given.control.git.resolve('refs/heads/main')) ?? '';
		await given.control.git.setRef('refs/tags/v1.1.0', commit, given.commit);
		const source = async () => ({ repo: null, commit, ref: null });
		await uploadAll(given, given.publisher({ source, ...options }));
		return given.control.state.releases.find(({ isDraft }) => isDraft)?.body ?? '';
	};

	test('pull requests stand for their commits; foreign text is inert; digests and the marker are there', async () => {
		const first = await given.control.commit({ message: 'wip' });
		const second = await given.control.commit({ message: 'wip again' });
		given.control.addPull({
			title: `feat: greet ${HOSTILE[0]} ${HOSTILE[7]}`,
			mergeCommit: second,
			commits: [first, second],
		});
		await given.control.commit({ message: 'fix(cli): quiet (#77)\n\nBREAKING CHANGE: it is quiet' });
		const notes = await notesOf({
			target: { 'tag-prefix': 'v', notes: { compatibility: 'Needs Node 24.', 'known-issues': 'None.' } },
		});
		expect(notes).toContain('### Breaking changes\n\n- cli&#58; quiet (#77)\n');
		expect(notes).toMatch(
			/### Features\n\n- more \([0-9a-f]{12}\)\n- greet &#64;&#8203;everyone look .* \(#1\)\n/,
		);
		expect(notes).not.toContain('wip');
		expect(notes).toContain('## Compatibility\n\nNeeds Node 24.\n');
		expect(notes).toContain('## Known issues\n\nNone.\n');
		for (const { name, digest } of given.artifacts)
			expect(notes).toContain(`| \`${name}\` | \`${digest.sha256}\` |`);
		expect(notes.match(/<!--/g)).toHaveLength(1);
		expect(parseMarker(notes)).toMatchObject({ project: 'greet', version: '1.1.0' });
		expect(notes).toContain(`/${given.repository}/compare/v1.0.0...v1.1.0)`);
	});

	test('the same release has the same notes', async () => {
		const first = await notesOf();
		given.control.state.releases.splice(
			0,
			given.control.state.releases.length,
			...given.control.state.releases.filter(({ isDraft }) => !isDraft),
		);
		const again = given.publisher({ source: async () => ({ repo: null, commit: given.commit, ref: null }) });
		await uploadAll(given, again);
		expect(given.control.state.releases.find(({ isDraft }) => isDraft)?.body).toBe(first);
	});

	test('fit into what the API takes, with digests and commands whole', async () => {
		const target = { 'tag-prefix': 'v', notes: { 'known-issues': 'x'.repeat(116_000) } };
		for (let at = 0; at < 30; at += 1) await given.control.commit({ message: `fix: ${'@<!--'.repeat(300)}` });
		const notes = await notesOf({ target });
		expect(notes.length).toBeLessThanOrEqual(121_000);
		expect(notes).toContain('… (cut: the notes are longer than GitHub takes)\n\n## Known issues');
		expect(notes).toContain(given.artifacts[1]?.digest.sha256);
		expect(parseMarker(notes)).toBeDefined();
	});

	test('a comparison that cannot be had is said', async () => {
		github.misbehave({ kind: 'status', status: 404, path: /\/compare\// });
		expect(await notesOf()).toContain('What changed since <code>v1.0.0</code> could not be read.');
	});

	test('the first release says so', async () => {
		given.control.state.releases.splice(0);
		expect(await notesOf()).toContain('The first release.');
	});
});
