import { parseConfig } from './parse-config.ts';

const code = (expected: string) => expect.objectContaining({ name: 'SlipwayError', code: expected });
const toError = (source: string): Error => {
	try {
		parseConfig(source);
	} catch (error) {
		return error as Error;
	}
	throw new Error('accepted');
};

const APT =
	'{type: apt, store: {directory: repo}, url: "https://example.invalid/apt", origin: o, signing-key: {environment: KEY}}';

test('an empty file is a configuration of defaults', () => {
	expect(parseConfig('')).toEqual({
		build: { commands: [], outputs: [] },
		sbom: { merge: [] },
		deb: [],
		test: [],
		targets: {},
		journal: { directory: '.slipway/journal' },
		release: { 'on-failure': 'rollback' },
	});
});

test('a whole configuration', () => {
	const config = parseConfig(`# yaml-language-server: $schema=slipway.schema.json
project: tally
version: 1.2.0
build:
  commands:
    - [cc, -o, tally, tally.c]
  outputs: [dist/*.tar.gz]
deb:
  - name: tally
    architecture: native
    summary: Counts
    files:
      - {source: tally, target: /usr/bin/tally}
test: [[tally, --version]]
targets:
  npm: {type: npm}
  apt: ${APT}
`);
	expect(config).toMatchObject({
		project: 'tally',
		build: { commands: [['cc', '-o', 'tally', 'tally.c']] },
		deb: [{ name: 'tally', revision: '1' }],
		targets: { npm: { type: 'npm', mode: 'auto' }, apt: { suite: 'stable', keep: 5 } },
	});
});

test('every problem at once, with line and column, and the nearest known key', () => {
	const error = toError(
		`projct: tally
version: v1
build:
  comands: []
  outputs: [/etc/passwd, ../x]
test: npm test
targets:
  npm: {type: npm, acess: public}
  apt: {type: atp}
  deb: {type: apt, architectures: [amd64, all]}
`,
	);
	expect(error).toEqual(code('CONFIG_INVALID'));
	for (const line of [
		/1:1 projct: unknown key, did you mean "project"\?/,
		/2:1 version: expected a semantic version such as 1\.2\.3/,
		/4:3 build\.comands: unknown key, did you mean "commands"\?/,
		/5:13 build\.outputs\.0: expected a pattern inside the project/,
		/5:26 build\.outputs\.1: expected a pattern inside the project/,
		/6:1 test: /,
		/8:20 targets\.npm\.acess: unknown key, did you mean "access"\?/,
		/9:9 targets\.apt\.type: /,
		/10:43 targets\.deb\.architectures\.1: expected machines such as amd64, got all/,
	])
		expect(error.message).toMatch(line);
	expect((error as Error & { hint: string }).hint).toContain('slipway.yml');
});

test.each([
	['a command as one line (H1)', 'test: ["npm test"]'],
	['a command with NUL (H1)', 'test: [["a\\0b"]]'],
	['an empty command', 'test: [[]]'],
	['a version with build metadata (H10)', 'version: 1.0.0+a'],
	['a version that is a number', 'version: 1.0'],
	['a folder that climbs', 'npm: {packages: [../x]}'],
	['a target name like an option', `targets: {-x: {type: npm}}`],
	['a registry that is no http', 'targets: {npm: {type: npm, registry: "file:///x"}}'],
	['two keys for signing', `targets: {apt: ${APT.replace('environment: KEY', 'environment: KEY, file: k')}}`],
	[
		'a field with a line feed (H11)',
		'deb: [{name: ab, architecture: all, files: [{source: a, target: /a}], maintainer: "A <a@b>\\nPackage: x"}]',
	],
	[
		'an install path that climbs',
		'deb: [{name: ab, architecture: all, files: [{source: a, target: /../a}]}]',
	],
	['a list', '- a'],
	['a word', 'hello'],
	['no YAML at all', 'a: [b'],
	['bytes that YAML does not allow', 'project: \u001b[31m'],
])('refuses %s', (_name, source) => {
	expect(toError(source)).toEqual(code('CONFIG_INVALID'));
});

