// A registry and an apt repository, and one project that is released to both.

import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock, Context } from '@slipway/core';
import { generateSigningKey } from '@slipway/deb';
import { serveLoopback, toFolderHandler } from '@slipway/http';
import { type NpmFront, startNpmFront, startVerdaccio } from '@slipway/rehearsal/npm-registry';
import type { ReleaseReport } from '@slipway/release';
import { COMPILE_CACHE } from '@slipway/testing';
import type { Acting } from './operations.ts';
import type { Door } from './project.ts';
import { releaseProject } from './release.ts';

export const ACTING: Acting = { run: { key: 'acme/greet/1/1', actor: 'ada' } };

/** Both targets, and projects that know them. */
export interface SpeechWorld {
	readonly root: string;
	readonly registry: NpmFront;
	readonly aptFolder: string;
	readonly aptUrl: string;
	readonly publicKeyFile: string;
	readonly context: Context;
	/** With the credentials of both targets. */
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** Writes the project of this name at a version, and opens its door with all credentials. */
	write(name: string, version: string, more?: ProjectChange): Promise<Door>;
	release(door: Door): Promise<ReleaseReport>;
	stop(): Promise<void>;
}

export interface ProjectChange {
	/** Further files by their path. */
	readonly files?: Readonly<Record<string, string>>;
	readonly packageJson?: object;
	/** Merged over the apt target. */
	readonly apt?: object;
	readonly config?: object;
}

const toPackageJson = (name: string, version: string, more: object = {}): string =>
	JSON.stringify({
		name,
		version,
		description: 'says hello',
		license: 'MIT',
		homepage: 'https://example.org/greet',
		repository: { type: 'git', url: 'git+https://github.com/acme/greet.git' },
		files: ['*.js'],
		...more,
	});

const toConfig = (
	name: string,
	world: Pick<SpeechWorld, 'registry' | 'aptFolder' | 'aptUrl'>,
	{ apt, config }: ProjectChange,
): string =>
	JSON.stringify({
		deb: [
			{
				name,
				architecture: 'all',
				maintainer: 'Ada Example <ada@example.org>',
				copyright: '2026 Ada Example',
				files: [{ source: 'main.js', target: `/usr/share/${name}/main.js` }],
			},
		],
		targets: {
			npm: { type: 'npm', registry: world.registry.origin },
			apt: {
				type: 'apt',
				store: { directory: world.aptFolder },
				url: world.aptUrl,
				suite: name,
				origin: 'Example',
				'signing-key': { environment: 'APT_SIGNING_KEY' },
				...apt,
			},
		},
		...config,
	});

export const realClock: Clock = {
	now: () => Date.now(),
	sleep: (ms, signal) => sleep(ms, undefined, signal && { signal }),
};

export const toContext = (tempDir: string, clock: Clock = realClock): Context => ({
	log: { debug: () => {}, info: () => {}, warning: () => {} },
	clock,
	tempDir,
	signal: new AbortController().signal,
});

export const startSpeechWorld = async (): Promise<SpeechWorld> => {
	const root = await mkdtemp(join(tmpdir(), 'speech-'));
	const aptFolder = join(root, 'apt');
	await mkdir(aptFolder);
	const verdaccio = await startVerdaccio({ folder: join(root, 'npm'), neverProxy: [] }, COMPILE_CACHE);
	const registry = await startNpmFront({ upstream: verdaccio });
	const apt = await serveLoopback(toFolderHandler(aptFolder));
	const key = await generateSigningKey({ name: 'Ada', email: 'ada@example.org', days: 400 });
	const publicKeyFile = join(root, 'apt-key.asc');
	await writeFile(publicKeyFile, key.publicKey);
	const environment = {
		PATH: process.env.PATH,
		HOME: root,
		NODE_AUTH_TOKEN: verdaccio.token,
		APT_SIGNING_KEY: key.privateKey,
	};
	const context = toContext(root);
	const places = { registry, aptFolder, aptUrl: apt.origin };
	return {
		root,
		...places,
		publicKeyFile,
		context,
		environment,
		write: async (name, version, more = {}) => {
			const folder = join(root, name);
			await mkdir(folder, { recursive: true });
			const files: Readonly<Record<string, string>> = {
				'package.json': toPackageJson(name, version, more.packageJson),
				LICENSE: 'Permission is hereby granted, free of charge, to any person obtaining a copy.\n',
				'main.js': `console.log('hello from ${version}');\n`,
				'slipway.yml': toConfig(name, places, more),
				'.npmrc': `registry=${registry.origin}/\n//${new URL(registry.origin).host}/:_authToken=\${NODE_AUTH_TOKEN}\n`,
				...more.files,
			};
			for (const [path, content] of Object.entries(files)) await writeFile(join(folder, path), content);
			await chmod(join(folder, 'main.js'), 0o644);
			return { folder, environment };
		},
		release: (door) => releaseProject(door, ACTING, context),
		stop: async () => {
			await Promise.all([registry.stop(), verdaccio.stop(), apt.close()]);
			await rm(root, { recursive: true, force: true });
		},
	};
};
