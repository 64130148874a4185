import { trimEndOf } from '@slipway/core';
import type { PackageJson } from '../packed/package-json.ts';
import { error, type Problem, quote, warning } from './problem.ts';

const HOSTS: Readonly<Record<string, string>> = {
	github: 'github.com',
	gitlab: 'gitlab.com',
	bitbucket: 'bitbucket.org',
};

/** `github:acme/greet` and `acme/greet` in full (npm's package.json(5), "repository"). */
const expand = (text: string): string => {
	const short = /^(?:(github|gitlab|bitbucket):)?([\w.-]{1,100}\/[\w.-]{1,100})$/.exec(text);
	return short ? `https://${HOSTS[short[1] ?? 'github']}/${short[2]}` : text;
};

/** Host and path, in which all spellings of one repository agree; undefined for what names none. */
export const toRepositoryKey = (text: string): string | undefined => {
	const url = expand(text.trim())
		.replace(/^git\+/, '')
		.replace(/^(?:ssh:\/\/)?git@([^:/]{1,253})[:/]/, 'https://$1/')
		.replace(/^git:\/\//, 'https://');
	if (!URL.canParse(url)) return undefined;
	const { host, pathname } = new URL(url);
	const path = trimEndOf(pathname, '/').replace(/\.git$/, '');
	return host === '' || path === '' ? undefined : `${host}${path}`.toLowerCase();
};

const HINT =
	'Write the repository that is built into `repository.url` of package.json: npm compares it with the provenance.';

/** @param source the repository that was built, from the manifest; null: not known */
export const checkRepository = ({ repository }: PackageJson, source: string | null): readonly Problem[] => {
	const text = typeof repository === 'string' ? repository : repository?.url;
	if (text === undefined)
		return [warning('repository', 'expected `repository` in package.json, found none', HINT)];
	const found = toRepositoryKey(text);
	if (found === undefined)
		return [error('repository', `repository ${quote(text)} is no address of a repository`, HINT)];
	const expected = source === null ? undefined : toRepositoryKey(source);
	if (expected === undefined || expected === found) return [];
	return [
		error('repository', `expected repository ${quote(expected)}, which was built, got ${quote(found)}`, HINT),
	];
};
