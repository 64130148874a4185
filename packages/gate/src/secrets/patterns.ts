/** A kind of secret: where it may be (a cheap search), and what it looks like. */
export interface SecretPattern {
	readonly kind: string;
	/** Every match holds one of these; texts without them are not searched. */
	readonly marks: readonly string[];
	/** Linear: bounded, or begun only where a token can begin. */
	readonly pattern: RegExp;
}

const at = (kind: string, mark: string | readonly string[], pattern: RegExp): SecretPattern => ({
	kind,
	marks: typeof mark === 'string' ? [mark] : mark,
	pattern,
});

/** What the recommended rules of secretlint leave out: registries, keys in other containers, logins in configuration. */
export const PATTERNS: readonly SecretPattern[] = [
	at(
		'private key',
		'PRIVATE KEY',
		/-----BEGIN (?:[A-Z]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:\\[rn]|\s|[A-Za-z-]{1,20}: [^\n]{0,100}\n){1,12}[A-Za-z0-9+/]{32}/g,
	),
	at('private key (PuTTY)', 'PuTTY-User-Key-File', /PuTTY-User-Key-File-[23]: /g),
	at(
		'private key (minisign)',
		'encrypted secret key',
		/untrusted comment: (?:mini|r)sign encrypted secret key/g,
	),
	at('private key (age)', 'AGE-SECRET-KEY-1', /(?<![A-Z0-9])AGE-SECRET-KEY-1[A-Z0-9]{58}(?![A-Z0-9])/g),
	at(
		'registry login',
		['_authToken', '_password'],
		/:_(?:authToken|password)\s{0,4}=\s{0,4}["']?(?![$"'\s<{*]|x{3}|X{3})[^\s"'#;]{8}/g,
	),
	at(
		'registry login',
		'_auth',
		/(?<![A-Za-z0-9-])_auth\s{0,4}=\s{0,4}["']?(?![$"'\s<{*]|x{3}|X{3})[A-Za-z0-9+/]{12}/g,
	),
	at(
		'login in .netrc',
		'password',
		/(?<!\S)machine\s{1,8}\S{1,253}\s{1,8}login\s{1,8}\S{1,253}\s{1,8}password\s{1,8}[^\s$<{*]{6}/g,
	),
	at(
		'AWS access key',
		['AKIA', 'ASIA'],
		/(?<![A-Za-z0-9+/])(?:AKIA|ASIA)(?![A-Z0-9]{9}EXAMPLE)[A-Z2-7]{16}(?![A-Za-z0-9+/])/g,
	),
	at('PyPI token', 'pypi-', /(?<![\w-])pypi-AgE[\w-]{60}/g),
	at('crates.io token', 'cio', /(?<![A-Za-z0-9])cio[A-Za-z0-9]{32}(?![A-Za-z0-9])/g),
	at('RubyGems token', 'rubygems_', /(?<![A-Za-z0-9])rubygems_[0-9a-f]{48}(?![0-9a-f])/g),
	at('NuGet token', 'oy2', /(?<![A-Za-z0-9])oy2[a-z0-9]{43}(?![A-Za-z0-9])/g),
	at('Docker Hub token', 'dckr_', /(?<![A-Za-z0-9])dckr_[a-z]{3}_[\w-]{27}/g),
	at('Google API key', 'AIza', /(?<![\w-])AIza[\w-]{35}(?![\w-])/g),
	at('Azure storage key', 'AccountKey=', /AccountKey=[A-Za-z0-9+/]{86}==/g),
	at('DigitalOcean token', '_v1_', /(?<![A-Za-z0-9])do[opr]_v1_[0-9a-f]{64}/g),
	at('Telegram bot token', ':AA', /(?<!\d)\d{8,10}:AA[\w-]{33}(?![\w-])/g),
	at('signed token (JWT)', 'eyJ', /(?<![\w-])eyJ[\w-]{12,2000}\.eyJ[\w-]{12,4000}\.[\w-]{32}/g),
];
