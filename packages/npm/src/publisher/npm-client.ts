import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hashBytes } from '@slipway/archive';
import { type Context, type Digest, SlipwayError, toPrintable } from '@slipway/core';
import { findNpmCli, run } from '@slipway/process';
import type { NpmCode } from '../code.ts';
import type { Environment } from '../config/npmrc.ts';

/** Passed on: where programs lie, and how the network is reached. Nothing of npm's own configuration, no credentials. */
const PASSED = [
	'PATH',
	'Path',
	'SystemRoot',
	'TMPDIR',
	'TEMP',
	'HTTP_PROXY',
	'HTTPS_PROXY',
	'NO_PROXY',
	'http_proxy',
	'https_proxy',
	'no_proxy',
	'NODE_EXTRA_CA_CERTS',
	'SSL_CERT_FILE',
] as const;

/** A client that knows nothing: empty cache, empty configuration, no credentials, no scripts. */
const toEnvironment = (folder: string, registry: string, environment: Environment): Environment => ({
	...Object.fromEntries(PASSED.map((name) => [name, environment[name]])),
	HOME: folder,
	USERPROFILE: folder,
	npm_config_cache: join(folder, 'cache'),
	npm_config_userconfig: join(folder, 'user-npmrc'),
	npm_config_globalconfig: join(folder, 'global-npmrc'),
	npm_config_registry: registry,
	npm_config_ignore_scripts: 'true',
	npm_config_prefer_online: 'true',
	npm_config_update_notifier: 'false',
	npm_config_loglevel: 'error',
	npm_config_logs_max: '0',
});

const readClientName = async (cli: string): Promise<string> => {
	const text = await readFile(join(dirname(cli), '..', 'package.json'), 'utf8');
	return `npm ${(JSON.parse(text) as { readonly version: string }).version}`;
};

export interface Downloaded {
	/** "npm 11.6.0" */
	readonly client: string;
	/** What npm chose to download: tarball file names with their digests. */
	readonly files: ReadonlyMap<string, Required<Digest>>;
}

export interface Download {
	/** `name` or `name@tag`, as a user would type them. */
	readonly specs: readonly string[];
	readonly registry: string;
	readonly environment: Environment;
}

const readFiles = async (folder: string): Promise<ReadonlyMap<string, Required<Digest>>> => {
	const names = await readdir(folder);
	const digests = names.map(async (name) => hashBytes(await readFile(join(folder, name))).digest);
	return new Map((await Promise.all(digests)).map((digest, index) => [names[index] ?? '', digest]));
};

const download = async (folder: string, { specs, registry, environment }: Download, context: Context) => {
	const [node, cli] = findNpmCli(environment);
	const destination = join(folder, 'tarballs');
	await mkdir(destination);
	for (const name of ['user-npmrc', 'global-npmrc']) await writeFile(join(folder, name), '');
	// Without it npm would take the configuration of a project further up.
	await writeFile(join(folder, 'package.json'), '{}');
	const result = await run([node, cli, 'pack', '--pack-destination', destination, '--', ...specs], {
		cwd: folder,
		environment: toEnvironment(folder, registry, environment),
		timeoutMs: 120_000,
		signal: context.signal,
	});
	if (result.code === 0) return { client: await readClientName(cli), files: await readFiles(destination) };
	throw new SlipwayError<NpmCode>(
		'NPM_CLIENT_FAILED',
		`npm could not fetch ${specs.join(', ')}: ${toPrintable(result.stderr.trim().slice(-600))}`,
		{ hint: 'Users get the same answer now; if the registry still distributes it, try again in a moment.' },
	);
};

/**
 * Lets the real client resolve and download packages, in a folder of its own that is removed again.
 * @throws SlipwayError NPM_CLIENT_FAILED, PROCESS_NOT_FOUND where there is no npm
 */
export const downloadWithNpm = async (request: Download, context: Context): Promise<Downloaded> => {
	const folder = await mkdtemp(join(context.tempDir, 'npm-client-'));
	try {
		return await download(folder, request, context);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
};
