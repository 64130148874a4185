import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Argv } from './child.ts';
import { type ServiceOptions, spawnService } from './service.ts';

const SERVER = `require('http').createServer((_, r) => r.end('hi')).listen(0, '127.0.0.1', function () { console.log('port ' + this.address().port) })`;
const node = (script: string): Argv => [process.execPath, '-e', script];
const options = (more: Partial<ServiceOptions<number>> = {}): ServiceOptions<number> => ({
	cwd: process.cwd(),
	environment: {},
	ready: (line) => Number(/^port (\d+)$/.exec(line)?.[1]) || undefined,
	...more,
});
const code = (expected: string) => expect.objectContaining({ name: 'SlipwayError', code: expected });

/** A zombie has ended; whoever inherited it has only not looked yet. */
const isAlive = (pid: number): boolean =>
	/^[^Z\s]/.test(spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim());

const waitUntilGone = async (pid: number): Promise<boolean> => {
	for (let tries = 0; tries < 150; tries += 1) {
		if (!isAlive(pid)) return true;
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	return false;
};

test('runs until it is stopped', async () => {
	const service = await spawnService(node(SERVER), options());
	const reply = await fetch(`http://127.0.0.1:${service.value}/`);
	expect(await reply.text()).toBe('hi');
	await service.stop();
	expect(await service.ended).toMatchObject({ signal: 'SIGTERM' });
	await service.stop();
});

test('its end before it is ready is an error with its last words', async () => {
	await expect(
		spawnService(node('console.error("no port free"); process.exit(7)'), options()),
	).rejects.toEqual(
		expect.objectContaining({
			code: 'PROCESS_NOT_READY',
			message: expect.stringMatching(/exit code 7.*no port free/s),
		}),
	);
});

test('never becoming ready ends it', async () => {
	await expect(
		spawnService(node('setInterval(() => {}, 1000)'), options({ readyTimeoutMs: 300 })),
	).rejects.toEqual(code('PROCESS_NOT_READY'));
});

test('its signal ends it, before and after it is ready', async () => {
	await expect(spawnService(node(SERVER), options({ signal: AbortSignal.abort() }))).rejects.toEqual(
		code('PROCESS_ABORTED'),
	);
	const controller = new AbortController();
	const service = await spawnService(node(SERVER), options({ signal: controller.signal }));
	controller.abort();
	expect(await service.ended).toMatchObject({ code: null });
});

test.each(['SIGKILL', 'SIGTERM'] as const)('ends with us when we end by %s', async (signal) => {
	const module = fileURLToPath(new URL('./service.ts', import.meta.url));
	const script = `import { spawnService } from ${JSON.stringify(module)};
		const s = await spawnService([process.execPath, '-e', ${JSON.stringify(SERVER)}], { cwd: '/', environment: {}, ready: () => true });
		console.log(s.pid); setInterval(() => {}, 1000);`;
	const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const [line] = (await once(owner.stdout, 'data')) as [Buffer];
	const pid = Number(line.toString());
	expect(isAlive(pid)).toBe(true);
	owner.kill(signal);
	await once(owner, 'exit');
	expect(await waitUntilGone(pid)).toBe(true);
});

test('a service that runs does not keep us from ending once it is stopped', async () => {
	const module = fileURLToPath(new URL('./service.ts', import.meta.url));
	const script = `import { spawnService } from ${JSON.stringify(module)};
		const s = await spawnService([process.execPath, '-e', ${JSON.stringify(SERVER)}], { cwd: '/', environment: {}, ready: () => true });
		await s.stop();`;
	const owner = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' });
	const [exit] = (await once(owner, 'exit')) as [number];
	expect(exit).toBe(0);
});
