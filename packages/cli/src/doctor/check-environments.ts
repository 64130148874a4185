import type { EnvironmentFacts, GitHubRest } from '@slipway/github';
import { readCallers } from './callers.ts';
import type { Check } from './examination.ts';
import { fromSetting } from './from-setting.ts';
import { bad, good, type Observation } from './observation.ts';

const SETTINGS = 'Settings, Environments';

const toMissing = (about: string, name: string): Observation =>
	bad('warning', 'ENVIRONMENT_MISSING', {
		about,
		message: 'it does not exist: GitHub makes it without any protection when a job first names it',
		action: `Make it now (${SETTINGS}, New environment ${name}) and limit it to the tags v*.`,
	});

const toRefsText = (refs: Exclude<EnvironmentFacts['refs'], 'all'>): string =>
	refs === 'protected'
		? 'protected branches alone'
		: refs.map(({ type, pattern }) => `${type} ${pattern}`).join(', ') || 'nothing';

/** A release is a run of a tag: where no tag may use the environment, GitHub turns away every job that writes. */
const checkRefs = (about: string, { refs }: EnvironmentFacts): Observation => {
	if (refs === 'all')
		return bad('warning', 'ENVIRONMENT_OPEN', {
			about,
			message: 'every branch and tag may use it',
			action: `${SETTINGS}: Deployment branches and tags, Selected branches and tags: add the tag rule v*. Choose a tag under "Use workflow from" for dispatches.`,
		});
	if (refs !== 'protected' && refs.some(({ type }) => type === 'tag')) return good(about, toRefsText(refs));
	return bad('error', 'ENVIRONMENT_CLOSED', {
		about,
		message: `no tag may use it (${toRefsText(refs)}): the jobs of a release would be turned away`,
		action: `${SETTINGS}: Deployment branches and tags, Selected branches and tags: add the tag rule v*.`,
	});
};

/** Every job that writes to npm shares it: a reviewer there would be asked once for each of them. */
const checkNpmEnvironment =
	(name: string) =>
	(facts: EnvironmentFacts | undefined): readonly Observation[] => {
		const about = `environment ${name}`;
		if (!facts) return [toMissing(about, name)];
		if (facts.reviewers === 0) return [checkRefs(about, facts)];
		return [
			checkRefs(about, facts),
			bad('warning', 'ENVIRONMENT_REVIEWED', {
				about,
				message: `its ${facts.reviewers} reviewers are asked for every job that writes to npm`,
				action:
					'Take the reviewers off and put them on an environment of its own, named by the input `approval`.',
			}),
		];
	};

const checkApproval =
	(name: string) =>
	(facts: EnvironmentFacts | undefined): readonly Observation[] => {
		const about = `environment ${name}`;
		if (facts && facts.reviewers > 0)
			return [
				good(
					about,
					`${facts.reviewers} reviewers${facts.preventsSelfReview ? ', nobody approves a run of their own' : ''}`,
				),
			];
		return [
			bad('error', 'ENVIRONMENT_UNREVIEWED', {
				about,
				message: `approval was asked for, but ${facts ? 'it has no reviewers' : 'it does not exist'}: nobody would be asked`,
				action: `${SETTINGS}, ${name}: Required reviewers.`,
			}),
		];
	};

const look = async (
	rest: GitHubRest,
	name: string,
	say: (facts: EnvironmentFacts | undefined) => readonly Observation[],
) => {
	const { readEnvironment } = await import('@slipway/github');
	return fromSetting(`environment ${name}`, await readEnvironment(rest, name), say);
};

/** The environments that the callers name. */
export const checkEnvironments: Check = {
	about: 'environments',
	look: async ({ rest, project }) => {
		const { file, npmEnvironment, approvals } = await readCallers(project);
		if (!rest || file === undefined) return [];
		const hasNpm = Object.values(project.config.targets).some(({ type }) => type === 'npm');
		const looks = [
			...(hasNpm ? [look(rest, npmEnvironment, checkNpmEnvironment(npmEnvironment))] : []),
			...approvals.map((name) => look(rest, name, checkApproval(name))),
		];
		return (await Promise.all(looks)).flat();
	},
};
