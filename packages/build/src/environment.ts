export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What build and test commands inherit: where programs, homes and caches lie, and how the network is reached.
 * Nothing whose value is a credential stands here.
 */
const INHERITED = [
	'PATH',
	'Path',
	'HOME',
	'USERPROFILE',
	'USER',
	'LOGNAME',
	'SHELL',
	'TMPDIR',
	'TEMP',
	'TMP',
	'SystemRoot',
	'SystemDrive',
	'windir',
	'ComSpec',
	'PATHEXT',
	'PROCESSOR_ARCHITECTURE',
	'NUMBER_OF_PROCESSORS',
	'APPDATA',
	'LOCALAPPDATA',
	'ProgramFiles',
	'HTTP_PROXY',
	'HTTPS_PROXY',
	'NO_PROXY',
	'http_proxy',
	'https_proxy',
	'no_proxy',
	'SSL_CERT_FILE',
	'SSL_CERT_DIR',
	'NODE_EXTRA_CA_CERTS',
	'npm_config_registry',
	'npm_config_cache',
	'npm_config_userconfig',
	'npm_config_globalconfig',
	'NODE_COMPILE_CACHE',
	'JAVA_HOME',
	'GOROOT',
	'GOPATH',
	'GOPROXY',
	'GOTOOLCHAIN',
	'CARGO_HOME',
	'RUSTUP_HOME',
	'CC',
	'CXX',
] as const;

/** The environment of build commands: the inherited part, one locale and time zone, and SOURCE_DATE_EPOCH. */
export const toBuildEnvironment = (environment: Environment, epoch: number): Environment => ({
	...Object.fromEntries(
		INHERITED.filter((name) => environment[name] !== undefined).map((name) => [name, environment[name]]),
	),
	LANG: 'C.UTF-8',
	LC_ALL: 'C.UTF-8',
	TZ: 'UTC',
	TERM: 'dumb',
	SOURCE_DATE_EPOCH: String(epoch),
});
