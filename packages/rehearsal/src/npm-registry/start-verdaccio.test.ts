import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { COMPILE_CACHE } from '@slipway/testing';
import { startVerdaccio } from './start-verdaccio.ts';

let root = '';
beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), 'verdaccio-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const toTarballDocument = (name: string, version: string) => ({
	name,
	'dist-tags': { latest: version },
	versions: { [version]: { name, version, dist: { tarball: `http://x/${name}/-/${name}-${version}.tgz` } } },
	_attachments: { [`${name}-${version}.tgz`]: { data: 'aGVsbG8=', length: 5 } },
});

test('fetches dependencies through its uplink, but never the names that are being released', async () => {
	const uplink = await startVerdaccio({ folder: join(root, 'uplink'), neverProxy: [] }, COMPILE_CACHE);
	for (const name of ['dependency', 'released'])
		await fetch(`${uplink.origin}/${name}`, {
			method: 'PUT',
			headers: { authorization: `Bearer ${uplink.token}`, 'content-type': 'application/json' },
			body: JSON.stringify(toTarballDocument(name, '1.0.0')),
		});
	const folder = join(root, 'registry');
	const registry = await startVerdaccio(
		{ folder, uplink: uplink.origin, neverProxy: ['released'] },
		COMPILE_CACHE,
	);
	const statuses = await Promise.all(
		['dependency', 'dependency/-/dependency-1.0.0.tgz', 'released'].map(
			async (path) => (await fetch(`${registry.origin}/${path}`)).status,
		),
	);
	expect(statuses).toEqual([200, 200, 404]);
	await registry.stop();
	await uplink.stop();
});

const isUp = (origin: string): Promise<boolean> =>
	fetch(`${origin}/-/ping`).then(
		() => true,
		() => false,
	);

test('ends with the process that started it, also when that is killed', async () => {
	const module = new URL('./start-verdaccio.ts', import.meta.url).href;
	const script = `const { startVerdaccio } = await import(${JSON.stringify(module)});
		const { origin } = await startVerdaccio({ folder: ${JSON.stringify(join(root, 'v'))}, neverProxy: [] });
		process.stdout.write(origin + '\\n');
		setInterval(() => {}, 1000);`;
	const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const [line] = await once(parent.stdout, 'data');
	const origin = String(line).trim();
	expect(await isUp(origin)).toBe(true);
	parent.kill('SIGKILL');
	for (let tries = 0; tries < 50 && (await isUp(origin)); tries += 1) await sleep(100);
	expect(await isUp(origin)).toBe(false);
});
