import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Argv } from './child.ts';
import { type RunOptions, run } from './run.ts';

const folder = process.cwd();
const node = (script: string, ...args: string[]): Argv => [process.execPath, '-e', script, ...args];
const options = (more: Partial<RunOptions> = {}): RunOptions => ({
	cwd: folder,
	environment: { PATH: process.env.PATH },
	...more,
});
const code = (expected: string) => expect.objectContaining({ name: 'SlipwayError', code: expected });

/** A zombie has ended; whoever inherited it has only not looked yet. */
const isAlive = (pid: number): boolean =>
	/^[^Z\s]/.test(spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim());

test('gives exit code, stdout and stderr; a failure is no error', async () => {
	const finished = await run(
		node('console.log("out"); console.error("err"); process.exitCode = 3'),
		options(),
	);
	expect(finished).toEqual({ code: 3, signal: null, stdout: 'out\n', stderr: 'err\n' });
});

test('a killed child has no exit code', async () => {
	const finished = await run(node('process.kill(process.pid, "SIGKILL")'), options());
	expect(finished).toMatchObject({ code: null, signal: 'SIGKILL' });
});

test.each(['$(touch x)', '`id`', 'a; id', 'a && id', '"\'', '--', '-rf', '*', '%PATH%', 'a\nb', ''])(
	'passes %j as it is: no shell (H1)',
	async (word) => {
		const { stdout } = await run(
			node('process.stdout.write(JSON.stringify(process.argv.slice(1)))', '--', word),
			options(),
		);
		expect(JSON.parse(stdout)).toEqual(word === '--' ? ['--'] : [word]);
	},
);

test('the child sees only the given environment', async () => {
	process.env.SLIPWAY_TEST_TOKEN = 'x';
	const { stdout } = await run(
		node('process.stdout.write(JSON.stringify(Object.keys(process.env)))'),
		options({ environment: { A: '1', B: undefined } }),
	);
	delete process.env.SLIPWAY_TEST_TOKEN;
	expect(JSON.parse(stdout).filter((name: string) => name !== '__CF_USER_TEXT_ENCODING')).toEqual(['A']);
});

test('hands over input, also when the child does not read it', async () => {
	const reads = await run(
		node('process.stdin.on("data", (d) => process.stdout.write(d))'),
		options({ input: 'héllo' }),
	);
	expect(reads.stdout).toBe('héllo');
	const ignores = await run(node(''), options({ input: 'x'.repeat(1_000_000) }));
	expect(ignores.code).toBe(0);
});

test('keeps the end of a long output and says what was cut', async () => {
	const { stdout } = await run(
		node('for (let i = 0; i < 20000; i += 1) console.log("é" + i)'),
		options({ maxOutputBytes: 1000 }),
	);
	expect(stdout).toMatch(/^\[… \d+ bytes cut\]\n/);
	expect(stdout.endsWith('é19999\n')).toBe(true);
	expect(Buffer.byteLength(stdout)).toBeLessThanOrEqual(1050);
	expect(stdout).not.toContain('\ufffd');
});

test('blanks out secrets in each form, in output and lines', async () => {
	const secret = 'hunter2/+=\n-----KEY-----';
	const lines: string[] = [];
	const script = `const s = ${JSON.stringify(secret)};
		console.log("plain " + s); console.error(encodeURIComponent(s)); console.log(Buffer.from(s).toString("base64"));`;
	const { stdout, stderr } = await run(
		node(script),
		options({ redact: [secret], onLine: (line) => lines.push(line) }),
	);
	const everything = [stdout, stderr, ...lines].join('\n');
	for (const part of ['hunter2', 'KEY', Buffer.from(secret).toString('base64')])
		expect(everything).not.toContain(part);
	expect(stdout).toContain('plain ***');
});

test('a secret split between two writes and inside a huge line is blanked out', async () => {
	const script = `process.stdout.write("x".repeat(65530) + "sec"); setTimeout(() => process.stdout.write("ret-value" + "y".repeat(200000)), 50)`;
	const { stdout } = await run(node(script), options({ redact: ['secret-value'] }));
	expect(stdout).not.toContain('secret');
	expect(stdout).toContain('x***y');
	expect(stdout.length).toBe(65530 + 3 + 200000);
});

test('a file can take stdout byte for byte', async () => {
	const temp = await mkdtemp(join(tmpdir(), 'slipway-run-'));
	const file = join(temp, 'out');
	await run(node('process.stdout.write(Buffer.from([0, 255, 254]))'), options({ stdoutFile: file }));
	expect([...(await readFile(file))]).toEqual([0, 255, 254]);
	await rm(temp, { recursive: true });
});

test.each([
	['no-such-program-of-slipway', 'PROCESS_NOT_FOUND'],
	['/no/such/program', 'PROCESS_NOT_FOUND'],
	['a\0b', 'PROCESS_START_FAILED'],
])('%j cannot be started', async (program, expected) => {
	await expect(run([program], options())).rejects.toEqual(code(expected));
});

test('a missing folder is not mistaken for a missing program', async () => {
	await expect(run(node(''), options({ cwd: join(folder, 'missing') }))).rejects.toEqual(
		code('PROCESS_START_FAILED'),
	);
});

test('a timeout ends the whole group, also who ignores SIGTERM', async () => {
	let grandchild = 0;
	const script = `process.on('SIGTERM', () => {});
		const c = require('child_process').spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)']);
		console.log(c.pid); setInterval(() => {}, 1000);`;
	const pending = run(
		node(script),
		options({
			timeoutMs: 700,
			onLine: (line) => {
				grandchild = Number(line);
			},
		}),
	);
	await expect(pending).rejects.toEqual(code('PROCESS_TIMEOUT'));
	expect(grandchild).toBeGreaterThan(0);
	for (let tries = 0; tries < 50 && isAlive(grandchild); tries += 1)
		await new Promise((resolve) => setTimeout(resolve, 20));
	expect(isAlive(grandchild)).toBe(false);
});

test('what the child leaves behind in its group ends with it and does not hold us up', async () => {
	const script = `const c = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
		console.log(c.pid); process.exit(0)`;
	const { stdout, code: exit } = await run(node(script), options());
	expect(exit).toBe(0);
	for (let tries = 0; tries < 50 && isAlive(Number(stdout)); tries += 1)
		await new Promise((resolve) => setTimeout(resolve, 20));
	expect(isAlive(Number(stdout))).toBe(false);
});

test('abort ends it, before and while it runs', async () => {
	const early = AbortSignal.abort(new Error('stop'));
	await expect(run(node(''), options({ signal: early }))).rejects.toEqual(code('PROCESS_ABORTED'));
	const controller = new AbortController();
	const pending = run(
		node('console.log("up"); setInterval(() => {}, 1000)'),
		options({ signal: controller.signal, onLine: () => controller.abort() }),
	);
	await expect(pending).rejects.toEqual(code('PROCESS_ABORTED'));
});
