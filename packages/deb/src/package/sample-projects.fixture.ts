import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '@slipway/core';
import { DebPackage } from '@slipway/core/config';
import * as v from 'valibot';

/** A folder of its own below the system's temporary one, removed after the task. */
export const withFolder = async <T>(task: (folder: string) => Promise<T>): Promise<T> => {
	const folder = await mkdtemp(join(tmpdir(), 'slipway-deb-'));
	try {
		return await task(folder);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
};

export const toContext = (tempDir: string): Context => ({
	log: { debug: () => {}, info: () => {}, warning: () => {} },
	clock: { now: () => Date.now(), sleep: async () => {} },
	tempDir,
	signal: new AbortController().signal,
});

export const toDefinition = (definition: object): DebPackage => v.parse(DebPackage, definition);

/** A Node command with a configuration file and a maintainer script: architecture "all". */
export const GREET = {
	name: 'greet',
	architecture: 'all',
	depends: ['nodejs (>= 18)'],
	files: [
		{ source: 'dist', target: '/usr/lib/greet' },
		{ source: 'greet.conf', target: '/etc/greet/greet.conf' },
	],
	links: { '/usr/bin/greet': '../lib/greet/greet.js' },
	scripts: { postinst: 'postinst' },
};

export const writeGreet = async (folder: string): Promise<void> => {
	const packageJson = {
		name: 'greet',
		description: 'A command that says hello.',
		license: 'Apache-2.0',
		homepage: 'https://example.org/greet',
		author: 'Ada Lovelace <ada@example.org>',
	};
	await mkdir(join(folder, 'dist/words'), { recursive: true });
	await writeFile(join(folder, 'package.json'), JSON.stringify(packageJson));
	await writeFile(join(folder, 'greet.conf'), 'word=hello\n');
	await writeFile(join(folder, 'dist/words/en.txt'), 'hello\n'.repeat(1000));
	await writeFile(join(folder, 'dist/words/none'), '');
	await writeFile(join(folder, 'dist/greet.js'), '#!/usr/bin/env node\nconsole.log("hello");\n');
	await chmod(join(folder, 'dist/greet.js'), 0o755);
	await writeFile(
		join(folder, 'postinst'),
		'#!/bin/sh\nset -e\n\nif [ "$1" = configure ]; then\n\ttrue\nfi\n',
	);
};

/** A compiled program: architecture of the machine. */
export const TALLY = {
	name: 'tally',
	architecture: 'native',
	summary: 'counter of lines',
	description: 'Counts the lines of its input.\n\nUse it where wc is too much.',
	maintainer: 'Ada Lovelace <ada@example.org>',
	license: 'MIT',
	depends: ['libc6'],
	files: [{ source: 'tally', target: '/usr/bin/tally' }],
};

const TALLY_C = `#include <stdio.h>
int main(void) {
	long lines = 0;
	for (int c; (c = getchar()) != EOF;) lines += c == '\\n';
	printf("%ld\\n", lines);
	return 0;
}
`;

export const writeTally = async (folder: string): Promise<void> => {
	await writeFile(join(folder, 'tally.c'), TALLY_C);
	await writeFile(
		join(folder, 'LICENSE'),
		'MIT License\n\nCopyright (c) 2026 Ada Lovelace\n\nPermission is granted.\n',
	);
	execFileSync('cc', ['-O2', '-s', '-o', 'tally', 'tally.c'], { cwd: folder });
};
