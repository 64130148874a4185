import type { Facts } from '../facts/facts.ts';
import type { CallerOptions } from './callers.ts';
import { toCheckCaller } from './check-caller.ts';
import { type ConfigOptions, toConfigFile } from './config-file.ts';
import { toPolicyFile } from './policy-file.ts';
import { toReleaseCaller } from './release-caller.ts';
import { toWatchCaller } from './watch-caller.ts';

/** One file that init writes: where, what, and what a person is told of it. */
export interface StarterFile {
	/** Relative to the root of the repository, with `/`. */
	readonly path: string;
	readonly text: string;
	/** Two lines for the terminal. */
	readonly about: readonly [string, string];
}

export interface RenderOptions extends CallerOptions, Pick<ConfigOptions, 'sigstore'> {
	/** OWNER/REPO of the project; undefined: not known. */
	readonly repository: string | undefined;
	/** Whether slipway.policy.yml is written. */
	readonly policy: boolean;
}

export const WORKFLOWS = '.github/workflows';

/** Stands in for what is not known; a run on GitHub knows its own. */
export const UNKNOWN_REPOSITORY = 'OWNER/REPO';

/** Where GitHub Pages shows a branch of a repository. */
const toPagesUrl = (repository: string): string => {
	const [owner = '', name = ''] = repository.split('/');
	const host = `${owner.toLowerCase()}.github.io`;
	return name.toLowerCase() === host ? `https://${host}` : `https://${host}/${name}`;
};

const toConfig = (facts: Facts, options: RenderOptions): StarterFile => {
	const repository = options.repository ?? UNKNOWN_REPOSITORY;
	const [, origin = ''] = repository.split('/');
	const apt = { url: toPagesUrl(repository), origin };
	return {
		path: 'slipway.yml',
		text: toConfigFile(facts, { ...options, apt }),
		about: [
			'what is built, and where it is released to',
			'yours to change; `slipway rehearse` shows at once what a change does',
		],
	};
};

const toPolicy = (options: RenderOptions): StarterFile[] =>
	options.policy
		? [
				{
					path: 'slipway.policy.yml',
					text: toPolicyFile({
						library: options.library,
						repository: options.repository ?? UNKNOWN_REPOSITORY,
						trustedRoot: options.sigstore?.trustedRoot,
					}),
					about: [
						'who may sign a release, and what must be there before it leaves',
						'counts as the default branch has it; users verify under the same file',
					],
				},
			]
		: [];

/** Every file of a project's start, the same bytes for the same facts and options. */
export const toStarterFiles = (facts: Facts, options: RenderOptions): readonly StarterFile[] => [
	toConfig(facts, options),
	...toPolicy(options),
	{
		path: `${WORKFLOWS}/release.yml`,
		text: toReleaseCaller(options),
		about: [
			'releases when a version tag is pushed; goes on, aborts, rolls back and restores by dispatch',
			options.targets.includes('npm')
				? 'npm trusts a package to one file: register this one, under this name'
				: 'each job holds the least right; whoever holds one runs no code of this project',
		],
	},
	{
		path: `${WORKFLOWS}/check.yml`,
		text: toCheckCaller(options),
		about: [
			'shows on each pull request what a release of it would do',
			'reads only; one comment is kept up to date, except for forks',
		],
	},
	{
		path: `${WORKFLOWS}/watch.yml`,
		text: toWatchCaller(options, options.repository ?? facts.metadata.name ?? ''),
		about: [
			'looks once a day whether every registry still shows what was released',
			'opens one issue where something is wrong or about to expire',
		],
	},
];
