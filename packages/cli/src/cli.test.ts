import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Finished, run } from '@slipway/process';
import { type Ran, runHere } from './run-cli.fixture.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

/** Node keeps the stripped types there: a start takes a third of the time. */
const CACHE = join(tmpdir(), 'slipway-test-compile-cache');

let folder: string;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'cli-'));
});

afterEach(async () => {
	await rm(folder, { recursive: true });
	await rm(`${folder}-home`, { recursive: true, force: true });
});

const toOptions = (environment: Record<string, string>) => ({
	cwd: folder,
	environment: { PATH: process.env.PATH, HOME: `${folder}-home`, NODE_COMPILE_CACHE: CACHE, ...environment },
});

const slipway = (args: readonly string[], environment: Record<string, string> = {}): Promise<Ran> =>
	runHere(args, toOptions(environment));

/** As a user starts it. */
const start = (...args: readonly string[]): Promise<Finished> =>
	run([process.execPath, MAIN, ...args], toOptions({}));

const write = async (files: Record<string, string>): Promise<void> => {
	for (const [path, text] of Object.entries(files)) {
		await mkdir(dirname(join(folder, path)), { recursive: true });
		await writeFile(join(folder, path), text);
	}
};

const PACKAGE = '{"name":"demo","version":"1.0.0"}';
const APT =
	'targets:\n  apt: {type: apt, store: {directory: repo}, url: "http://127.0.0.1:9/", origin: x, signing-key: {environment: KEY}}\n';

interface BadInput {
	readonly name: string;
	readonly files?: Record<string, string>;
	readonly args: readonly string[];
	readonly code: string;
	readonly message?: RegExp;
}

