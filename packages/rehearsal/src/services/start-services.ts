import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LoopbackServer, serveLoopback, toFolderHandler } from '@slipway/http';
import { AptFaults } from '../faults/apt-faults.ts';
import { type LocalGitHub, startGitHubApi } from '../github/index.ts';
import { type NpmFront, startNpmFront, startVerdaccio } from '../npm-registry/index.ts';
import { type LocalSigstore, startSigstore } from '../sigstore/index.ts';
import { writeSigningKey } from './signing-key.ts';

/** What releases are rehearsed against; all of it on loopback, all of it gone after `stop`. */
export interface Services {
	/** Verdaccio behind a server that answers as the public registry does. */
	readonly registry: NpmFront;
	/** May publish everything in the embedded registry. */
	readonly token: string;
	readonly apt: LoopbackServer;
	readonly aptFaults: AptFaults;
	/** The armored private key that signs the apt repositories. */
	readonly keyFile: string;
	/** Its armored public half: what a user installs. */
	readonly publicKey: string;
	/** Signs releases in place of the public instance. */
	readonly sigstore: LocalSigstore;
	/** In place of GitHub; undefined: no project has a target there. */
	readonly github: LocalGitHub | undefined;
	stop(): Promise<void>;
}

export interface ServiceSettings {
	readonly folder: string;
	/** What the apt server shows. */
	readonly aptFolder: string;
	/** Where Node keeps compiled code. */
	readonly compileCache: string;
	/** Registry that dependencies come from. */
	readonly uplink: string | undefined;
	/** npm names that are released: never looked up elsewhere. */
	readonly names: readonly string[];
	/** Repositories at GitHub (`OWNER/NAME`) that are released to. */
	readonly repositories: readonly string[];
	/** Where programs are found. */
	readonly path: string | undefined;
}

type Stop = () => Promise<void>;

type Started = <T extends { readonly stop?: Stop; readonly close?: Stop }>(service: Promise<T>) => Promise<T>;

const startGitHub = async (
	{ repositories, path }: ServiceSettings,
	started: Started,
): Promise<LocalGitHub | undefined> => {
	const [repository, ...others] = [...new Set(repositories)].map((name) => ({ repository: name }));
	return repository && started(startGitHubApi({ ...repository, others, path }));
};

/** Starts every service side by side; when one cannot start, the others are ended again. */
export const startServices = async (settings: ServiceSettings): Promise<Services> => {
	const { folder, aptFolder, uplink, names } = settings;
	const stops: Stop[] = [];
	const stop = async () => {
		await Promise.all(stops.toReversed().map((each) => each()));
	};
	const started: Started = async (service) => {
		const value = await service;
		stops.push(() => (value.stop ?? value.close)?.call(value) ?? Promise.resolve());
		return value;
	};
	const aptFaults = new AptFaults(aptFolder);
	await mkdir(aptFolder, { recursive: true });
	const registryStarts = async () => {
		const registry = { folder: join(folder, 'npm-registry'), uplink, neverProxy: names };
		const verdaccio = await started(startVerdaccio(registry, settings.compileCache));
		return { registry: await started(startNpmFront({ upstream: verdaccio })), token: verdaccio.token };
	};
	const [registry, apt, key, sigstore, github] = await Promise.allSettled([
		registryStarts(),
		started(serveLoopback(aptFaults.wrap(toFolderHandler(aptFolder)))),
		writeSigningKey(join(folder, 'keys')),
		started(startSigstore()),
		startGitHub(settings, started),
	]);
	if (
		registry.status === 'rejected' ||
		apt.status === 'rejected' ||
		key.status === 'rejected' ||
		sigstore.status === 'rejected' ||
		github.status === 'rejected'
	) {
		await stop();
		throw [registry, apt, key, sigstore, github].find((result) => result.status === 'rejected')?.reason;
	}
	return {
		...registry.value,
		...key.value,
		apt: apt.value,
		aptFaults,
		sigstore: sigstore.value,
		github: github.value,
		stop,
	};
};

/** Writes a file with what npm needs to publish to the embedded registry; the user's own npm configuration is not looked at. */
export const writeNpmConfig = async (
	path: string,
	{ registry, token }: Pick<Services, 'registry' | 'token'>,
): Promise<void> => {
	const { host } = new URL(registry.origin);
	await writeFile(path, `registry=${registry.origin}/\n//${host}/:_authToken=${token}\n`, { mode: 0o600 });
};
