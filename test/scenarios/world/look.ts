import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { hasAptGet, lookWithApt, lookWithNpm } from '@slipway/rehearsal/consumer';
import { JOURNAL_BRANCH } from './project.ts';
import type { World } from './world.ts';

/** dist-tags of a package, as the registry tells anybody. */
export const readTags = async (world: World, name = 'greet'): Promise<Record<string, string>> => {
	const reply = await fetch(`${world.services.npm.origin}/${name}`);
	return reply.ok ? ((await reply.json()) as { 'dist-tags': Record<string, string> })['dist-tags'] : {};
};

/** The deprecation of a version, as npm shows it; undefined: none. */
export const readDeprecation = async (world: World, version: string): Promise<string | undefined> => {
	const reply = await fetch(`${world.services.npm.origin}/greet`);
	const { versions } = (await reply.json()) as { versions: Record<string, { deprecated?: string }> };
	return versions[version]?.deprecated;
};

const toPlace = async (world: World) => ({
	folder: await mkdtemp(join(world.services.folder, 'look-')),
	environment: { PATH: process.env.PATH },
	signal: AbortSignal.timeout(60_000),
});

const hasSuite = async ({ services: { apt } }: World): Promise<boolean> =>
	(await fetch(`${apt.origin}/dists/stable/InRelease`)).ok;

/** What users of npm get of a package where they name no version: by npm itself; null: nothing. */
export const lookWithNpmClient = async (world: World, name: string): Promise<string | null> =>
	(await lookWithNpm({ name, pointer: 'latest' }, world.services.npm.origin, await toPlace(world))).version;

/** The same with apt-get, in a root of its own. */
export const lookWithAptClient = async (world: World, name: string): Promise<string | null> => {
	if (!hasAptGet(process.env.PATH) || !(await hasSuite(world))) return null;
	const { apt, aptPublicKey: publicKey } = world.services;
	const repository = { url: apt.origin, component: 'main', publicKey };
	return (await lookWithApt({ name, pointer: 'stable' }, repository, await toPlace(world))).version;
};

/** What users get of greet where they name no version; null: nothing. */
export const lookAsUser = async (
	world: World,
): Promise<{ readonly npm: string | null; readonly apt: string | null; readonly github: string | null }> => {
	const [npm, apt, github] = await Promise.all([
		lookWithNpmClient(world, 'greet'),
		lookWithAptClient(world, 'greet'),
		readLatestRelease(world),
	]);
	return { npm, apt, github };
};

/** Tag of the release that GitHub calls the latest; null: none. */
export const readLatestRelease = async ({
	services: { github, repository },
}: World): Promise<string | null> => {
	const reply = await fetch(`${github.origin}/repos/${repository.name}/releases/latest`);
	return reply.ok ? ((await reply.json()) as { tag_name: string }).tag_name : null;
};

/** Releases as anybody with the right to write sees them. */
export interface SeenRelease {
	readonly tag: string;
	readonly draft: boolean;
	readonly prerelease: boolean;
	readonly assets: readonly string[];
}

const ask = async <T>({ services: { github, repository } }: World, path: string): Promise<T> => {
	const reply = await fetch(`${github.origin}/repos/${repository.name}/${path}`, {
		headers: { authorization: `Bearer ${github.token}` },
	});
	if (!reply.ok) throw new Error(`GET ${path}: ${reply.status} ${await reply.text()}`);
	return (await reply.json()) as T;
};

export const readReleases = async (world: World): Promise<readonly SeenRelease[]> => {
	type Release = { tag_name: string; draft: boolean; prerelease: boolean; assets: { name: string }[] };
	const releases = await ask<Release[]>(world, 'releases?per_page=100');
	return releases.map(({ tag_name, draft, prerelease, assets }) => ({
		tag: tag_name,
		draft,
		prerelease,
		assets: assets.map(({ name }) => name).sort(),
	}));
};

export interface SeenIssue {
	readonly number: number;
	readonly title: string;
	readonly body: string;
	readonly state: string;
}

/** Issues, closed ones too, oldest first. */
export const readIssues = async (world: World): Promise<readonly SeenIssue[]> => {
	const issues = await ask<SeenIssue[]>(world, 'issues?state=all&per_page=100&direction=asc');
	return issues.map(({ number, title, body, state }) => ({ number, title, body, state }));
};

/** Files of the journal's branch, and the newest outcome of a version where it has one. */
export const readJournal = (world: World): Promise<readonly string[]> =>
	world.services.repository.listFiles(JOURNAL_BRANCH);

/** Requests that changed something at npm, in order: `PUT /greet`. */
export const listNpmChanges = ({ services: { npm } }: World): string[] =>
	npm.log
		.filter(({ mutates, status }) => mutates && status < 300)
		.map(({ method, target }) => `${method} ${target}`);

const listChangesOf = (
	log: readonly { readonly effect: string; readonly method: string; readonly path: string }[],
) => log.filter(({ effect }) => effect === 'change').map(({ method, path }) => `${method} ${path}`);

/** Requests that changed something at GitHub, pushes of git among them, in order. */
export const listGitHubChanges = ({ services: { github } }: World): string[] =>
	listChangesOf(github.requests);

/** How many requests have changed anything anywhere. */
export const countChanges = (world: World): number =>
	listNpmChanges(world).length + listGitHubChanges(world).length;

/** Comments of an issue or a pull request. */
export const readComments = async (world: World, number: number): Promise<readonly string[]> =>
	(await ask<{ body: string }[]>(world, `issues/${number}/comments`)).map(({ body }) => body);
