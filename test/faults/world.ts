import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateSigningKey } from '@slipway/deb';
import { type LoopbackServer, serveLoopback, toFolderHandler } from '@slipway/http';
import type { Argv } from '@slipway/process';
import { type NpmFront, startNpmFront, startVerdaccio } from '@slipway/rehearsal/npm-registry';
import { type SigningServices, startSigning } from './signing.ts';

const CLI = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));

export const PACKAGE = 'slipway-fault-probe';
/** What is published when the faults begin, and what is then released. */
export const BEFORE = '1.0.0';
export const VERSION = '1.1.0';

/** A project, its registries and its journal on this machine, whose whole state can be saved and brought back. */
export interface World {
	/** The folder that holds everything. */
	readonly base: string;
	readonly aptOrigin: string;
	/** What users trust the apt repository by. */
	readonly publicKeyFile: string;
	/** What no journal and no output may hold. */
	readonly secrets: readonly string[];
	readonly front: NpmFront;
	readonly signing: SigningServices;
	/** What the command changes, watched for durable steps. */
	readonly folders: { readonly journal: string; readonly apt: string; readonly project: string };
	readonly cwd: string;
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** The command `slipway`, as a user runs it. */
	toArgv(args: readonly string[]): Argv;
	setVersion(version: string): Promise<void>;
	/** From now on (until a state is brought back) the project signs, and has a policy. */
	setSigned(): Promise<void>;
	save(name: string): Promise<void>;
	load(name: string): Promise<void>;
	stop(): Promise<void>;
}

const toEnvironment = (base: string, origin: string): World['environment'] => ({
	PATH: [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter),
	HOME: join(base, 'home'),
	TMPDIR: join(base, 'tmp'),
	LANG: 'C.UTF-8',
	CI: process.env.CI,
	NO_COLOR: '1',
	NODE_COMPILE_CACHE: join(base, 'compile-cache'),
	npm_config_registry: `${origin}/`,
	npm_config_userconfig: join(base, 'home', '.npmrc'),
	npm_config_cache: join(base, 'home', '.npm'),
	npm_config_update_notifier: 'false',
});

const toConfig = (base: string, registry: string, apt: string) => ({
	project: 'fault-probe',
	deb: [
		{
			name: PACKAGE,
			architecture: 'all',
			files: [{ source: 'probe.js', target: `/usr/share/${PACKAGE}/probe.js` }],
		},
	],
	targets: {
		npm: { type: 'npm', mode: 'auto', registry },
		apt: {
			type: 'apt',
			store: { directory: join(base, 'state', 'apt') },
			url: apt,
			origin: 'Faults',
			architectures: ['amd64'],
			'signing-key': { file: join(base, 'key.asc') },
		},
	},
	journal: { directory: join(base, 'state', 'journal') },
});

const toPackageJson = (version: string) => ({
	name: PACKAGE,
	version,
	description: 'Is released while things break',
	license: 'Apache-2.0',
	author: 'Ada Example <ada@example.org>',
	homepage: 'https://example.org/probe',
	repository: { type: 'git', url: 'git+https://github.com/example/greet.git' },
	main: 'probe.js',
	files: ['probe.js'],
});

const toText = (value: object): string => JSON.stringify(value, null, '\t');

const writeProject = async (base: string, registry: string, apt: string): Promise<void> => {
	await mkdir(join(base, 'project'), { recursive: true });
	await writeFile(join(base, 'project', 'slipway.yml'), toText(toConfig(base, registry, apt)));
	await writeFile(join(base, 'project', 'LICENSE'), 'Apache-2.0\n');
};

const writeSigned = async (base: string, { front, apt, signing }: Services): Promise<void> => {
	const config = { ...toConfig(base, front.origin, apt.origin), sign: signing.config };
	await writeFile(join(base, 'project', 'slipway.yml'), toText(config));
	await writeFile(join(base, 'project', 'slipway.policy.yml'), toText(signing.policy));
};

const writeVersion = async (base: string, version: string): Promise<void> => {
	const project = join(base, 'project');
	await writeFile(join(project, 'package.json'), JSON.stringify(toPackageJson(version), null, '\t'));
	await writeFile(join(project, 'probe.js'), `module.exports = ${JSON.stringify(version)};\n`);
};

