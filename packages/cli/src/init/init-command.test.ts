import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Finished, run } from '@slipway/process';
import { makeProject, PROJECTS } from './project.fixture.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const NO_NETWORK = new URL('../no-network.fixture.mjs', import.meta.url).href;
const CACHE = join(tmpdir(), 'slipway-test-compile-cache');
const PIN = `--library=acme/slipway@${'1'.repeat(40)}#v1.0.0`;

let folder: string;

beforeEach(async () => {
	folder = await makeProject(PROJECTS['npm with a program'] ?? {});
});

afterEach(() => rm(dirname(folder), { recursive: true }));

/** Whatever opens a connection ends the process. */
const init = (...args: readonly string[]): Promise<Finished> =>
	run([process.execPath, '--import', NO_NETWORK, MAIN, 'init', ...args], {
		cwd: folder,
		environment: { PATH: process.env.PATH, NODE_COMPILE_CACHE: CACHE },
	});

test('a first run writes, explains each file and says what is left to do', async () => {
	const { code, stdout } = await init(PIN, '--apt');
	expect(code).toBe(0);
	expect(stdout).toContain('box (npm) goes to npm, apt, github.');
	expect(stdout).toContain('owner acme, repository box, workflow release.yml, environment npm');
	expect(stdout).toContain('a tag ruleset for v*');
	expect(stdout).toContain('APT_SIGNING_KEY');
	expect(stdout.trimEnd()).toMatch(/Written\.$/);
	expect(await readFile(join(folder, '.github/workflows/watch.yml'), 'utf8')).toContain('# v1.0.0');
});

test('a second run has nothing to do; a look says by its exit code whether there is something', async () => {
	expect((await init(PIN, '--check')).code).toBe(1);
	expect((await init(PIN)).code).toBe(0);
	const { code, stdout } = await init(PIN);
	expect({ code, last: stdout.trimEnd().split('\n').at(-1) }).toEqual({
		code: 0,
		last: 'Everything is up to date; nothing was written.',
	});
	expect((await init(PIN, '--check')).code).toBe(0);
	expect((await init(PIN.replaceAll('1', '2'), '--check')).code).toBe(1);
	const upgrade = await init(PIN.replaceAll('1', '2'));
	expect(upgrade.code).toBe(1);
	expect(upgrade.stdout).toMatch(/^\+.*@2{40} # v2\.0\.0$/m);
});

test('an edited file is left, with an exit code of its own', async () => {
	await init(PIN);
	const other = await init(PIN, '--runners', 'a', 'b', '--dry-run', '--json');
	expect(JSON.parse(other.stdout)).toMatchObject({ outcome: 'planned', targets: ['npm', 'github'] });
	const path = join(folder, '.github/workflows/check.yml');
	await writeFile(path, `# mine\n${await readFile(path, 'utf8')}`);
	const { code, stdout } = await init(PIN, '--runners', 'a', 'b', '--yes', '--json');
	expect(code).toBe(5);
	expect(JSON.parse(stdout)).toMatchObject({
		outcome: 'conflict',
		library: { repository: 'acme/slipway', version: 'v1.0.0', known: true },
		files: expect.arrayContaining([
			expect.objectContaining({ path: '.github/workflows/check.yml', state: 'edited' }),
		]),
	});
});

test.each([
	['a library by its tag', ['--library', 'acme/slipway@v1.0.0'], 'INIT_OPTION_INVALID'],
	['npm in a folder without it', ['--npm', '--project', '..'], 'INIT_PROJECT_UNKNOWN'],
])('%s is refused with a hint', async (_, args, expected) => {
	const { code, stdout } = await init(...args, '--json');
	expect(code).toBe(1);
	expect(JSON.parse(stdout)).toMatchObject({ error: { code: expected, hint: expect.stringMatching(/\w/) } });
});
