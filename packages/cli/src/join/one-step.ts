import { type Context, SlipwayError } from '@slipway/core';
import type { ReleaseReport } from '@slipway/release';
import { buildProject, isBuilt } from './build.ts';
import type { ReleaseOptions } from './operations.ts';
import { type Door, type OpenProject, openProject } from './project.ts';
import { releaseOpened } from './release.ts';

export type OneStepCode = 'BUILD_NOT_ASKED' | 'BUILD_WITH_CREDENTIALS';

export interface OneStep extends ReleaseOptions {
	/** Patterns of ready artifacts, relative to the project: nothing is built or packed then. */
	readonly artifacts: readonly string[];
	/** Runs the build and test commands of the project here. */
	readonly build: boolean;
	/** Builds although this job can get tokens that sign and publish. */
	readonly allowBuildWithCredentials: boolean;
}

/** True where code that runs in this job could ask for an identity token itself. */
const canGetIdentity = ({ environment }: Door): boolean => Boolean(environment.ACTIONS_ID_TOKEN_REQUEST_URL);

const checkBuild = (door: Door, { build, allowBuildWithCredentials }: OneStep): void => {
	if (!build || allowBuildWithCredentials || !canGetIdentity(door)) return;
	throw new SlipwayError<OneStepCode>(
		'BUILD_WITH_CREDENTIALS',
		'expected a job without `id-token: write` to build in, got one whose code could sign and publish by itself',
		{
			hint: 'Build in a job of its own and hand over `artifact`; or set `allow-build-with-credentials: true`, and the provenance claims no build level.',
		},
	);
};

/** Code of the project runs only where it was asked for. */
const checkReady = ({ config }: OpenProject, { artifacts }: OneStep): void => {
	if (artifacts.length > 0 || config.build.commands.length === 0) return;
	throw new SlipwayError<OneStepCode>(
		'BUILD_NOT_ASKED',
		'expected ready artifacts, got a project with build commands',
		{
			hint: 'Name what an earlier job has built (`artifacts`, `release` or `artifact`), or set `build: true`.',
		},
	);
};

/** The project with nothing in it that runs: what is named is taken as it is, or else the folders are packed as they are. */
const toReady = (project: OpenProject, { artifacts }: OneStep): OpenProject => ({
	...project,
	config: {
		...project.config,
		test: [],
		...(artifacts.length > 0 && {
			build: { commands: [], outputs: [...artifacts] },
			npm: { packages: [] },
			deb: [],
		}),
	},
});

/**
 * The whole release as one step: from ready artifacts, from a Release that an earlier job has built, or, where `build`
 * asks for it, from the source. Everything after the build is the same transaction as anywhere else.
 * @throws SlipwayError BUILD_NOT_ASKED, BUILD_WITH_CREDENTIALS, and as releaseProject
 */
export const releaseInOneStep = async (
	door: Door,
	options: OneStep,
	context: Context,
): Promise<ReleaseReport> => {
	checkBuild(door, options);
	const project = await openProject({ ...door, unvouched: options.build && canGetIdentity(door) });
	if (options.build) return releaseOpened(project, options, context);
	const withoutTests = { ...project, config: { ...project.config, test: [] } };
	if (!(await isBuilt(project))) {
		checkReady(project, options);
		await buildProject(toReady(project, options), context, { test: false });
	}
	return releaseOpened(withoutTests, options, context);
};