const badInputs: readonly BadInput[] = [
	{ name: 'a folder without a project', args: ['build'], code: 'PROJECT_NOT_FOUND' },
	{
		name: 'a configuration that is not there',
		files: { 'package.json': PACKAGE },
		args: ['plan', '--config', 'no.yml'],
		code: 'PROJECT_NOT_FOUND',
		message: /expected the configuration \S+no\.yml, found none/,
	},
	{
		name: 'an unknown key',
		files: { 'slipway.yml': 'proyect: x\n' },
		args: ['build'],
		code: 'CONFIG_INVALID',
		message: /1:1 proyect: unknown key, did you mean "project"\?/,
	},
	{
		name: 'several errors at once',
		files: { 'slipway.yml': 'project: X\nversion: v1\ntest: [x]\n' },
		args: ['build'],
		code: 'CONFIG_INVALID',
		message: /1:1 project[\s\S]*2:1 version[\s\S]*3:8 test\.0/,
	},
	{
		name: 'a YAML alias bomb (H7)',
		files: { 'slipway.yml': 'a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n' },
		args: ['build'],
		code: 'CONFIG_INVALID',
		message: /alias/,
	},
	{
		name: 'a project without a name',
		files: { 'slipway.yml': 'version: 1.0.0\n' },
		args: ['build'],
		code: 'PROJECT_NAME_MISSING',
	},
	{
		name: 'a configuration that says nothing',
		files: { 'slipway.yml': '' },
		args: ['build'],
		code: 'PROJECT_NAME_MISSING',
		message: /`project` in slipway\.yml/,
	},
	{
		name: 'a name as other tools write it',
		files: { 'slipway.yml': 'name: 42\n' },
		args: ['build'],
		code: 'CONFIG_INVALID',
		message: /1:1 name: unknown key, did you mean "project"\?/,
	},
	{
		name: 'a name that is a number',
		files: { 'package.json': '{"name":42,"version":"1.0.0"}' },
		args: ['build'],
		code: 'PROJECT_NAME_MISSING',
		message: /a text as `name` in package\.json/,
	},
	{
		name: 'a project without a version',
		files: { 'slipway.yml': 'project: demo\n' },
		args: ['build'],
		code: 'PROJECT_VERSION_MISSING',
	},
	{
		name: 'a version with build metadata (H10)',
		files: { 'package.json': '{"name":"demo","version":"1.0.0+meta"}' },
		args: ['build'],
		code: 'PROJECT_VERSION_INVALID',
		message: /build metadata/,
	},
	{
		name: 'package.json with a prototype key (H8)',
		files: { 'package.json': '{"name":"demo","__proto__":{"version":"1.0.0"}}' },
		args: ['build'],
		code: 'JSON_UNSAFE',
	},
	{
		name: 'nothing to build',
		files: { 'slipway.yml': 'project: demo\nversion: 1.0.0\n' },
		args: ['build'],
		code: 'BUILD_NOTHING_BUILT',
	},
	{
		name: 'an output pattern without a file',
		files: { 'slipway.yml': 'project: demo\nversion: 1.0.0\nbuild: {outputs: ["out/*.deb"]}\n' },
		args: ['build'],
		code: 'BUILD_OUTPUT_MISSING',
	},
	{
		name: 'a build command that fails',
		files: {
			'slipway.yml': 'project: demo\nversion: 1.0.0\nbuild: {commands: [[node, -e, "process.exit(7)"]]}\n',
		},
		args: ['build'],
		code: 'BUILD_COMMAND_FAILED',
		message: /exit code 7/,
	},
	{
		name: 'a build program that is not there',
		files: { 'slipway.yml': 'project: demo\nversion: 1.0.0\nbuild: {commands: [[no-such-program]]}\n' },
		args: ['build'],
		code: 'BUILD_COMMAND_UNKNOWN',
	},
	{
		name: 'a test that fails on the built artifact',
		files: {
			'package.json': PACKAGE,
			'slipway.yml':
				"targets: {npm: {type: npm}}\ntest: [[node, -e, \"require('demo/package.json').version === '1.0.0' && process.exit(3)\"]]\n",
		},
		args: ['build'],
		code: 'TEST_COMMAND_FAILED',
	},
	{
		name: 'a rollback without a reason',
		files: { 'package.json': PACKAGE },
		args: ['rollback', '1.0.0'],
		code: 'REASON_MISSING',
	},
	{
		name: 'a rollback of a version without a record',
		files: { 'package.json': PACKAGE },
		args: ['rollback', '1.0.0', '--reason', 'bad'],
		code: 'PLAN_MISSING',
	},
	{
		name: 'a tag without a record, taken for its version, and a package.json with a byte order mark',
		files: { 'package.json': `\uFEFF${PACKAGE}` },
		args: ['rollback', 'refs/tags/v1.0.0', '--reason', 'bad'],
		code: 'PLAN_MISSING',
		message: /1\.0\.0/,
	},
	{
		name: 'a version that climbs out of the journal (H10)',
		files: { 'package.json': PACKAGE },
		args: ['status', '../../x'],
		code: 'PROJECT_VERSION_INVALID',
	},
	{
		name: 'a release without a signing key',
		files: {
			'slipway.yml': `project: demo\nversion: 1.0.0\nbuild: {outputs: [a.txt]}\n${APT}`,
			'a.txt': 'a',
		},
		args: ['apt', 're-sign'],
		code: 'APT_KEY_MISSING',
	},
	{
		name: 'an apt command without an apt target',
		files: { 'package.json': PACKAGE },
		args: ['apt', 'remove', 'demo'],
		code: 'TARGET_UNKNOWN',
	},
	{
		name: 'an unknown fault',
		files: { 'package.json': PACKAGE },
		args: ['rehearse', '--fault', 'none'],
		code: 'REHEARSAL_FAULT_UNKNOWN',
		message: /kill/,
	},
];

test.each(badInputs)('refuses $name: $code', async ({ files = {}, args, code, message = /./ }) => {
	await write(files);
	const before = (await readdir(folder)).sort();
	const finished = await slipway([...args, '--json']);
	const { error } = JSON.parse(finished.stdout);
	expect(error).toMatchObject({
		code,
		message: expect.stringMatching(message),
		hint: expect.stringMatching(/\w{4}/),
	});
	expect(finished.code).toBe(1);
	expect(finished.stderr).toContain(code);
	expect(finished.stderr).not.toMatch(/^\s+at /m);
	const left = (await readdir(folder)).filter((name) => !before.includes(name));
	expect(left.filter((name) => name !== '.slipway' && name !== 'out')).toEqual([]);
});

