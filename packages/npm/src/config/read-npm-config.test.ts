import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { findNpmCli, run } from '@slipway/process';
import { askNpmForRegistry, readNpmConfig } from './read-npm-config.ts';

let root = '';
beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), 'npm-config-'));
	for (const folder of ['project', 'home', 'global']) mkdirSync(join(root, folder));
	writeFileSync(join(root, 'project/package.json'), '{}');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const A = 'https://a.example/';
const TOKEN = 'npm_0123456789';

/** As it stands in the file. */
const variable = (name: string): string => `\${${name}}`;

interface Setting {
	readonly project?: string;
	readonly user?: string;
	readonly global?: string;
	readonly environment?: Readonly<Record<string, string>>;
}

const write = ({ project, user, global, environment = {} }: Setting) => {
	if (project !== undefined) writeFileSync(join(root, 'project/.npmrc'), project);
	if (user !== undefined) writeFileSync(join(root, 'home/.npmrc'), user);
	if (global !== undefined) writeFileSync(join(root, 'global/npmrc'), global);
	return { npm_config_globalconfig: join(root, 'global/npmrc'), HOME: join(root, 'home'), ...environment };
};

const read = (setting: Setting) => {
	const environment = write(setting);
	return readNpmConfig({ projectFolder: join(root, 'project'), home: join(root, 'home'), environment });
};

const REGISTRIES: readonly (readonly [string, Setting])[] = [
	['nothing is configured', {}],
	['the project names one', { project: `registry=${A}\n`, user: 'registry=https://b.example/' }],
	['the user names one', { user: `; comment\nregistry = ${A}\n`, global: 'registry=https://c.example/' }],
	['the machine names one', { global: `registry="${A}"` }],
	[
		'the environment names one',
		{ project: 'registry=https://b.example', environment: { npm_config_registry: A } },
	],
	['the environment in capitals', { environment: { NPM_CONFIG_REGISTRY: 'https://a.example/npm/' } }],
	['without a final slash', { user: 'registry=https://a.example/npm' }],
	['a variable', { user: `registry=https://${variable('WHERE')}.example/`, environment: { WHERE: 'a' } }],
];

test.each(REGISTRIES)(
	'as npm itself has it when %s',
	async (_, setting) => {
		const environment = { PATH: process.env.PATH, ...write(setting) };
		const { stdout } = await run([...findNpmCli(), 'config', 'get', 'registry'], {
			cwd: join(root, 'project'),
			environment,
		});
		const registry = read(setting).registry ?? (await askNpmForRegistry(join(root, 'project'), environment));
		expect(registry).toBe(stdout.trim().replace(/\/?$/, '/'));
	},
	900_000,
);

test('a scope can have a registry of its own', () => {
	const config = read({ project: `registry=${A}\n@acme:registry=https://acme.example` });
	expect(config.registryFor('greet')).toBe(A);
	expect(config.registryFor('@acme/greet')).toBe('https://acme.example/');
	expect(config.registryFor('@other/greet')).toBe(A);
});

const AUTHORIZATIONS: readonly (readonly [string, Setting, string, string | undefined])[] = [
	['a token of the host', { user: `//a.example/:_authToken=${TOKEN}` }, A, `Bearer ${TOKEN}`],
	[
		'a token of the host, for a path on it',
		{ user: `//a.example/:_authToken=${TOKEN}` },
		'https://a.example/npm/x/',
		`Bearer ${TOKEN}`,
	],
	['a token of another path', { user: `//a.example/npm/:_authToken=${TOKEN}` }, A, undefined],
	['a token of another port', { user: `//a.example:8443/:_authToken=${TOKEN}` }, A, undefined],
	['a token of another host', { user: `//b.example/:_authToken=${TOKEN}` }, A, undefined],
	[
		'a token from a variable, as setup-node writes it',
		{
			user: `//a.example/:_authToken=${variable('NODE_AUTH_TOKEN')}`,
			environment: { NODE_AUTH_TOKEN: TOKEN },
		},
		A,
		`Bearer ${TOKEN}`,
	],
	[
		'a variable that is not set',
		{ user: `//a.example/:_authToken=${variable('NODE_AUTH_TOKEN')}` },
		A,
		undefined,
	],
	[
		'an optional variable that is not set',
		{ user: `//a.example/:_authToken=${variable('NODE_AUTH_TOKEN?')}` },
		A,
		undefined,
	],
	[
		"setup-node's placeholder",
		{
			user: `//a.example/:_authToken=${variable('NODE_AUTH_TOKEN')}`,
			environment: { NODE_AUTH_TOKEN: 'XXXXX-XXXXX-XXXXX-XXXXX' },
		},
		A,
		undefined,
	],
	['NODE_AUTH_TOKEN alone', { environment: { NODE_AUTH_TOKEN: TOKEN } }, A, `Bearer ${TOKEN}`],
	['NPM_TOKEN alone', { environment: { NPM_TOKEN: TOKEN } }, A, `Bearer ${TOKEN}`],
	[
		'a file before NPM_TOKEN',
		{ user: '//a.example/:_authToken=x', environment: { NPM_TOKEN: TOKEN } },
		A,
		'Bearer x',
	],
	['user and password in one', { user: '//a.example/:_auth=dXNlcjpwYXNz' }, A, 'Basic dXNlcjpwYXNz'],
	[
		'user and password',
		{ user: '//a.example/:username=user\n//a.example/:_password=cGFzcw==' },
		A,
		'Basic dXNlcjpwYXNz',
	],
	['the environment', { environment: { 'npm_config_//a.example/:_authToken': TOKEN } }, A, `Bearer ${TOKEN}`],
];

test.each(AUTHORIZATIONS)('credentials: %s', (_, setting, registry, expected) => {
	expect(read(setting).authorizationFor(registry)).toBe(expected);
});

test('printing the configuration shows no credentials', () => {
	const config = read({ user: `//a.example/:_authToken=${TOKEN}`, environment: { NPM_TOKEN: TOKEN } });
	expect(inspect(config, { depth: 9, showHidden: true }) + JSON.stringify(config)).not.toContain(TOKEN);
});

test.each([
	'ftp://a.example/',
	'not an address',
	'https://user:pass@a.example/',
	'https://user@a.example/',
	'https://:pass@a.example/',
	'https://a.example/?x=1',
])('refuses the registry %s', (registry) => {
	const reading = () => read({ user: `registry=${registry}` });
	expect(reading).toThrow(expect.objectContaining({ name: 'SlipwayError', code: 'NPM_CONFIG_INVALID' }));
	expect(reading).not.toThrow(/pass@/);
});
