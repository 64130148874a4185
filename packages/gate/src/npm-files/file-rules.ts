import type { GateFinding } from '../gate.ts';
import type { PackedFile } from '../packed/packed-file.ts';

/** A kind of file that has no place in a package. */
export interface FileRule {
	readonly what: string;
	readonly severity: GateFinding['severity'];
	/** Against the path without its first folder. */
	readonly matches: (file: PackedFile) => boolean;
}

/** Of the base name. Anchored and without repetition inside repetition. */
const byName = (what: string, pattern: RegExp, severity: GateFinding['severity'] = 'error'): FileRule => ({
	what,
	severity,
	matches: ({ path }) => pattern.test(path.slice(path.lastIndexOf('/') + 1)),
});

/** Of any folder on the way. */
const byFolder = (
	what: string,
	names: readonly string[],
	severity: GateFinding['severity'] = 'error',
): FileRule => ({
	what,
	severity,
	matches: ({ path }) => path.split('/').some((part) => names.includes(part)),
});

const holds = ({ bytes }: PackedFile, text: string): boolean =>
	Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(text);

const KEY_NAME = /\.(?:pem|key|crt|cer|der)$/i;

/** In the order in which they are asked; the first one that matches is told. */
export const FILE_RULES: readonly FileRule[] = [
	byFolder('repository data', ['.git', '.hg', '.svn', '.bzr']),
	byFolder('credentials', ['.ssh', '.aws', '.azure', '.gnupg', '.kube', '.gcloud', '.docker']),
	byName(
		'an environment with values',
		/^\.env(?:rc)?(?:\.(?!(?:example|sample|template|dist|defaults)$)[\w.-]{1,100})?$/,
	),
	byName(
		'registry configuration with logins',
		/^(?:\.npmrc|\.yarnrc(?:\.yml)?|\.pypirc|\.netrc|_netrc|\.gemrc|\.dockercfg|\.git-credentials|\.htpasswd|\.pgpass|\.my\.cnf)$/,
	),
	byName('a private key', /^id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$/),
	byName('a key store', /\.(?:p12|pfx|jks|keystore|kdbx|ppk|p8)$/i),
	{
		what: 'a private key',
		severity: 'error',
		matches: (file) => KEY_NAME.test(file.path) && holds(file, 'PRIVATE KEY'),
	},
	byName(
		'credentials',
		/^(?:credentials|client_secrets?|service[-_]?account[\w.-]{0,60}|secrets?)\.(?:json|ya?ml|toml|ini)$/i,
	),
	byName('a key or certificate', KEY_NAME, 'warning'),
	byName('a packed package', /\.(?:tgz|deb|rpm|whl)$/, 'warning'),
	byName(
		'a core dump or log',
		/^(?:core(?:\.\d{1,10})?|npm-debug\.log|yarn-error\.log|.{0,100}\.heapsnapshot)$/,
		'warning',
	),
	byName('data of an operating system', /^(?:\.DS_Store|Thumbs\.db|desktop\.ini|\._.{0,200})$/, 'warning'),
	byFolder(
		'settings of tools that act on what they are opened in',
		['.vscode', '.idea', '.claude', '.cursor', '.devcontainer', '.husky'],
		'warning',
	),
	byFolder('workflows', ['.github', '.gitlab', '.circleci'], 'warning'),
	byFolder('caches and reports', ['.nyc_output', '.cache', '.turbo', '.parcel-cache'], 'warning'),
];
