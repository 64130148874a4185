/** A regular expression that is slower than linear, or that recheck cannot judge, and why that is no harm. */
export interface RegexException {
	readonly pattern: RegExp;
	/** Where its input comes from, and what bounds it. */
	readonly reason: string;
	/** Characters of the longest input. */
	readonly most: number;
	/** What is worst for it: a start, what is repeated, an end. */
	readonly attack: readonly [start: string, pump: string, end: string];
}

const on = (
	reason: string,
	most: number,
	pattern: RegExp,
	attack: RegexException['attack'],
): RegexException => ({ pattern, reason, most, attack });

/** Lines of configuration and metadata of the project itself, which its own limits keep below this. */
const OWN = 2048;

export const EXCEPTIONS: readonly RegexException[] = [
	on("an entry of `files` in the project's own package.json", OWN, /(?<!\/\*{0,2})(?:\/\*{0,2})+$/, [
		'a',
		'/',
		'x',
	]),
	on(
		'a suite, which the pattern itself ends at 200 characters',
		OWN,
		/^(?!.*(?:\.\.|\/\/|@\{|\.lock(?:\/|$)|\/\.|\.$|\/$))[A-Za-z0-9_][A-Za-z0-9._/-]{0,199}$/,
		['', 'a', '//'],
	),
	on('a field of a tar header', 12, /^ *([0-7]*)[ \0]*$/, ['', ' ', 'x']),
	on("GitHub's address of a run, given by the runner", OWN, /\d+$/, ['', '1', 'x']),
	on(
		'the last 160 characters of the name of a tag',
		160,
		/(?:^|[@v/-])(\d{1,20}\.\d{1,20}\.\d{1,20}[^/@]{0,100})$/,
		['', '-1.1.1', '/'],
	),
	on('a version in package.json', OWN, /^\s*(?:>=|\^|~)?\s*v?(\d{1,3})(?:\.|\s|$)/, ['', ' ', 'x']),
	on("the project's own name, when it begins", OWN, /^[^a-z0-9]+|[-.]+$/g, ['', '-', 'A']),
	on("the project's own description, when it begins", OWN, /\s+\S*$/, ['', ' ', 'x ']),
	on(
		'a line of a licence of at most 300 characters',
		300,
		/^copyright[ \t]+(?:\(c\)|©)?[ \t]*(\d{4}.{2,200})$/i,
		['copyright', ' ', 'x'],
	),
	on('what is left of such a line', 300, /[,.]?[ \t]*all rights reserved\.?/i, ['', ' ', 'x']),
	on("a block of the project's own description", OWN, /^\n+|\n+$/g, ['a', '\n', 'x']),
	on("the project's own maintainer", OWN, / <.*$/, ['', ' <', '\n']),
	on('the name of a licence of the SPDX list', 100, /-.*$/, ['', '-', '\n']),
	on('a line of what apt-cache prints', OWN, /^ *([^ :]+)\S* \| *(\S+) \| .* (\S+) Packages$/, [
		' a | a |',
		' a',
		' x',
	]),
	on('the name of a folder of the repository, which Slipway made', 255, /(\d+)-[0-9a-f]{16}$/, [
		'',
		'1',
		'-x',
	]),
	on(
		'the secret key of the environment, which its own pipeline sets',
		64 * 1024,
		/-----BEGIN PGP PRIVATE KEY BLOCK-----[\s\S]*?-----END PGP PRIVATE KEY BLOCK-----/g,
		['', '-----BEGIN PGP PRIVATE KEY BLOCK-----', ''],
	),
	on(
		'parts of 64 KiB of a file',
		64 * 1024,
		/-----BEGIN (?:[A-Z]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:\\[rn]|\s|[A-Za-z-]{1,20}: [^\n]{0,100}\n){1,12}[A-Za-z0-9+/]{32}/g,
		['', '-----BEGIN PRIVATE KEY-----\n\n\n\n\n\n\n\n\n\n\n\n', ''],
	),
	on(
		'parts of 64 KiB of a file',
		64 * 1024,
		/(?<!\S)machine\s{1,8}\S{1,253}\s{1,8}login\s{1,8}\S{1,253}\s{1,8}password\s{1,8}[^\s$<{*]{6}/g,
		['', 'machine  a  login  a  password  ', ''],
	),
	on(
		'the identity in a certificate, a URI of at most 2 KiB',
		2048,
		/^https:\/\/[^/]+\/([^/]+\/[^/]+)\/\.github\/workflows\//,
		['https://a/', 'a', ''],
	),
	on("a value of the project's or user's own npmrc", OWN, /(\\*)\$\{([^${}?]+)(\?)?\}/g, ['', '\\', '']),
	on("a key of the project's or user's own npmrc", OWN, /([^/]+|\/)$/, ['', 'a', '/a/']),
	on('a purl that the rehearsal itself breaks', OWN, /@.*$/, ['', '@', '\n']),
	on('a statement that the rehearsal itself breaks', OWN, /"verifiedLevels":\[[^\]]*\]/, [
		'',
		'"verifiedLevels":[',
		'',
	]),
	on('the author line that git prints', OWN, /^(.*) <(.*)> (\d+)/, ['', ' <> ', '']),
	on('a name given to the embedded GitHub', OWN, /^\.+|\.+$/g, ['a', '.', 'x']),
	on('a time that the embedded certificate authority writes', 30, /\.?0*$/, ['', '0', 'x']),
	on(
		'the last 10,000 characters that git prints',
		10_000,
		/GH001|exceeds .{1,60}(?:file size limit|maximum allowed size)|larger than the maximum|returned error: 413|entity too large/i,
		['', 'exceeds ', ''],
	),
	on(
		'the last 10,000 characters that git prints',
		10_000,
		/returned error: 40[13]|authentication failed|could not read (?:username|password)|permission denied \(|permission to .{1,300} denied|write access|access denied|not authorized/i,
		['', 'permission to ', ''],
	),
	on(
		'the last 10,000 characters that git prints',
		10_000,
		/repository .{0,300}not found|does not appear to be a git repository|returned error: (?:404|410)|no such remote/i,
		['', 'repository ', ''],
	),
	on(
		'the last 10,000 characters that git prints',
		10_000,
		/non-fast-forward|fetch first|cannot lock ref|failed to lock|unable to create '.{1,500}\.lock'|failed to update ref|incorrect old value|reference already exists|stale info|shallow update not allowed|remote ref .{0,200}changed/i,
		['', "unable to create '", ''],
	),
	on(
		'a log entry; what begins anew ends at the next hyphen, so that it is linear',
		1_000_000,
		/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/,
		['', '-----BEGIN CERTIFICATE-----a', ''],
	),
	on('a value in a workflow of the project', OWN, /^\$\{\{\s{0,9}([^{}]{1,500}?)\s{0,9}\}\}$/, [
		'${{',
		' ',
		'',
	]),
	on('a finding that Slipway words itself', OWN, /: (.*)$/, ['', ': ', '\n']),
];
