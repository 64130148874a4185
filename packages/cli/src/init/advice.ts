import type { InitPlan } from './plan.ts';
import { NPM_ENVIRONMENT } from './starters/callers.ts';
import { APT_BRANCH, JOURNAL_BRANCH } from './starters/config-file.ts';
import { UNKNOWN_REPOSITORY } from './starters/render.ts';

/** One thing that a person has to do, once; what init cannot do from here. */
export interface Step {
	readonly title: string;
	readonly lines: readonly string[];
}

const toNpm = ({ facts, options }: InitPlan): Step => {
	const [owner, repository] = (options.repository ?? UNKNOWN_REPOSITORY).split('/');
	const shown = facts.npmNames.slice(0, 5).join(', ');
	const more = facts.npmNames.length > 5 ? ` and ${facts.npmNames.length - 5} more` : '';
	return {
		title: `Let npm trust the workflow: settings of ${shown}${more}, "Trusted publisher", GitHub Actions`,
		lines: [
			`owner ${owner}, repository ${repository}, workflow release.yml, environment ${NPM_ENVIRONMENT}; allow publish and dist-tags`,
			'a package that npm does not know yet is published once by hand before',
		],
	};
};

const toEnvironments = ({ options }: InitPlan): Step => ({
	title: `Make the environment ${NPM_ENVIRONMENT} (Settings, Environments), without reviewers, for the tags v* alone`,
	lines: options.approval
		? [`and the environment ${options.approval}, with the people who approve as its reviewers`]
		: [],
});

const TAGS: Step = {
	title: 'Protect the tags (Settings, Rules, Rulesets): a tag ruleset for v*',
	lines: [
		'restrict creation to those who release; restrict updates and deletions for everybody',
		`and a branch ruleset for ${JOURNAL_BRANCH}: restrict deletions, block force pushes`,
	],
};

const APT: readonly Step[] = [
	{
		title: 'Make the key of the apt repository: slipway apt keys --name NAME --email ADDRESS',
		lines: [
			'commit signing-key.pub.asc, the public half',
			'store signing-key.asc as the secret APT_SIGNING_KEY (Settings, Secrets and variables, Actions); never commit it',
		],
	},
	{
		title: `Show the branch ${APT_BRANCH} as GitHub Pages (Settings, Pages, "Deploy from a branch"), once it is there`,
		lines: ['a repository whose Pages show something else needs another `url` and `store` in slipway.yml'],
	},
];

const ROLLBACK_TOKEN: Step = {
	title: 'For rollbacks: an npm token that may deprecate, as the secret NPM_ROLLBACK_TOKEN',
	lines: ['trusted publishing cannot deprecate; without it a rollback only moves the dist-tags back'],
};

/** What to do next, in order. */
export const toNextSteps = (plan: InitPlan): readonly Step[] => {
	const has = (type: string) => plan.options.targets.some((target) => target === type);
	return [
		{ title: 'Try it here, without any credential: slipway rehearse', lines: [] },
		...(has('npm')
			? [toNpm(plan), toEnvironments(plan)]
			: plan.options.approval
				? [toEnvironments(plan)]
				: []),
		TAGS,
		...(has('apt') ? APT : []),
		...(has('npm') ? [ROLLBACK_TOKEN] : []),
		{ title: 'Commit these files to the default branch, then push a version tag', lines: [] },
	];
};

/** A Debian package says whom to ask and under which licence; no build can make that up. */
const toMissing = ({ facts, options }: InitPlan): readonly string[] => {
	if (!options.targets.includes('apt') || facts.debs.length === 0) return [];
	const { maintainer, license, description } = facts.metadata;
	const missing = Object.entries({
		'`maintainer: Name <address>`': maintainer ?? (facts.hasMaintainer || undefined),
		'`license:` (an SPDX expression)': license,
		'`summary:` (one line)': description,
	}).flatMap(([name, value]) => (value === undefined ? [name] : []));
	return missing.length === 0
		? []
		: [
				`The Debian package needs ${missing.join(', ')}: write it under \`deb:\` in slipway.yml, or its like into the project's own file.`,
			];
};

/** What init could not know, and what only a person can decide. */
export const toRemarks = (plan: InitPlan): readonly string[] => {
	const { facts, options } = plan;
	return [
		...facts.notes,
		...toMissing(plan),
		...(options.repository === undefined
			? [
					`No repository on GitHub is known: ${UNKNOWN_REPOSITORY} stands in where one is named. Add the remote origin and run init again.`,
				]
			: []),
		...(!options.targets.includes('apt') && facts.debs.length > 0
			? ['It has programs: `slipway init --apt` also releases them as Debian packages.']
			: []),
	];
};
