import * as v from 'valibot';
import { readPages } from '../rest/pages.ts';
import { pathOf } from '../rest/path.ts';
import { readPatiently } from '../rest/patience.ts';
import type { GitHubRest } from '../rest/rest.ts';
import { mapSetting, readSetting, type Setting, toSetting } from './setting.ts';

const Rule = v.looseObject({
	type: v.string(),
	wait_timer: v.optional(v.number()),
	prevent_self_review: v.optional(v.boolean()),
	reviewers: v.optional(v.array(v.unknown())),
});

const Environment = v.object({
	name: v.string(),
	protection_rules: v.optional(v.array(Rule), []),
	deployment_branch_policy: v.nullish(
		v.object({ protected_branches: v.boolean(), custom_branch_policies: v.boolean() }),
	),
});

const Policy = v.object({ name: v.string(), type: v.optional(v.string(), 'branch') });

export interface EnvironmentFacts {
	readonly name: string;
	/** How many people or teams may approve; 0: nobody is asked. */
	readonly reviewers: number;
	readonly preventsSelfReview: boolean;
	readonly waitMinutes: number;
	/** Which refs may use it: all, protected branches only, or those that match a pattern. */
	readonly refs: 'all' | 'protected' | readonly RefPattern[];
}

export interface RefPattern {
	readonly pattern: string;
	readonly type: 'branch' | 'tag';
}

type Found = v.InferOutput<typeof Environment>;

const toFacts = (found: Found, refs: EnvironmentFacts['refs']): EnvironmentFacts => {
	const rules = found.protection_rules;
	const review = rules.find(({ type }) => type === 'required_reviewers');
	return {
		name: found.name,
		reviewers: review?.reviewers?.length ?? 0,
		preventsSelfReview: review?.prevent_self_review ?? false,
		waitMinutes: rules.find(({ type }) => type === 'wait_timer')?.wait_timer ?? 0,
		refs,
	};
};

const readPatterns = async (rest: GitHubRest, name: string): Promise<Setting<readonly RefPattern[]>> => {
	const path = pathOf`environments/${name}/deployment-branch-policies`;
	const reply = await readPatiently(
		rest,
		() => readPages(rest, { path, item: Policy, key: 'branch_policies' }),
		2,
	);
	return mapSetting(toSetting(reply), (policies) =>
		policies.map(({ name: pattern, type }) => ({ pattern, type: type === 'tag' ? 'tag' : 'branch' })),
	);
};

/** An environment with its protection rules and the refs that may use it. */
export const readEnvironment = async (rest: GitHubRest, name: string): Promise<Setting<EnvironmentFacts>> => {
	const setting = await readSetting(rest, { path: pathOf`environments/${name}`, schema: Environment });
	if (setting.state !== 'known') return setting;
	const { value } = setting;
	const policy = value.deployment_branch_policy;
	if (!policy) return { state: 'known', value: toFacts(value, 'all') };
	if (policy.protected_branches) return { state: 'known', value: toFacts(value, 'protected') };
	return mapSetting(await readPatterns(rest, name), (refs) => toFacts(value, refs));
};
