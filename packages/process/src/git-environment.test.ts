import { toGitEnvironment, toPublicAddress } from './git-environment.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The settings that a git with this environment has, in order. */
const readSettings = (environment: Environment): readonly (readonly [string, string])[] =>
	Array.from({ length: Number(environment.GIT_CONFIG_COUNT) }, (_, index) => [
		environment[`GIT_CONFIG_KEY_${index}`] ?? '',
		environment[`GIT_CONFIG_VALUE_${index}`] ?? '',
	]);

const findHeaders = (remote: string, environment: Environment): readonly (readonly [string, string])[] =>
	readSettings(toGitEnvironment(environment, { remote }).environment).filter(([key]) =>
		key.endsWith('.extraheader'),
	);

const basic = (text: string): string => `AUTHORIZATION: basic ${Buffer.from(text).toString('base64')}`;

const TOKEN = { GITHUB_TOKEN: 'ghs_1' };
const ENTERPRISE = { ...TOKEN, GITHUB_SERVER_URL: 'https://git.example.org:8443' };

test.each<[string, Environment, string]>([
	['https://github.com/acme/greet.git', TOKEN, 'https://github.com'],
	['https://GitHub.com/acme/greet', TOKEN, 'https://github.com'],
	['https://git.example.org:8443/acme/greet', ENTERPRISE, 'https://git.example.org:8443'],
	['https://github.com/acme/greet', { ...TOKEN, GITHUB_SERVER_URL: '' }, 'https://github.com'],
])('the token is sent to the server that it is for: %s', (remote, environment, origin) => {
	expect(findHeaders(remote, environment)).toEqual([
		[`http.${origin}/.extraheader`, ''],
		[`http.${origin}/.extraheader`, basic('x-access-token:ghs_1')],
	]);
});

test.each<[string, Environment]>([
	['https://example.org/acme/greet', TOKEN],
	['https://github.com.example.org/acme/greet', TOKEN],
	['http://github.com/acme/greet', TOKEN],
	['https://github.com:444/acme/greet', TOKEN],
	['https://github.com@example.org/acme/greet', TOKEN],
	['https://github.com/acme/greet', ENTERPRISE],
	['git@github.com:acme/greet.git', TOKEN],
	['ssh://git@github.com/acme/greet.git', TOKEN],
	['/srv/greet.git', TOKEN],
	['https://github.com/acme/greet', {}],
	['https://github.com/acme/greet', { GITHUB_TOKEN: '' }],
])('no token is sent to %s', (remote, environment) => {
	expect(findHeaders(remote, environment)).toEqual([]);
});

test.each([
	['https://ann:p%40ss@example.org/x.git', 'ann:p@ss'],
	['https://ann:100%@example.org/x.git', 'ann:100%'],
])('a password in an address becomes a header, and is gone from the address: %s', (remote, secret) => {
	const { environment, secrets } = toGitEnvironment(TOKEN, { remote });
	expect(readSettings(environment)).toContainEqual(['http.https://example.org/.extraheader', basic(secret)]);
	expect(readSettings(environment)).toContainEqual(['remote.slipway.url', 'https://example.org/x.git']);
	expect(secrets).toContain(Buffer.from(secret).toString('base64'));
});

test('a header never follows a redirect; without one, redirects are followed as git does', () => {
	const toSettings = (environment: Environment) =>
		readSettings(toGitEnvironment(environment, { remote: 'https://github.com/a/b' }).environment);
	expect(toSettings(TOKEN)).toContainEqual(['http.followRedirects', 'false']);
	expect(toSettings({}).map(([key]) => key)).not.toContain('http.followRedirects');
});

test('a child gets what leads to the user, and nothing that leads git elsewhere', () => {
	const { environment } = toGitEnvironment({
		PATH: '/bin',
		HOME: '/home/ann',
		SSH_AUTH_SOCK: '/run/agent',
		HTTPS_PROXY: 'http://proxy',
		GITHUB_TOKEN: 'ghs_1',
		NPM_TOKEN: 'npm_1',
		GIT_DIR: '/elsewhere',
		GIT_SSL_NO_VERIFY: '1',
		GIT_CONFIG_COUNT: '1',
		GIT_CONFIG_KEY_0: 'core.fsmonitor',
		GIT_CONFIG_VALUE_0: 'evil',
		GIT_ASKPASS: '/bin/evil',
	});
	expect(environment).toMatchObject({
		PATH: '/bin',
		HOME: '/home/ann',
		SSH_AUTH_SOCK: '/run/agent',
		HTTPS_PROXY: 'http://proxy',
		GIT_ASKPASS: '',
		GIT_TERMINAL_PROMPT: '0',
	});
	for (const name of ['GITHUB_TOKEN', 'NPM_TOKEN', 'GIT_DIR', 'GIT_SSL_NO_VERIFY'])
		expect(environment[name]).toBeUndefined();
	const settings = readSettings(environment);
	expect(settings).toContainEqual(['core.fsmonitor', 'false']);
	expect(settings).toContainEqual(['protocol.allow', 'never']);
	expect(settings.map(([, value]) => value)).not.toContain('evil');
});

test.each([
	['https://ann:secret@example.org/x.git', 'https://example.org/x.git'],
	['https://token@example.org/x.git', 'https://example.org/x.git'],
	['git@example.org:x.git', 'git@example.org:x.git'],
	['/srv/x.git', '/srv/x.git'],
	['origin', 'origin'],
])('%s is shown as %s', (address, shown) => {
	expect(toPublicAddress(address)).toBe(shown);
});
