import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSigningKey } from '@slipway/deb';
import { type LoopbackServer, serveLoopback, toFolderHandler } from '@slipway/http';
import { type NpmFront, startNpmFront, startVerdaccio } from '@slipway/rehearsal/npm-registry';
import { type FakeGitHub, runBundle, type StepResult, startFakeGitHub } from '@slipway/testing';
import { provideBundles } from '../scripts/bundle-all.ts';
import { ROOT } from './source-tree.ts';

/** A registry, an apt server and GitHub, and projects that a workflow could release to them. */
export interface World {
	readonly registry: NpmFront;
	readonly token: string;
	readonly apt: LoopbackServer;
	readonly github: FakeGitHub;
	/** Folder of the apt repository. */
	readonly aptFolder: string;
	/** Writes a new project with one npm package and one Debian package of this name. */
	writeProject(name: string, version: string): Promise<string>;
	/** Runs a bundled action in a project, with the credentials of both targets. */
	runAction(action: string, step: ActionStep): Promise<StepResult>;
}

export interface ActionStep {
	readonly workspace: string;
	readonly inputs?: Readonly<Record<string, string>>;
	readonly environment?: Readonly<Record<string, string | undefined>>;
	readonly eventName?: string;
	readonly event?: object;
}

const toConfig = (name: string, { registry, apt, aptFolder }: Parts): string =>
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
			npm: { type: 'npm', registry: registry.origin },
			apt: {
				type: 'apt',
				store: { directory: aptFolder },
				url: apt.origin,
				suite: name,
				origin: 'Example',
				'signing-key': { environment: 'APT_SIGNING_KEY' },
			},
		},
	});

const toPackageJson = (name: string, version: string): string =>
	JSON.stringify({
		name,
		version,
		description: 'says hello',
		license: 'MIT',
		homepage: 'https://example.org/greet',
		repository: { type: 'git', url: 'git+https://github.com/acme/greet.git' },
		bin: 'main.js',
		files: ['main.js'],
	});

type Parts = Pick<World, 'registry' | 'apt' | 'aptFolder'>;

const writeProject = async (folder: string, name: string, version: string, parts: Parts): Promise<string> => {
	const files: Record<string, string> = {
		'package.json': toPackageJson(name, version),
		LICENSE: 'Permission is hereby granted, free of charge, to any person obtaining a copy.\n',
		'main.js': `#!/usr/bin/env node\nconsole.log('hello from ${version}');\n`,
		'slipway.yml': toConfig(name, parts),
		'.npmrc': `registry=${parts.registry.origin}/\n//${new URL(parts.registry.origin).host}/:_authToken=\${NODE_AUTH_TOKEN}\n`,
	};
	await mkdir(folder, { recursive: true });
	for (const [path, content] of Object.entries(files)) await writeFile(join(folder, path), content);
	return folder;
};

/** A world that has to be ended. */
export interface StartedWorld extends World {
	stop(): Promise<void>;
}

/** Starts everything; slow the first time, when the bundles have to be made. */
export const startWorld = async (): Promise<StartedWorld> => {
	const bundles = await provideBundles(false);
	const root = await mkdtemp(join(tmpdir(), 'slipway-actions-'));
	const aptFolder = join(root, 'apt');
	await mkdir(aptFolder);
	const verdaccio = await startVerdaccio({ folder: join(root, 'npm'), neverProxy: [] });
	const registry = await startNpmFront({ upstream: verdaccio });
	const apt = await serveLoopback(toFolderHandler(aptFolder));
	const github = await startFakeGitHub();
	const { privateKey } = await generateSigningKey({ name: 'Ada', email: 'ada@example.org', days: 400 });
	const secrets = { NODE_AUTH_TOKEN: verdaccio.token, APT_SIGNING_KEY: privateKey };
	return {
		registry,
		apt,
		github,
		aptFolder,
		token: verdaccio.token,
		writeProject: (name, version) =>
			writeProject(join(root, `${name}-${version}`), name, version, { registry, apt, aptFolder }),
		runAction: (action, { inputs = {}, environment, ...step }) =>
			runBundle(
				{ action: join(ROOT, 'actions', action), dist: join(ROOT, bundles.get(action) ?? '') },
				{ ...step, inputs, environment: { ...secrets, ...environment } },
			),
		stop: async () => {
			await Promise.all([registry.stop(), verdaccio.stop(), apt.close(), github.stop()]);
			await rm(root, { recursive: true, force: true });
		},
	};
};
