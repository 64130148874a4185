type Environment = Readonly<Record<string, string | undefined>>;

/** Where programs, the user's own configuration of git and its credentials are found, and how the network is reached. */
const INHERITED = [
	...['PATH', 'Path', 'HOME', 'XDG_CONFIG_HOME', 'TMPDIR', 'TEMP', 'TMP'],
	...['USERPROFILE', 'HOMEDRIVE', 'HOMEPATH', 'SystemRoot', 'APPDATA', 'LOCALAPPDATA'],
	...['GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM', 'GIT_CONFIG_NOSYSTEM'],
	...['SSH_AUTH_SOCK', 'GIT_SSH_COMMAND', 'GIT_SSL_CAINFO', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
	...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'],
	...['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'],
];

/** Nothing that a repository names is run, nobody is asked anything, messages are English. */
const FIXED: Environment = {
	LC_ALL: 'C.UTF-8',
	GIT_TERMINAL_PROMPT: '0',
	GIT_ASKPASS: '',
	GCM_INTERACTIVE: 'never',
	GIT_OPTIONAL_LOCKS: '0',
	GIT_NO_REPLACE_OBJECTS: '1',
	GIT_PAGER: 'cat',
};

const SAFE: readonly Setting[] = [
	['core.fsmonitor', 'false'],
	['core.hooksPath', '/dev/null'],
	['core.pager', 'cat'],
	['protocol.allow', 'never'],
	...['http', 'https', 'ssh', 'git', 'file'].map((name): Setting => [`protocol.${name}.allow`, 'always']),
	['credential.interactive', 'false'],
];

/** One line of git's configuration: its key and its value. */
export type Setting = readonly [string, string];

const toUrl = (address: string | undefined): URL | undefined =>
	address !== undefined && /^https?:\/\//i.test(address) && URL.canParse(address)
		? new URL(address)
		: undefined;

const toBasic = (user: string, password: string): string =>
	Buffer.from(`${user}:${password}`).toString('base64');

const toDecoded = (text: string): string => {
	try {
		return decodeURIComponent(text);
	} catch {
		return text; // a bare percent sign
	}
};

/** The token is the forge's own: it goes to the server that GITHUB_SERVER_URL names, and nowhere else. */
const findBasic = (url: URL | undefined, environment: Environment): string | undefined => {
	if (!url) return undefined;
	if (url.password !== '') return toBasic(toDecoded(url.username), toDecoded(url.password));
	const server = toUrl(environment.GITHUB_SERVER_URL || 'https://github.com');
	const token = environment.GITHUB_TOKEN;
	return token && url.origin === server?.origin ? toBasic('x-access-token', token) : undefined;
};

/** A redirect would carry the header to another server; the first, empty value drops headers of other configuration. */
const toAuthorization = (url: URL, basic: string): readonly Setting[] => [
	[`http.${url.origin}/.extraheader`, ''],
	[`http.${url.origin}/.extraheader`, `AUTHORIZATION: basic ${basic}`],
	['http.followRedirects', 'false'],
];

/** A user name alone stays: a credential helper may know its password. */
const toRemote = (remote: string | undefined): readonly Setting[] => {
	if (remote === undefined) return [];
	const address = toUrl(remote)?.password ? toPublicAddress(remote) : remote;
	return [['remote.slipway.url', address]];
};

/** How git is told of settings without any in argv, which everybody on the machine can read. */
const toVariables = (settings: readonly Setting[]): Environment => ({
	GIT_CONFIG_COUNT: String(settings.length),
	...Object.fromEntries(
		settings.flatMap(([key, value], index) => [
			[`GIT_CONFIG_KEY_${index}`, key],
			[`GIT_CONFIG_VALUE_${index}`, value],
		]),
	),
});

/** An address of a repository without user name and password of http. */
export const toPublicAddress = (address: string): string => {
	const url = toUrl(address);
	if (!url || (url.username === '' && url.password === '')) return address;
	url.username = '';
	url.password = '';
	return url.href;
};

/** The environment of a git, and what must never be seen in its output. */
export interface GitEnvironment {
	readonly environment: Environment;
	readonly secrets: readonly string[];
}

/**
 * The whole environment of a child that is git: no prompts, no hooks, none of the caller's GIT_* variables, but the
 * user's own configuration, so that insteadOf and credential helpers work. The remote is called `slipway` in it. Where it
 * is on the server that GITHUB_SERVER_URL names, GITHUB_TOKEN is its password; a password inside an address of http is
 * sent as a header as well. Neither is ever in argv.
 */
export const toGitEnvironment = (
	environment: Environment,
	{ remote, settings = [] }: { readonly remote?: string; readonly settings?: readonly Setting[] } = {},
): GitEnvironment => {
	const url = toUrl(remote);
	const basic = findBasic(url, environment);
	const authorization = url && basic !== undefined ? toAuthorization(url, basic) : [];
	return {
		environment: {
			...Object.fromEntries(INHERITED.map((name) => [name, environment[name]])),
			...FIXED,
			...toVariables([...SAFE, ...toRemote(remote), ...settings, ...authorization]),
		},
		secrets: [environment.GITHUB_TOKEN, basic, url?.password].flatMap((secret) => secret || []),
	};
};