/** @returns what is secret of the key: each line of its armored body */
const writeKeys = async (base: string): Promise<readonly string[]> => {
	const { privateKey, publicKey } = await generateSigningKey({
		name: 'Faults',
		email: 'faults@example.org',
		days: 30,
	});
	await writeFile(join(base, 'key.asc'), privateKey, { mode: 0o600 });
	await writeFile(join(base, 'key.pub.asc'), publicKey);
	return privateKey.split('\n').filter((line) => line.length > 40 && !publicKey.includes(line));
};

const writeHome = async (base: string, origin: string, token: string): Promise<void> => {
	for (const name of ['home', 'tmp', 'state/apt', 'state/journal'])
		await mkdir(join(base, name), { recursive: true });
	const { host } = new URL(origin);
	await writeFile(join(base, 'home', '.npmrc'), `//${host}/:_authToken=${token}\n`, { mode: 0o600 });
};

/** Brings `to` to the state of `from`; the folder itself stays, because servers hold on to it. */
const copyInto = async (from: string, to: string): Promise<void> => {
	await rm(to, { recursive: true, force: true });
	await cp(from, to, { recursive: true, preserveTimestamps: true });
};

interface Services {
	readonly front: NpmFront;
	readonly token: string;
	readonly apt: LoopbackServer;
	readonly signing: SigningServices;
	stop(): Promise<void>;
}

const startServices = async (base: string): Promise<Services> => {
	const folder = join(base, 'state', 'npm');
	const verdaccio = await startVerdaccio({ folder, uplink: undefined, neverProxy: [PACKAGE] });
	const front = await startNpmFront({ upstream: verdaccio });
	const apt = await serveLoopback(toFolderHandler(join(base, 'state', 'apt')));
	const signing = await startSigning(base);
	const stop = async () => {
		await Promise.all([apt.close(), front.stop(), verdaccio.stop(), signing.sigstore.stop()]);
	};
	return { front, token: verdaccio.token, apt, signing, stop };
};

/** Where each kind of state lies, below the base folder. */
const STATE = ['state/apt', 'state/journal', 'state/npm/storage', 'project'] as const;

interface Running {
	readonly services: Services;
	readonly command: string;
}

const toWorld = (base: string, secrets: readonly string[], { services, command }: Running): World => ({
	secrets,
	base,
	aptOrigin: services.apt.origin,
	publicKeyFile: join(base, 'key.pub.asc'),
	front: services.front,
	signing: services.signing,
	folders: {
		journal: join(base, 'state', 'journal'),
		apt: join(base, 'state', 'apt'),
		project: join(base, 'project'),
	},
	cwd: join(base, 'project'),
	environment: toEnvironment(base, services.front.origin),
	toArgv: (args) => [process.execPath, '--no-warnings', command, ...args, '--json'],
	setVersion: (version) => writeVersion(base, version),
	setSigned: () => writeSigned(base, services),
	save: async (name) => {
		for (const part of STATE) await copyInto(join(base, part), join(base, 'saved', name, part));
	},
	load: async (name) => {
		for (const part of STATE) await copyInto(join(base, 'saved', name, part), join(base, part));
		await rm(join(base, 'tmp'), { recursive: true, force: true });
		await mkdir(join(base, 'tmp'));
	},
	stop: async () => {
		await services.stop();
		await rm(base, { recursive: true, force: true });
	},
});

/**
 * Starts a world with nothing published in it.
 * @param command the main file of `slipway`; default: its source
 */
export const startWorld = async (command = CLI): Promise<World> => {
	const base = await realpath(await mkdtemp(join(tmpdir(), 'slipway-faults-')));
	await mkdir(join(base, 'state', 'apt'), { recursive: true });
	const services = await startServices(base);
	await writeHome(base, services.front.origin, services.token);
	const secrets = [services.token, services.signing.token, ...(await writeKeys(base))];
	await writeProject(base, services.front.origin, services.apt.origin);
	await writeVersion(base, BEFORE);
	return toWorld(base, secrets, { services, command });
};
