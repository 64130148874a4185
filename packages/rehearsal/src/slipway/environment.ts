import { delimiter, dirname, join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a program needs of its surroundings; no name here ever holds a credential. */
const PASSED_ON = [
	'SystemRoot',
	'SystemDrive',
	'windir',
	'PATHEXT',
	'COMSPEC',
	'NODE_EXTRA_CA_CERTS',
	'SSL_CERT_FILE',
	'SSL_CERT_DIR',
	'JAVA_HOME',
	'GOROOT',
	'RUSTUP_HOME',
	'NO_COLOR',
] as const;

export interface ChildHome {
	/** The user's own environment. */
	readonly environment: Environment;
	/** A folder of the rehearsal, in place of the user's home. */
	readonly home: string;
	/** Where Node keeps compiled code. */
	readonly compileCache: string;
	/** Where dependencies come from. undefined: npm's own default. */
	readonly registry: string | undefined;
}

/** A clean environment: programs are found as the user finds them, but home, caches and npm's settings are our own. */
export const toChildEnvironment = ({
	environment,
	home,
	compileCache,
	registry,
}: ChildHome): Environment => ({
	...Object.fromEntries(PASSED_ON.map((name) => [name, environment[name]])),
	PATH: [dirname(process.execPath), environment.PATH ?? environment.Path ?? ''].join(delimiter),
	HOME: home,
	USERPROFILE: home,
	TMPDIR: join(home, 'tmp'),
	TEMP: join(home, 'tmp'),
	TMP: join(home, 'tmp'),
	LANG: 'C.UTF-8',
	NO_PROXY: '127.0.0.1',
	NODE_COMPILE_CACHE: compileCache,
	npm_config_registry: registry?.replace(/\/?$/, '/'),
	npm_config_userconfig: join(home, '.npmrc'),
	npm_config_globalconfig: join(home, 'global.npmrc'),
	npm_config_cache: join(home, '.npm'),
	npm_config_update_notifier: 'false',
});
