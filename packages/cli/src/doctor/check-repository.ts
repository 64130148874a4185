import type { GitHubRest, RepositoryFacts, RulesetFacts } from '@slipway/github';
import type { Check, Examination } from './examination.ts';
import { fromSetting } from './from-setting.ts';
import { bad, good, type Observation } from './observation.ts';

const load = () => import('@slipway/github');

/** Rules that keep a ref where it is. */
const KEEPS = ['deletion', 'update', 'non_fast_forward'];

const toTagPrefix = ({ project }: Examination): string => {
	const target = Object.values(project.config.targets).find(({ type }) => type === 'github');
	return target?.type === 'github' ? target['tag-prefix'] : 'v';
};

const checkTag =
	(name: string, prefix: string) =>
	(rulesets: readonly RulesetFacts[] = []): readonly Observation[] => {
		const about = `tag ${name}`;
		const rules = new Set(rulesets.flatMap((ruleset) => ruleset.rules));
		const missing = KEEPS.filter((rule) => rule !== 'non_fast_forward' && !rules.has(rule));
		if (missing.length === 0) return [good(about, rulesets.map((ruleset) => ruleset.name).join(', '))];
		return [
			bad('warning', 'TAG_UNPROTECTED', {
				about,
				message: `whoever may push can move or delete it (no rule against ${missing.join(' and ')})`,
				action: `Settings, Rules, New tag ruleset: target ${prefix}*; on: Restrict creations, Restrict updates, Restrict deletions, Block force pushes.`,
			}),
		];
	};

const checkRefs = async (rest: GitHubRest, facts: RepositoryFacts, examination: Examination) => {
	const { readBranch, readRulesets } = await load();
	const prefix = toTagPrefix(examination);
	const name = `${prefix}${examination.project.version}`;
	const { defaultBranch } = facts;
	const [tag, branch] = await Promise.all([
		readRulesets(rest, { type: 'tag', name }, defaultBranch),
		readBranch(rest, defaultBranch),
	]);
	return [
		...fromSetting(`tag ${name}`, tag, checkTag(name, prefix)),
		...fromSetting(`branch ${defaultBranch}`, branch, (found) =>
			found?.isProtected
				? [good(`branch ${defaultBranch}`, 'protected')]
				: [
						bad('warning', 'BRANCH_UNPROTECTED', {
							about: `branch ${defaultBranch}`,
							message: 'nothing protects it, and the policy is read from it',
							action: `Settings, Rules, New branch ruleset: target ${defaultBranch}; on: Require a pull request, Block force pushes, Restrict deletions.`,
						}),
					],
		),
	];
};

const checkFacts = (rest: GitHubRest, facts: RepositoryFacts): readonly Observation[] => {
	const about = `repository ${rest.repository}`;
	if (facts.archived)
		return [
			bad('error', 'REPOSITORY_ARCHIVED', {
				about,
				message: 'it is archived: no workflow runs',
				action: 'Unarchive it in Settings.',
			}),
		];
	if (facts.name.toLowerCase() !== rest.repository.toLowerCase())
		return [
			bad('error', 'REPOSITORY_RENAMED', {
				about,
				message: `it is called ${facts.name} by now: identities and trusted publishers name the new one`,
				action: `Write ${facts.name} into slipway.yml, package.json, the policy and the trusted publisher.`,
			}),
		];
	return [good(about, `${facts.visibility}, default branch ${facts.defaultBranch}`)];
};

const checkSettings = async (rest: GitHubRest): Promise<readonly Observation[]> => {
	const { readImmutableReleases, readWorkflowPermissions } = await load();
	const [immutable, permissions] = await Promise.all([
		readImmutableReleases(rest),
		readWorkflowPermissions(rest),
	]);
	return [
		...fromSetting('immutable releases', immutable, (found) =>
			found?.enabled
				? [good('immutable releases', 'on: a published release and its tag stay as they are')]
				: [
						bad('warning', 'RELEASES_MUTABLE', {
							about: 'immutable releases',
							message: 'off: assets of a published release can be replaced',
							action: 'Settings, General, Releases: Enable release immutability.',
						}),
					],
		),
		...fromSetting('token of workflows', permissions, (found) =>
			found?.default === 'write'
				? [
						bad('warning', 'TOKEN_DEFAULT_WRITE', {
							about: 'token of workflows',
							message: 'a workflow without `permissions:` may write',
							action: 'Settings, Actions, General, Workflow permissions: Read repository contents.',
						}),
					]
				: [good('token of workflows', 'reads only, unless a workflow asks for more')],
		),
	];
};

const checkPages = async (rest: GitHubRest, { project }: Examination): Promise<readonly Observation[]> => {
	const { readPagesSource } = await load();
	const branches = Object.values(project.config.targets).flatMap((target) =>
		target.type === 'apt' && 'branch' in target.store && target.store.remote === undefined
			? [target.store.branch]
			: [],
	);
	const found = await Promise.all(
		branches.map(async (branch) =>
			fromSetting('pages', await readPagesSource(rest), (pages) =>
				pages?.source?.branch === branch
					? [good('pages', `${pages.url ?? ''} from branch ${branch}`)]
					: [
							bad('warning', pages ? 'PAGES_ELSEWHERE' : 'PAGES_MISSING', {
								about: 'pages',
								message: pages
									? `served from ${pages.source?.branch ?? 'a workflow'}, not from ${branch}`
									: 'not switched on',
								action: `Settings, Pages: Deploy from a branch, ${branch}; unless another server shows this branch at \`url\`.`,
							}),
						],
			),
		),
	);
	return found.flat();
};

/** The repository at GitHub: what it is, who can move its refs, and how it is set. */
export const checkRepository: Check = {
	about: 'repository',
	look: async (examination) => {
		const { rest } = examination;
		if (!rest)
			return [
				bad('unknown', 'DOCTOR_UNREADABLE', {
					about: 'repository',
					message: 'no repository at GitHub is known',
					action: 'Add the remote `origin`, or a target with `type: github` and `repository`.',
				}),
			];
		const { readRepository } = await load();
		const setting = await readRepository(rest);
		if (setting.state !== 'known')
			return fromSetting(`repository ${rest.repository}`, setting, () => [
				bad('error', 'DOCTOR_UNREADABLE', {
					about: `repository ${rest.repository}`,
					message: 'there is no such repository for this token',
					action: 'Correct its name, or set GITHUB_TOKEN to a token that may read it.',
				}),
			]);
		const more = await Promise.all([
			checkRefs(rest, setting.value, examination),
			checkSettings(rest),
			checkPages(rest, examination),
		]);
		return [...checkFacts(rest, setting.value), ...more.flat()];
	},
};
