import type { Link, LinkType } from './sbom.ts';

const MAX_LENGTH = 2048;

/** `github:owner/name`, `owner/name` and git's own forms, as `repository` of package.json may write them. */
const SHORT = /^(?:(github|gitlab|bitbucket):)?([\w.-]{1,100}\/[\w.-]{1,100})$/;
/** What most addresses are and needs no second look: no user, no query, nothing to encode. */
const PLAIN = /^https:\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)+\/(?:[A-Za-z0-9@_~+-]+[./])*[A-Za-z0-9@_~+-]*$/;
const HOSTS: ReadonlyMap<string, string> = new Map([
	['github', 'github.com'],
	['gitlab', 'gitlab.com'],
	['bitbucket', 'bitbucket.org'],
]);

/** An address that can be written into an SBOM: absolute, without user name, password and fragment of a secret. */
export const toPublicUrl = (text: unknown): string | undefined => {
	if (typeof text !== 'string' || text.length > MAX_LENGTH) return undefined;
	if (PLAIN.test(text)) return text;
	const address = text.replace(/^git@([\w.-]+):/, 'git+ssh://git@$1/');
	if (!/^(https?|git|ssh|git\+(https?|ssh|file)):\/\//.test(address) || !URL.canParse(address))
		return undefined;
	const url = new URL(address);
	// ssh needs the user "git" and it is no secret; every other one may be.
	if (url.username !== 'git') url.username = '';
	url.password = '';
	url.search = '';
	return url.href;
};

const toRepositoryUrl = (value: unknown): string | undefined => {
	const text = typeof value === 'string' ? value : (value as { url?: unknown } | null | undefined)?.url;
	if (typeof text !== 'string') return undefined;
	const [, host = 'github', path] = SHORT.exec(text) ?? [];
	return path === undefined ? toPublicUrl(text) : `https://${HOSTS.get(host)}/${path}`;
};

const toLink = (type: LinkType, url: string | undefined): Link[] =>
	url === undefined ? [] : [{ type, url }];

/** Where a package comes from and what its manifest points to. */
export const toLinks = (facts: {
	readonly resolved?: unknown;
	readonly repository?: unknown;
	readonly homepage?: unknown;
}): readonly Link[] => [
	...toLink('distribution', toPublicUrl(facts.resolved)),
	...toLink('vcs', toRepositoryUrl(facts.repository)),
	...toLink('website', toPublicUrl(facts.homepage)),
];
