import { join } from 'node:path';
import { parseJson, trimEndOf } from '@slipway/core';
import type { NpmTarget } from '@slipway/core/config';
import { createHttpClient } from '@slipway/http';
import type { NpmCredentials } from '@slipway/npm';
import * as v from 'valibot';
import { findNpmFolders } from '../join/npm-packages.ts';
import { openNpmRegistry } from '../join/publishers.ts';
import { readPlainFile } from '../join/read-plain-file.ts';
import { type Callers, readCallers } from './callers.ts';
import type { Check, Examination } from './examination.ts';
import { bad, fromThrown, good, type Observation } from './observation.ts';

const PackageJson = v.object({
	name: v.string(),
	version: v.optional(v.string()),
	repository: v.optional(v.union([v.string(), v.object({ url: v.optional(v.string()) })])),
});
type PackageJson = v.InferOutput<typeof PackageJson>;

interface Look extends Examination {
	readonly target: NpmTarget;
	readonly registry: string;
	readonly credentials: NpmCredentials;
	readonly callers: Callers;
}

const readPackages = async (examination: Examination): Promise<PackageJson[]> => {
	const folders = await findNpmFolders(examination.project);
	const read = await Promise.all(
		folders.map(async (folder) =>
			v.safeParse(PackageJson, parseJson(await readPlainFile(join(folder, 'package.json')), 'package.json')),
		),
	);
	return read.flatMap(({ success, output }) => (success ? [output] : []));
};

/** What npm's form for a trusted publisher has to say, in its own words. */
const toRegistration = ({ rest, callers }: Look): string => {
	const [owner = 'OWNER', repository = 'NAME'] = rest?.repository.split('/') ?? [];
	return `GitHub Actions; organization or user ${owner}; repository ${repository}; workflow filename ${callers.file ?? 'release.yml'}; environment ${callers.npmEnvironment}; allow publishing, staged publishing and dist-tags`;
};

/** A token of the job is asked for and exchanged: nothing is written by that. */
const checkTrust = async (name: string, look: Look): Promise<Observation> => {
	const about = `npm: trusted publisher of ${name}`;
	const registration = toRegistration(look);
	if (!look.credentials.kind.startsWith('oidc'))
		return bad('unknown', 'PUBLISHER_UNREGISTERED', {
			about,
			message: 'only a job with `id-token: write` can ask whether the registry trusts it',
			action: `Register exactly this at the registry's page of the package: ${registration}.`,
		});
	try {
		await look.credentials.authorize(name, 'dist-tag', look.context);
		return good(about, registration);
	} catch (thrown) {
		const refused = fromThrown(about, thrown);
		return {
			...refused,
			action: `Register exactly this: ${registration}. A 404 says that nothing matching is registered.`,
		};
	}
};

const toRepositoryUrl = ({ repository }: PackageJson): string =>
	(typeof repository === 'string' ? repository : (repository?.url ?? ''))
		.replace(/^github:/, '')
		.replace(/^git\+/, '')
		.replace(/\.git$/, '');

/** npm refuses provenance (422) when package.json names another repository than the one that publishes. */
const checkRepository = (found: PackageJson, { rest }: Look): Observation[] => {
	if (!rest) return [];
	const about = `npm: repository of ${found.name}`;
	const url = toRepositoryUrl(found);
	const isSame = url.toLowerCase().split(/[/:]/).slice(-2).join('/') === rest.repository.toLowerCase();
	if (isSame) return [good(about, rest.repository)];
	return [
		bad('error', 'REPOSITORY_MISMATCH', {
			about,
			message: `expected package.json to name ${rest.repository}, got ${url === '' ? 'no repository' : url}`,
			action: `Set \`"repository": "github:${rest.repository}"\` in package.json: npm refuses provenance of another one.`,
		}),
	];
};

const checkName = async (
	found: PackageJson,
	{ registry, project, context, credentials }: Look,
): Promise<Observation> => {
	const about = `npm: ${found.name}`;
	const base = new URL(registry);
	const authorization = await credentials.authorize(found.name, 'read', context);
	const reply = await createHttpClient({ origin: base.origin }).send({
		method: 'GET',
		path: `${trimEndOf(base.pathname, '/')}/${found.name.replace('/', '%2f')}/${project.version}`,
		headers: { accept: 'application/json', ...(authorization !== undefined && { authorization }) },
		signal: context.signal,
		timeoutMs: 2000,
	});
	const action = 'Look at `registry` and at the network, then run the command again.';
	if (reply.kind === 'lost')
		return bad('unknown', 'SERVICE_UNREACHABLE', { about, message: `the registry: ${reply.reason}`, action });
	if (reply.status === 404) return good(about, `${project.version} is free`);
	if (reply.status !== 200)
		return bad('unknown', 'SERVICE_UNREACHABLE', {
			about,
			message: `the registry answers ${reply.status}`,
			action,
		});
	return bad('warning', 'VERSION_TAKEN', {
		about,
		message: `${project.version} is published already`,
		action: `Raise \`version\` before the next release; \`slipway status ${project.version}\` tells what is where.`,
	});
};

const TOKENS = ['NPM_TOKEN', 'NODE_AUTH_TOKEN'];

/** A lasting token beside trusted publishing is what was stolen in most takeovers: it is not needed, so it goes. */
const checkTokens = ({ credentials, project }: Look): Observation[] => {
	const seen = TOKENS.filter((name) => project.door.environment[name]);
	if (credentials.kind !== 'oidc and token' && seen.length === 0) return [];
	return [
		bad('warning', 'PUBLISH_TOKEN_VISIBLE', {
			about: 'npm: tokens',
			message: `a lasting token is within reach (${seen.join(', ') || '.npmrc'})`,
			action:
				'Take it out of the job and revoke it: trusted publishing needs none; only rollback takes one, to deprecate.',
		}),
	];
};

const checkTarget = async (target: NpmTarget, examination: Examination): Promise<readonly Observation[]> => {
	const opened = await openNpmRegistry(examination.project, target);
	const look = { ...examination, ...opened, target, callers: await readCallers(examination.project) };
	const packages = await readPackages(examination);
	const found = await Promise.all(
		packages.map(async (found) => [
			await checkName(found, look),
			...checkRepository(found, look),
			await checkTrust(found.name, look),
		]),
	);
	return [...found.flat(), ...checkTokens(look)];
};

/** Names, repositories and trusted publishers of npm packages. */
export const checkNpm: Check = {
	about: 'npm',
	look: async (examination) => {
		const targets = Object.values(examination.project.config.targets);
		const npm = targets.filter((target) => target.type === 'npm');
		return (await Promise.all(npm.map((target) => checkTarget(target, examination)))).flat();
	},
};
