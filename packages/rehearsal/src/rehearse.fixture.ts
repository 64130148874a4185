import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Context } from '@slipway/core';

export const EXAMPLES = fileURLToPath(new URL('../../../examples/', import.meta.url));

/** A Context that logs nothing and keeps real time. */
export const toContext = (tempDir: string, signal = new AbortController().signal): Context => ({
	log: { debug: () => undefined, info: () => undefined, warning: () => undefined },
	clock: { now: Date.now, sleep: (ms, aborted) => sleep(ms, undefined, aborted ? { signal: aborted } : {}) },
	tempDir,
	signal,
});

/** No registry can be reached: what is rehearsed is on this machine. What Node compiles once is kept for all tests. */
export const toOfflineEnvironment = (): Readonly<Record<string, string | undefined>> => ({
	...process.env,
	npm_config_registry: 'http://127.0.0.1:9/',
	NODE_COMPILE_CACHE: join(tmpdir(), 'slipway-compile-cache'),
});

/** A project that has a package.json and nothing else. */
export const writeSmallProject = (folder: string): string => {
	mkdirSync(folder, { recursive: true });
	writeFileSync(
		join(folder, 'package.json'),
		JSON.stringify({ name: '@acme/small', version: '2.3.0', main: 'index.js' }),
	);
	writeFileSync(join(folder, 'index.js'), 'export const small = true;\n');
	return folder;
};

/** Every file below a folder with its content, to see that nothing has changed. */
export const readTree = (folder: string): Readonly<Record<string, string>> =>
	Object.fromEntries(
		readdirSync(folder, { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile())
			.map((entry) => join(entry.parentPath, entry.name))
			.map((path) => [path, readFileSync(path, 'latin1')]),
	);
