import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LoopbackServer, serveLoopback, toFolderHandler } from '@slipway/http';
import { AptFaults } from './apt-faults.ts';

const INDEX = 'dists/stable/InRelease';
let folder: string;
let faults: AptFaults;
let server: LoopbackServer;

beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), 'slipway-apt-faults-'));
	mkdirSync(join(folder, 'a/dists/stable'), { recursive: true });
	mkdirSync(join(folder, 'b/dists/stable'), { recursive: true });
	for (const name of ['a', 'b']) writeFileSync(join(folder, name, INDEX), 'old');
	faults = new AptFaults(folder);
	server = await serveLoopback(faults.wrap(toFolderHandler(folder)));
});

afterEach(async () => {
	await server.close();
	rmSync(folder, { recursive: true, force: true });
});

const read = async (path: string): Promise<string | number> => {
	const reply = await fetch(`${server.origin}/${path}`);
	return reply.ok ? reply.text() : reply.status;
};

test('a 503 hits the index of one repository, as often as asked', async () => {
	const strikes: string[] = [];
	faults.strike('/a', { kind: 'unavailable', times: 2, onStrike: () => strikes.push('hit') });
	expect(await read(`b/${INDEX}`)).toBe('old');
	expect([await read(`a/${INDEX}`), await read(`a/${INDEX}`), await read(`a/${INDEX}`)]).toEqual([
		503,
		503,
		'old',
	]);
	expect(strikes).toEqual(['hit', 'hit']);
});

test('a reset tears the connection down', async () => {
	faults.strike('/a', { kind: 'reset', times: 1, onStrike: () => undefined });
	await expect(read(`a/${INDEX}`)).rejects.toThrow('fetch failed');
	expect(await read(`a/${INDEX}`)).toBe('old');
});

test('a frozen index is served until some time after it has changed', async () => {
	faults.freeze('/a', [INDEX, 'dists/none/InRelease'], 80);
	await new Promise((resolve) => setTimeout(resolve, 100));
	writeFileSync(join(folder, 'a', INDEX), 'new');
	writeFileSync(join(folder, 'b', INDEX), 'new');
	expect([await read(`a/${INDEX}`), await read(`b/${INDEX}`)]).toEqual(['old', 'new']);
	await new Promise((resolve) => setTimeout(resolve, 100));
	expect(await read(`a/${INDEX}`)).toBe('new');
});
