import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseJson } from '@slipway/core';
import * as v from 'valibot';
import type { Project } from '../project/read-project.ts';

const PackageJson = v.object({
	repository: v.optional(v.union([v.string(), v.object({ url: v.optional(v.string()) })])),
});

const toUrl = (json: unknown): string | undefined => {
	const parsed = v.safeParse(PackageJson, json);
	const { repository } = parsed.success ? parsed.output : {};
	return typeof repository === 'string' ? repository : repository?.url;
};

/** `owner/name` of an address at GitHub, written as npm demands it for provenance. */
const toName = (url: string | undefined): string | undefined =>
	/^(?:git\+)?https:\/\/github\.com\/([\w.-]+\/[\w.-]+?)(?:\.git)?$/.exec(url ?? '')?.[1];

/** Where a project is released from in earnest. */
export interface Repository {
	/** `owner/name`. */
	readonly name: string;
	/** Every npm package names it, so that npm takes provenance from it. */
	readonly isNamed: boolean;
	/** What a clone has as the address of its origin. */
	readonly url: string;
}

const readUrls = ({ folder, npmPackages }: Project): Promise<readonly (string | undefined)[]> =>
	Promise.all(
		npmPackages.map(async (each) => {
			const path = join(folder, each.folder, 'package.json');
			return toUrl(parseJson(await readFile(path), path));
		}),
	);

/** The GitHub repository that all npm packages of a project name; without one a made-up one. */
export const readRepository = async (project: Project): Promise<Repository> => {
	const [url, ...others] = await readUrls(project);
	const isShared = url !== undefined && others.every((each) => each === url);
	const name = isShared ? toName(url) : undefined;
	const madeUp = `rehearsal/${project.name}`;
	return {
		name: name ?? madeUp,
		isNamed: name !== undefined,
		url: isShared ? url.replace(/^git\+/, '') : `https://github.com/${madeUp}.git`,
	};
};
