import { toChildEnvironment } from './environment.ts';

const SECRET = 'secret-of-the-user';
const USER = {
	PATH: '/usr/bin',
	HOME: '/home/ada',
	NODE_AUTH_TOKEN: SECRET,
	NPM_TOKEN: SECRET,
	npm_config__authToken: SECRET,
	'npm_config_//registry.example/:_authToken': SECRET,
	npm_config_userconfig: '/home/ada/.npmrc',
	APT_SIGNING_KEY: SECRET,
	GITHUB_TOKEN: SECRET,
	ACTIONS_ID_TOKEN_REQUEST_TOKEN: SECRET,
	AWS_SECRET_ACCESS_KEY: SECRET,
	HTTPS_PROXY: `http://ada:${SECRET}@proxy.example`,
	NODE_OPTIONS: '--require ./mine.js',
};

const made = toChildEnvironment({
	environment: USER,
	home: '/rehearsal/a/home',
	compileCache: '/rehearsal/cache',
	registry: 'http://127.0.0.1:1',
});

test('no secret of the user is passed on', () => {
	expect(JSON.stringify(made)).not.toContain(SECRET);
});

test("nothing points into the user's home", () => {
	expect(JSON.stringify(made)).not.toContain('/home/ada');
	expect(made).toMatchObject({
		HOME: '/rehearsal/a/home',
		npm_config_userconfig: expect.stringContaining('.npmrc'),
		npm_config_registry: 'http://127.0.0.1:1/',
	});
});

test('programs are found as the user finds them, this node first', () => {
	expect(made.PATH?.endsWith('/usr/bin')).toBe(true);
	expect(made.PATH?.startsWith(process.execPath.slice(0, process.execPath.lastIndexOf('/')))).toBe(true);
});