const usageErrors: readonly (readonly string[])[] = [
	['frobnicate'],
	['rollback'],
	['build', '--no-such-option'],
	['release', '--version', '1.0.0'],
	['status'],
];

test.each(usageErrors)('a command line that cannot be read ends with 2: %s', async (...args) => {
	const { code, stderr } = await slipway(args);
	expect(code).toBe(2);
	expect(stderr).toContain('error:');
});

const COMMANDS = [
	'build',
	'reproduce',
	'join',
	'plan',
	'release',
	'continue',
	'status',
	'abort',
	'rollback',
	'restore',
	'verify',
	'watch',
	'rehearse',
	'apt',
];

test('--help lists every command and the exit codes', async () => {
	const { code, stdout } = await start('--help');
	expect(code).toBe(0);
	for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
	expect(stdout).toContain('Exit codes:');
});

test.each(COMMANDS)('%s --help says what it does', async (command) => {
	const { code, stdout } = await slipway([command, '--help']);
	expect(code).toBe(0);
	expect(stdout).toMatch(/^Usage: slipway/);
	expect(stdout.length).toBeGreaterThan(100);
});

test('the process ends with the code, prints its result on one stream and the rest on the other', async () => {
	const failed = await start('build', '--json');
	expect(failed.code).toBe(1);
	expect(JSON.parse(failed.stdout).error).toMatchObject({ code: 'PROJECT_NOT_FOUND' });
	expect(failed.stderr).toContain('PROJECT_NOT_FOUND');
	expect((await start('sbom', '--no-such-option')).code).toBe(2);
});

test('colour only where it is wanted', async () => {
	const esc = String.fromCharCode(27);
	expect((await slipway(['build'])).stderr).not.toContain(esc);
	expect((await slipway(['build'], { FORCE_COLOR: '1' })).stderr).toContain(esc);
	expect((await slipway(['build'], { FORCE_COLOR: '1', NO_COLOR: '1' })).stderr).not.toContain(esc);
});

test('hostile words in a command are handed over literally (H1)', async () => {
	const hostile = [
		'$(touch pwned)',
		'`touch pwned`',
		'; touch pwned',
		'&& touch pwned',
		'\'"',
		'-rf',
		'%0A::set-output',
	];
	const script = 'require("fs").writeFileSync("words.json", JSON.stringify(process.argv.slice(1)))';
	const commands = [['node', '-e', script, '--', ...hostile]];
	await write({
		'slipway.yml': JSON.stringify({
			project: 'demo',
			version: '1.0.0',
			build: { commands, outputs: ['words.json'] },
		}),
	});
	const { code, stdout } = await slipway(['build', '--json']);
	expect(code).toBe(0);
	expect(JSON.parse(stdout).manifest.artifacts[0]).toMatchObject({
		name: 'words.json',
		purl: 'pkg:generic/words.json@1.0.0',
	});
	expect(await readdir(folder)).not.toContain('pwned');
	expect(JSON.parse(await readFile(join(folder, 'words.json'), 'utf8'))).toEqual(hostile);
});

test('what is kept in the project is not for git, unless its owner says otherwise', async () => {
	await write({ 'package.json': PACKAGE });
	expect((await slipway(['build'])).code).toBe(0);
	expect(await readFile(join(folder, '.slipway', '.gitignore'), 'utf8')).toBe('*\n');
	await write({ '.slipway/.gitignore': 'journal\n' });
	expect((await slipway(['build'])).code).toBe(0);
	expect(await readFile(join(folder, '.slipway', '.gitignore'), 'utf8')).toBe('journal\n');
});

test('quiet says nothing but the result', async () => {
	await write({ 'package.json': PACKAGE });
	const { code, stderr, stdout } = await slipway(['build', '--quiet']);
	expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
	expect(stdout).toContain('built demo 1.0.0');
});
