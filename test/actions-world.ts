import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSigningKey } from '@slipway/deb';
import { type LoopbackServer, serveLoopback, toFolderHandler } from '@slipway/http';
import { type NpmFront, startNpmFront, startVerdaccio } from '@slipway/rehearsal/npm-registry';
import { type LocalSigstore, startSigstore } from '@slipway/rehearsal/sigstore';
import {
	COMPILE_CACHE,
	type FakeGitHub,
	readActionYml,
	runBundle,
	runStep,
	type StepResult,
	startFakeGitHub,
} from '@slipway/testing';
import { provideBundles } from '../scripts/bundle-all.ts';
import { ROOT } from './source-tree.ts';

/** A registry, an apt server, a Sigstore and GitHub, and projects that a workflow could release to them. */
export interface World {
	readonly registry: NpmFront;
	readonly token: string;
	readonly apt: LoopbackServer;
	readonly github: FakeGitHub;
	readonly sigstore: LocalSigstore;
	/** What a job with `id-token: write` has: the Sigstore gives its tokens, those for npm too. */
	readonly idToken: Readonly<Record<string, string>>;
	/** What the steps are given, unless they say otherwise. */
	readonly secrets: { readonly NODE_AUTH_TOKEN: string; readonly APT_SIGNING_KEY: string };
	/** Folder of the apt repository. */
	readonly aptFolder: string;
	readonly aptPublicKey: string;
	/** Writes a new project with one npm package and one Debian package of this name. */
	writeProject(name: string, version: string, trust?: ProjectTrust): Promise<string>;
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

/** How a project is signed, and what its policy demands. */
export interface ProjectTrust {
	/** Where the copy of the project is written, where there are several; default: one folder for each version. */
	readonly folder?: string;
	readonly policy: object;
	/** Where the journal lives; default: a folder beside the projects. */
	readonly journal?: object;
	/** Commands that run on what was built. */
	readonly test?: readonly (readonly string[])[];
}

/** Who signs: the workflow that the tokens of this world name. */
export const IDENTITY = 'https://github.com/acme/greet/.github/workflows/release.yml@refs/tags/v1.0.0';

const CLAIMS = {
	sub: 'repo:acme/greet:ref:refs/tags/v1.0.0',
	repository: 'acme/greet',
	repository_owner: 'acme',
	workflow_ref: IDENTITY.replace('https://github.com/', ''),
	job_workflow_ref: IDENTITY.replace('https://github.com/', ''),
};

const toConfig = (
	name: string,
	{ registry, apt, aptFolder }: Parts,
	trust: ProjectTrust | undefined,
): string =>
	JSON.stringify({
		...(trust && {
			sign: { services: 'services.json', 'trusted-root': 'root.json' },
			// Jobs share nothing but this and run artifacts.
			journal: trust.journal ?? { directory: '../journal' },
			test: trust.test ?? [],
		}),
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
				// Jobs without the key know it by its public half.
				...(trust && { 'trusted-keys': ['apt-key.asc'] }),
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

export type Parts = Pick<World, 'registry' | 'apt' | 'aptFolder' | 'aptPublicKey' | 'sigstore'>;

const toTrustFiles = (
	{ sigstore, aptPublicKey }: Parts,
	trust: ProjectTrust | undefined,
): Record<string, string> =>
	trust
		? {
				'apt-key.asc': aptPublicKey,
				'services.json': JSON.stringify(sigstore.signingConfig),
				'root.json': JSON.stringify(sigstore.trustedRoot),
				'slipway.policy.yml': JSON.stringify(trust.policy),
			}
		: {};

export interface NewProject {
	readonly name: string;
	readonly version: string;
	readonly trust: ProjectTrust | undefined;
}

/** The files of a project, by path. */
export const toProjectFiles = (
	{ name, version, trust }: NewProject,
	parts: Parts,
): Readonly<Record<string, string>> => ({
	'package.json': toPackageJson(name, version),
	LICENSE: 'Permission is hereby granted, free of charge, to any person obtaining a copy.\n',
	'main.js': `#!/usr/bin/env node\nconsole.log('hello from ${version}');\n`,
	'slipway.yml': toConfig(name, parts, trust),
	...toTrustFiles(parts, trust),
	'.npmrc': `registry=${parts.registry.origin}/\n//${new URL(parts.registry.origin).host}/:_authToken=\${NODE_AUTH_TOKEN}\n`,
});

const writeProject = async (folder: string, project: NewProject, parts: Parts): Promise<string> => {
	await mkdir(folder, { recursive: true });
	for (const [path, content] of Object.entries(toProjectFiles(project, parts)))
		await writeFile(join(folder, path), content);
	return folder;
};

type RunIt = (action: string, step: Omit<Parameters<typeof runStep>[0], 'main'>) => Promise<StepResult>;

/** While an action is written: its source instead of its bundle, which takes minutes to make. */
const runSource: RunIt = async (action, { inputs, ...step }) => {
	const folder = join(ROOT, 'actions', action);
	const yml = await readActionYml(folder);
	const defaults = Object.entries(yml.inputs).map(([name, input]) => [name, String(input.default ?? '')]);
	const given = defaults.filter(([name]) => name !== 'token');
	const main = join(folder, 'src', 'main.ts');
	return runStep({ ...step, main, inputs: { ...Object.fromEntries(given), ...inputs } });
};

const toRunner = async (): Promise<RunIt> => {
	if (process.env.SLIPWAY_ACTIONS_FROM_SOURCE) return runSource;
	const bundles = await provideBundles(false);
	return (action, step) =>
		runBundle({ action: join(ROOT, 'actions', action), dist: join(ROOT, bundles.get(action) ?? '') }, step);
};

/** A world that has to be ended. */
export interface StartedWorld extends World {
	stop(): Promise<void>;
}

/** Starts everything; slow the first time, when the bundles have to be made. */
export const startWorld = async (): Promise<StartedWorld> => {
	const runIt = await toRunner();
	const root = await mkdtemp(join(tmpdir(), 'slipway-actions-'));
	const aptFolder = join(root, 'apt');
	await mkdir(aptFolder);
	const verdaccio = await startVerdaccio({ folder: join(root, 'npm'), neverProxy: [] }, COMPILE_CACHE);
	const registry = await startNpmFront({ upstream: verdaccio });
	const apt = await serveLoopback(toFolderHandler(aptFolder));
	const github = await startFakeGitHub();
	const sigstore = await startSigstore({ claims: CLAIMS });
	const { privateKey, publicKey: aptPublicKey } = await generateSigningKey({
		name: 'Ada',
		email: 'ada@example.org',
		days: 400,
	});
	const secrets = { NODE_AUTH_TOKEN: verdaccio.token, APT_SIGNING_KEY: privateKey };
	return {
		registry,
		apt,
		github,
		sigstore,
		idToken: {
			ACTIONS_ID_TOKEN_REQUEST_URL: sigstore.tokenRequest.url,
			ACTIONS_ID_TOKEN_REQUEST_TOKEN: sigstore.tokenRequest.token,
		},
		aptFolder,
		aptPublicKey,
		token: verdaccio.token,
		writeProject: (name, version, trust) =>
			writeProject(
				join(root, trust?.folder ?? `${name}-${version}`),
				{ name, version, trust },
				{ registry, apt, aptFolder, aptPublicKey, sigstore },
			),
		secrets,
		runAction: (action, { inputs = {}, environment, ...step }) =>
			runIt(action, { ...step, inputs, environment: { ...secrets, ...environment } }),
		stop: async () => {
			await Promise.all([registry.stop(), verdaccio.stop(), apt.close(), github.stop(), sigstore.stop()]);
			await rm(root, { recursive: true, force: true });
		},
	};
};