const hostile: readonly [name: string, source: string, code: string, message: RegExp][] = [
	['a bomb of aliases', 'a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n', 'CONFIG_INVALID', /1:4 anchors/],
	['an anchor alone', 'project: &p demo', 'CONFIG_INVALID', /1:10 anchors/],
	['an alias alone', 'test:\n  - *t', 'CONFIG_INVALID', /2:5 anchors and aliases/],
	['a merge key', 'build:\n  <<: {commands: []}', 'CONFIG_INVALID', /2:3 build\.<<: unknown key/],
	['a tag', 'project: !!str demo', 'CONFIG_INVALID', /1:10 tags/],
	['a tag of a program', 'project: !!js/function "x"', 'CONFIG_INVALID', /1:10 tags/],
	['a directive', '%YAML 1.1\n---\nproject: a', 'CONFIG_INVALID', /1:1 directives/],
	['two documents', 'project: a\n---\nproject: b', 'CONFIG_INVALID', /multiple documents/],
	['a key twice', 'project: a\nversion: 1.0.0\nproject: b', 'CONFIG_INVALID', /3:1 .*unique/],
	['a key twice in a flow', 'build: {commands: [], commands: []}', 'CONFIG_INVALID', /unique/],
	['a map as key', '{a: b}: c', 'CONFIG_INVALID', /keys must be strings/],
	['a list as key', '? [a]\n: b', 'CONFIG_INVALID', /1:1 complex keys/],
	['a prototype key', '__proto__: {project: a}', 'CONFIG_INVALID', /unknown key/],
	['deep brackets', '['.repeat(100_000), 'CONFIG_INVALID', /deeper/],
	['deep braces', '{a: '.repeat(30_000), 'CONFIG_INVALID', /deeper/],
	['deep lists', '- '.repeat(60_000), 'CONFIG_INVALID', /deeper/],
	['deep keys', '? '.repeat(60_000), 'CONFIG_INVALID', /complex keys/],
	['deep lists of keys', '- ? '.repeat(30_000), 'CONFIG_INVALID', /complex keys/],
	[
		'deep maps',
		Array.from({ length: 400 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
		'CONFIG_INVALID',
		/deeper/,
	],
	['closing brackets only', ']'.repeat(100_000), 'CONFIG_INVALID', /closes more/],
	['many tags', '!a '.repeat(40_000), 'CONFIG_INVALID', /tags/],
	['many anchors', '&a '.repeat(40_000), 'CONFIG_INVALID', /anchors/],
	['many colons', ': '.repeat(60_000), 'CONFIG_INVALID', /more than/],
	[
		'many keys',
		Array.from({ length: 9_000 }, (_, index) => `k${index}: 1`).join('\n'),
		'CONFIG_INVALID',
		/more than/,
	],
	['many lines', '\n'.repeat(120_000), 'CONFIG_INVALID', /more than/],
	['many quotes', '"'.repeat(120_000), 'CONFIG_INVALID', /more than/],
	['a huge word', `"${'a'.repeat(120_000)}`, 'CONFIG_INVALID', /closing/],
	['many escapes', `"${'\\q'.repeat(60_000)}"`, 'CONFIG_INVALID', /more than/],
	['too much', 'a'.repeat(200_000), 'CONFIG_TOO_LARGE', /larger than/],
];
// Functions instead of texts: the runner would print them into its titles.
const attempts = hostile.map(
	([name, expected, message, pattern]) => [name, message, pattern, () => toError(expected)] as const,
);

/** Milliseconds of processor time, the least of three: other processes and the first compilation do not count. */
const toCost = (task: () => unknown): number => {
	const costs = [1, 2, 3].map(() => {
		const start = process.threadCpuUsage();
		task();
		const { user, system } = process.threadCpuUsage(start);
		return (user + system) / 1000;
	});
	return Math.min(...costs);
};

test.each(attempts)(
	'refuses %s in less than 100 ms of processor time (H7)',
	(_name, expected, pattern, attempt) => {
		const error = attempt();
		expect(error).toEqual(code(expected));
		expect(error.message).toMatch(pattern);
		expect(toCost(attempt)).toBeLessThan(100);
	},
);

test.each([
	['version: 1.2', /1:1 version: expected a semantic version such as 1\.2\.3 or 1\.2\.3-rc\.1, got 1\.2$/m],
	['- a\n- b', /^\s+1:1 \(document\): expected a map \(key: value\), got a list$/m],
	['hello', /\(document\): expected a map \(key: value\), got "hello"$/m],
	['targets: [{type: npm}, {type: github}]', /1:1 targets: expected a map \(key: value\), got a list$/m],
	['targets: {apt: {type: deb}}', /targets\.apt\.type: expected "npm" or "apt" or "github", got "deb"$/m],
	[`targets: {apt: ${APT.replace(/origin: o, /, '')}}`, /targets\.apt\.origin: expected, but missing$/m],
	['build: npm run build', /1:1 build: expected a map \(key: value\), got "npm run build"$/m],
	['build:', /1:1 build: expected a map \(key: value\), got nothing$/m],
	['build: {outputs: x}', /build\.outputs: expected a list, got "x"$/m],
	['project: [a]', /1:1 project: expected a text, got a list$/m],
])('%j is told in words for people', (source, line) => {
	const { message } = toError(source);
	expect(message).toMatch(line);
	// Each mistake once, and none of the parser's own words.
	expect(message.split('\n')).toHaveLength(2);
	expect(message).not.toMatch(/Invalid|received|Object|undefined/);
});

test('bytes of another encoding are named as such', () => {
	expect(() => parseConfig(Buffer.from('\ufeffproject: a', 'utf16le'))).toThrow(/not valid UTF-8/);
	expect(parseConfig(Buffer.from('\ufeffproject: a')).project).toBe('a');
});

const toStore = (store: string): string => `targets:\n  apt: ${APT.replace('{directory: repo}', store)}\n`;

test.each([
	['{bucket: example-apt}', { bucket: 'example-apt' }],
	[
		'{bucket: b.1-x, folder: a/b, endpoint: "https://s3.example.invalid:9000", region: eu-central-1}',
		{ bucket: 'b.1-x', folder: 'a/b', endpoint: 'https://s3.example.invalid:9000', region: 'eu-central-1' },
	],
	['{bucket: abc, endpoint: "http://127.0.0.1:9000"}', { bucket: 'abc', endpoint: 'http://127.0.0.1:9000' }],
	['{bucket: abc, endpoint: "http://[::1]:9000/"}', { bucket: 'abc', endpoint: 'http://[::1]:9000/' }],
])('a store may be the bucket %s', (text, store) => {
	expect(parseConfig(toStore(text)).targets.apt).toMatchObject({ store });
	expect(parseConfig(`journal: ${text}`).journal).toEqual(store);
});

test.each([
	['{bucket: Example}'],
	['{bucket: a..b}'],
	['{bucket: "../x"}'],
	['{bucket: ab}'],
	['{bucket: abc, folder: ../x}'],
	['{bucket: abc, endpoint: "http://s3.example.invalid"}'],
	['{bucket: abc, endpoint: "http://127.0.0.1.example.invalid"}'],
	['{bucket: abc, endpoint: "https://user:pass@s3.example.invalid"}'],
	['{bucket: abc, endpoint: "https://s3.example.invalid/path"}'],
	['{bucket: abc, endpoint: "https://s3.example.invalid/?x"}'],
	['{bucket: abc, endpoint: "ftp://s3.example.invalid"}'],
	['{bucket: abc, region: "eu central"}'],
	['{bucket: abc, access-key: x}'],
	['{bucket: abc, branch: x}'],
])('the bucket %s is refused', (text) => {
	expect(() => parseConfig(toStore(text))).toThrow(code('CONFIG_INVALID'));
});
