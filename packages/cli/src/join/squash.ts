import { SlipwayError } from '@slipway/core';
import type { StoreLocation } from '@slipway/core/config';
import { type Squash, squashBranch, toBranch } from '@slipway/store';
import type { JoinCode, OpenProject } from './project.ts';

/** One store of slipway.yml by the name that people use: `journal`, or the id of its target. */
export interface NamedSquash extends Squash {
	readonly name: string;
}

type Branch = Extract<StoreLocation, { branch: string }>;

/** The stores that lie in branches; two names of one branch count once. */
const listBranches = ({ config }: OpenProject): ReadonlyMap<string, Branch> => {
	const targets = Object.entries(config.targets).flatMap(([id, target]) =>
		target.type === 'apt' ? [[id, target.store] as const] : [],
	);
	const seen = new Set<string>();
	const branches = [['journal', config.journal] as const, ...targets].flatMap(([name, store]) => {
		if (!('branch' in store)) return [];
		const key = `${store.remote ?? ''} ${store.branch}`;
		return seen.has(key) ? [] : [seen.add(key) && ([name, store] as const)];
	});
	return new Map(branches);
};

/**
 * Squashes the branches of stores, one after the other; without `act` only says what it would do.
 * @param name of one store; default: all that lie in branches
 * @throws SlipwayError TARGET_UNKNOWN, STORE_*
 */
export const squashStores = async (
	project: OpenProject,
	{ name, act }: { readonly name: string | undefined; readonly act: boolean },
): Promise<readonly NamedSquash[]> => {
	const branches = listBranches(project);
	if (name === undefined ? branches.size === 0 : !branches.has(name))
		throw new SlipwayError<JoinCode>(
			'TARGET_UNKNOWN',
			`expected a store in a branch${name === undefined ? '' : ` called ${name}`}, got ${[...branches.keys()].join(', ') || 'none'}`,
			{
				hint: 'Name `journal` or an apt target whose store is a branch; other stores have no history to squash.',
			},
		);
	const squashes: NamedSquash[] = [];
	for (const [id, branch] of branches) {
		if (name !== undefined && id !== name) continue;
		const options = toBranch(branch, project.configFolder, project.door.environment);
		squashes.push({ name: id, ...(await squashBranch(options, { act })) });
	}
	return squashes;
};
