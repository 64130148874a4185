import { homedir } from 'node:os';
import { type Context, SlipwayError } from '@slipway/core';
import type { OpenProject } from './project.ts';

export type PublishTokenCode =
	/** A lasting token that may publish lies where code of this job could read it, beside an identity that needs none. */
	'NPM_TOKEN_VISIBLE';

const HINT =
	'Remove the token (NODE_AUTH_TOKEN, NPM_TOKEN, _authToken in .npmrc) from the job and from the secrets: trusted publishing needs none.';

const listRegistries = ({ config }: OpenProject, fallback: string | undefined): string[] => [
	...new Set(
		Object.values(config.targets).flatMap((target) =>
			target.type === 'npm' ? (target.registry ?? fallback ?? []) : [],
		),
	),
];

/**
 * In a job that can publish by its identity no lasting npm token may be visible (guardrail G7): whoever steals it publishes
 * for as long as it lasts. Where no identity can be had, a registry without trusted publishing still works, with a warning.
 * @throws SlipwayError NPM_TOKEN_VISIBLE
 */
export const verifyNoToken = async (project: OpenProject, { log }: Context): Promise<void> => {
	const { environment } = project.door;
	const isNpm = Object.values(project.config.targets).some(({ type }) => type === 'npm');
	if (environment.GITHUB_ACTIONS !== 'true' || !isNpm) return;
	const { readNpmConfig, toIdTokenSource } = await import('@slipway/npm');
	const config = readNpmConfig({
		projectFolder: project.folder,
		home: environment.HOME ?? homedir(),
		environment,
	});
	// A token that is named for no address goes to any: the one that cannot exist shows it.
	const registries = [...listRegistries(project, config.registry), 'https://registry.invalid/'];
	if (registries.every((registry) => config.authorizationFor(registry) === undefined)) return;
	if (!toIdTokenSource(environment)) {
		log.warning(`a lasting npm token is visible in this job. ${HINT}`);
		return;
	}
	throw new SlipwayError<PublishTokenCode>(
		'NPM_TOKEN_VISIBLE',
		'expected no lasting npm token in a job that publishes by its identity, got one',
		{ hint: HINT },
	);
};
