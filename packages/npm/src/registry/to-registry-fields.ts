import { type PackageJson, toBin, toBundled } from '../package-json.ts';

/** Hosts whose addresses npm writes out: shorthand prefix, host. */
const HOSTS: Readonly<Record<string, string>> = {
	github: 'github.com',
	gitlab: 'gitlab.com',
	bitbucket: 'bitbucket.org',
};

const SHORTHAND = /^(?:(github|gitlab|bitbucket):)?([\w.-]+)\/([\w.-]+?)(?:\.git)?$/;
const HOSTED =
	/^(?:git\+)?(?:https?|git|ssh):\/\/(?:git@)?(github\.com|gitlab\.com|bitbucket\.org)\/([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/;

interface Hosted {
	readonly host: string;
	readonly path: string;
}

const findHosted = (url: string): Hosted | undefined => {
	const [, prefix, owner, repo] = SHORTHAND.exec(url) ?? [];
	if (owner !== undefined)
		return { host: HOSTS[prefix ?? 'github'] ?? 'github.com', path: `${owner}/${repo}` };
	const [, host, hostedOwner, hostedRepo] = HOSTED.exec(url) ?? [];
	return host === undefined ? undefined : { host, path: `${hostedOwner}/${hostedRepo}` };
};

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const toRepository = (repository: unknown): object => {
	const given = typeof repository === 'string' ? { type: 'git', url: repository } : repository;
	if (!isObject(given) || typeof given.url !== 'string') return {};
	const hosted = findHosted(given.url);
	const url = hosted ? `git+https://${hosted.host}/${hosted.path}.git` : given.url;
	return { repository: { ...given, url } };
};

/** Where the package does not say: the repository's own pages. */
const toLinks = ({ repository, bugs, homepage }: PackageJson): object => {
	const url = typeof repository === 'string' ? repository : isObject(repository) ? repository.url : undefined;
	const hosted = typeof url === 'string' ? findHosted(url) : undefined;
	const base = hosted && `https://${hosted.host}/${hosted.path}`;
	return {
		...(typeof bugs === 'string' && { bugs: { url: bugs } }),
		...(bugs === undefined && base && { bugs: { url: `${base}/issues` } }),
		...(homepage === undefined && base && { homepage: `${base}#readme` }),
	};
};

/** "Name <mail> (address)" as an object (npm's documentation of package.json, "people fields"). */
const toPerson = (person: unknown): unknown => {
	if (typeof person !== 'string') return person;
	const name = /^[^(<]+/.exec(person)?.[0].trim();
	const email = /<([^<>]+)>/.exec(person)?.[1];
	const url = /\(([^()]+)\)/.exec(person)?.[1];
	return { ...(name && { name }), ...(email && { email }), ...(url && { url }) };
};

const toPeople = ({ author, contributors, maintainers }: PackageJson): object => ({
	...(author !== undefined && { author: toPerson(author) }),
	...(Array.isArray(contributors) && { contributors: contributors.map(toPerson) }),
	...(Array.isArray(maintainers) && { maintainers: maintainers.map(toPerson) }),
});

const toKeywords = ({ keywords }: PackageJson): object =>
	typeof keywords === 'string' ? { keywords: keywords.split(/,\s+/) } : {};

/** package.json with the shorthands that npm allows written out, as registries and their clients expect it. */
export const toRegistryFields = (packageJson: PackageJson): Record<string, unknown> => {
	const { bundledDependencies: _alias, patchedDependencies: _local, ...own } = packageJson;
	const bin = toBin(packageJson);
	const bundled = toBundled(packageJson);
	return {
		...Object.fromEntries(Object.entries(own).filter(([key]) => !key.startsWith('_'))),
		...(bin && { bin }),
		...(bundled.length > 0 && { bundleDependencies: bundled }),
		...(typeof packageJson.man === 'string' && { man: [packageJson.man] }),
		...toRepository(packageJson.repository),
		...toLinks(packageJson),
		...toPeople(packageJson),
		...toKeywords(packageJson),
	};
};
