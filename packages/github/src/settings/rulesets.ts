import * as v from 'valibot';
import { readPages } from '../rest/pages.ts';
import { pathOf } from '../rest/path.ts';
import { readPatiently } from '../rest/patience.ts';
import type { GitHubRest } from '../rest/rest.ts';
import { matchesRefPattern } from './ref-pattern.ts';
import { mapSetting, readSetting, type Setting, toSetting } from './setting.ts';

/** A ref that rules may cover. */
export interface RefName {
	readonly type: 'tag' | 'branch';
	/** Without `refs/tags/` or `refs/heads/`. */
	readonly name: string;
}

export interface RulesetFacts {
	readonly id: number;
	readonly name: string;
	/** Types of its rules: `deletion`, `update`, `non_fast_forward`, `creation`, `required_signatures`, … */
	readonly rules: readonly string[];
	/** How many people, teams or apps may pass by; undefined where the API does not tell this token. */
	readonly bypassers: number | undefined;
}

const Listed = v.object({
	id: v.number(),
	name: v.string(),
	target: v.optional(v.string(), 'branch'),
	enforcement: v.optional(v.string(), 'disabled'),
});

const Names = v.optional(v.array(v.string()), []);

const Ruleset = v.object({
	id: v.number(),
	name: v.string(),
	enforcement: v.string(),
	bypass_actors: v.nullish(v.array(v.unknown())),
	conditions: v.nullish(v.object({ ref_name: v.optional(v.object({ include: Names, exclude: Names })) })),
	rules: v.optional(v.array(v.object({ type: v.string() })), []),
});

const covers = (
	conditions: v.InferOutput<typeof Ruleset>['conditions'],
	{ type, name }: RefName,
	defaultBranch: string,
): boolean => {
	const full = `refs/${type === 'tag' ? 'tags' : 'heads'}/${name}`;
	const matches = (pattern: string): boolean => {
		if (pattern === '~ALL') return true;
		if (pattern === '~DEFAULT_BRANCH') return type === 'branch' && name === defaultBranch;
		return matchesRefPattern(pattern, full);
	};
	const { include = [], exclude = [] } = conditions?.ref_name ?? {};
	return include.some(matches) && !exclude.some(matches);
};

const toFacts = ({ id, name, rules, bypass_actors }: v.InferOutput<typeof Ruleset>): RulesetFacts => ({
	id,
	name,
	rules: rules.map(({ type }) => type),
	bypassers: bypass_actors?.length,
});

/** The active rulesets (also those of the owner) that cover a tag or branch; it need not exist yet. */
export const readRulesets = async (
	rest: GitHubRest,
	ref: RefName,
	defaultBranch = '',
): Promise<Setting<readonly RulesetFacts[]>> => {
	const path = `rulesets?includes_parents=true&targets=${ref.type}`;
	const listed = toSetting(await readPatiently(rest, () => readPages(rest, { path, item: Listed }), 2));
	if (listed.state !== 'known') return listed;
	const found: RulesetFacts[] = [];
	for (const { id, target, enforcement } of listed.value) {
		if (target !== ref.type || enforcement !== 'active') continue;
		const ruleset = await readSetting(rest, { path: pathOf`rulesets/${id}`, schema: Ruleset });
		if (ruleset.state === 'unreadable') return ruleset;
		if (ruleset.state === 'known' && covers(ruleset.value.conditions, ref, defaultBranch))
			found.push(toFacts(ruleset.value));
	}
	return { state: 'known', value: found };
};

const Branch = v.object({ protected: v.optional(v.boolean(), false), commit: v.object({ sha: v.string() }) });

/** The commit of a branch, and whether anything (rules of either kind) protects it. */
export const readBranch = async (
	rest: GitHubRest,
	name: string,
): Promise<Setting<{ readonly isProtected: boolean; readonly commit: string }>> =>
	mapSetting(await readSetting(rest, { path: pathOf`branches/${name}`, schema: Branch }), (branch) => ({
		isProtected: branch.protected,
		commit: branch.commit.sha,
	}));
