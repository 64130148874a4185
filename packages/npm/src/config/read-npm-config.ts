import { dirname, join } from 'node:path';
import { SlipwayError, toPrintable, trimEndOf } from '@slipway/core';
import { findNpmCli, run } from '@slipway/process';
import type { NpmCode } from '../code.ts';
import { type Environment, type Layer, readNpmrc, toEnvironmentLayer } from './npmrc.ts';

export interface NpmConfigPlaces {
	readonly projectFolder: string;
	readonly home: string;
	readonly environment: Environment;
}

/** What npm itself would use. Credentials are asked for and never lie in a field, so that they are not printed by accident. */
export interface NpmConfig {
	/** With a final slash; undefined: nothing names one, so npm's own default holds (askNpmForRegistry). */
	readonly registry: string | undefined;
	/** The registry of a package: that of its scope where the configuration names one. */
	registryFor(name: string): string | undefined;
	/** Value of the `authorization` header for this registry, or undefined. */
	authorizationFor(registry: string): string | undefined;
}

/** What setup-node writes into NODE_AUTH_TOKEN when nobody gives one. */
const PLACEHOLDER = /^X{5}(?:-X{5})*$/;

const toRegistryUrl = (text: string): string => {
	const url = URL.canParse(text) ? new URL(text) : undefined;
	const isPlain = url && `${url.username}${url.password}${url.search}${url.hash}` === '';
	if (isPlain && /^https?:$/.test(url.protocol)) return `${trimEndOf(url.href, '/')}/`;
	// The text itself is not shown: it may hold a password.
	const shown = url ? `one of ${toPrintable(`${url.protocol}//${url.host}`, 200)}` : 'something else';
	throw new SlipwayError<NpmCode>(
		'NPM_CONFIG_INVALID',
		`expected registry to be a plain http or https address without user name, password and query, got ${shown}`,
		{ hint: 'Correct `registry` in slipway.yml or in the npm configuration (.npmrc).' },
	);
};

const isToken = (text: string | undefined): text is string =>
	text !== undefined && text !== '' && !text.includes('${') && !PLACEHOLDER.test(text);

/** Keys that can hold credentials of an address, most specific first: `//host/a/b/`, `//host/a/b`, `//host/a/`, … */
const toCredentialKeys = (registry: string): readonly string[] => {
	const { host, pathname } = new URL(registry);
	const keys: string[] = [];
	for (let key = `//${host}${pathname}`; key.length > 2; key = key.replace(/([^/]+|\/)$/, '')) keys.push(key);
	return keys;
};

const toBasic = (user: string, password: string): string =>
	`Basic ${Buffer.from(`${user}:${Buffer.from(password, 'base64').toString()}`).toString('base64')}`;

const findAuthorization = (
	get: (key: string) => string | undefined,
	registry: string,
): string | undefined => {
	for (const key of toCredentialKeys(registry)) {
		const token = get(`${key}:_authToken`);
		if (isToken(token)) return `Bearer ${token}`;
		const basic = get(`${key}:_auth`);
		if (isToken(basic)) return `Basic ${basic}`;
		const user = get(`${key}:username`);
		const password = get(`${key}:_password`);
		if (user && isToken(password)) return toBasic(user, password);
	}
	return undefined;
};

const toGlobalConfig = ({ environment }: NpmConfigPlaces, fromEnvironment: Layer): string => {
	const prefix = fromEnvironment.get('prefix') ?? environment.PREFIX;
	const nodeFolder = dirname(process.execPath);
	const fallback = process.platform === 'win32' ? nodeFolder : dirname(nodeFolder);
	return fromEnvironment.get('globalconfig') ?? join(prefix ?? fallback, 'etc', 'npmrc');
};

/**
 * Reads npm's configuration as npm does: `npm_config_*`, then the project's, the user's and the global npmrc.
 * Credentials come from there, else from NODE_AUTH_TOKEN or NPM_TOKEN.
 * @throws SlipwayError NPM_CONFIG_INVALID
 */
export const readNpmConfig = (places: NpmConfigPlaces): NpmConfig => {
	const { projectFolder, home, environment } = places;
	const fromEnvironment = toEnvironmentLayer(environment);
	const userConfig = fromEnvironment.get('userconfig') ?? join(home, '.npmrc');
	const layers = [
		fromEnvironment,
		...[join(projectFolder, '.npmrc'), userConfig, toGlobalConfig(places, fromEnvironment)].map((path) =>
			readNpmrc(path, environment),
		),
	];
	const get = (key: string) => layers.find((layer) => layer.has(key))?.get(key);
	const configured = get('registry');
	const registry = configured === undefined ? undefined : toRegistryUrl(configured);
	const plain = [environment.NODE_AUTH_TOKEN, environment.NPM_TOKEN].find(isToken);
	return {
		registry,
		registryFor: (name) => {
			const scoped = name.startsWith('@') ? get(`${name.split('/')[0]}:registry`) : undefined;
			return scoped === undefined ? registry : toRegistryUrl(scoped);
		},
		authorizationFor: (address) =>
			findAuthorization(get, toRegistryUrl(address)) ?? (plain && `Bearer ${plain}`),
	};
};

/**
 * The registry that npm uses in this folder, asked of npm itself: the one place that knows its default.
 * @throws SlipwayError NPM_CONFIG_INVALID, PROCESS_*
 */
export const askNpmForRegistry = async (folder: string, environment: Environment): Promise<string> => {
	const { stdout } = await run([...findNpmCli(environment), 'config', 'get', 'registry'], {
		cwd: folder,
		environment,
		timeoutMs: 30_000,
	});
	return toRegistryUrl(stdout.trim());
};
