import { toStarters } from '../../../packages/cli/src/init/index.ts';
import { expectEqual, expectJobs, type JobResults } from '../expectation.ts';
import { RELEASED } from '../results.ts';
import type { Scenario } from '../scenario.ts';
import { publishByHand } from '../world/by-hand.ts';
import { lookWithAptClient, lookWithNpmClient, readLatestRelease } from '../world/look.ts';
import { RELEASE } from '../world/maintainer.ts';
import type { Tree } from '../world/repository.ts';
import type { World } from '../world/world.ts';
import { STARTER_PROJECTS, type StarterProject } from './starter-project.ts';

type Starter = ReturnType<typeof toStarters>[number];

const replaceOnce = (text: string, from: string | RegExp, to: string): string => {
	const replaced = text.replace(from, to);
	if (replaced === text) throw new Error(`expected ${from} in the starter`);
	return replaced;
};

/** What a user fills in: where the apt repository is seen and whom it is signed by; and here, which Sigstore signs. */
const fillIn = (config: string, { services: { apt } }: World): string => {
	const filled = config.replace(/^sign: \{\}$/m, 'sign: {services: services.json, trusted-root: root.json}');
	if (!config.includes('type: apt')) return filled;
	return replaceOnce(filled, /url: https:\/\/owner\.github\.io\/REPO/, `url: ${apt.origin}`);
};

const toDocuments = ({ services: { sigstore, npm, aptPublicKey } }: World): Tree => {
	const [services, root] = [sigstore.signingConfig, sigstore.trustedRoot].map((each) => JSON.stringify(each));
	return {
		'services.json': services ?? '',
		'root.json': root ?? '',
		'sigstore/signing-config.json': services ?? '',
		'sigstore/trusted-root.json': root ?? '',
		'signing-key.pub.asc': aptPublicKey,
		'.npmrc': `registry=${npm.origin}/\n`,
	};
};

const toFiles = ({ files }: Starter, project: StarterProject, world: World): Tree => ({
	...project.files,
	...toDocuments(world),
	...Object.fromEntries(
		files.map(({ path, text }) => {
			const own = text.replaceAll('OWNER/REPO', world.services.repository.name);
			return [path, path === 'slipway.yml' ? fillIn(own, world) : own];
		}),
	),
});

const toResults = (name: string, { npmNames, deb }: StarterProject): JobResults => ({
	...RELEASED,
	...(name === 'native' && { build: ['success', 'success'], prove: ['success', 'success'] }),
	npm: npmNames.length > 0 ? 'success' : 'skipped',
	apt: deb === undefined ? 'skipped' : 'success',
	approve: name === 'approval' ? 'success' : 'skipped',
});

const toScenario = (name: string, project: StarterProject): Scenario => ({
	name: `starter-${name}`,
	title: `the starter "${name}" is taken as it is, and a tag is released`,
	workflows: ['release', 'publish'],
	play: async (world) => {
		const { name: repository, ref } = world.library;
		const starters = toStarters({ repository, commit: ref, version: 'v1.0.0' });
		const starter = starters.find((each) => each.name === name);
		if (!starter) throw new Error(`no starter ${name}`);
		for (const each of project.npmNames) await publishByHand(world, each, '0.9.0');
		await world.services.repository.commit(toFiles(starter, project, world), 'Adopt Slipway');
		await world.services.repository.tag(project.tag);
		const run = await world.run({ workflow: RELEASE, event: 'push', ref: `refs/tags/${project.tag}` });
		expectJobs(run, toResults(name, project));
		const version = project.tag.slice(1);
		for (const each of project.npmNames)
			expectEqual(`${each} at npm`, await lookWithNpmClient(world, each), version);
		if (project.deb)
			expectEqual('the Debian package', await lookWithAptClient(world, project.deb), `${version}-1`);
		expectEqual('latest at GitHub', await readLatestRelease(world), project.tag);
	},
});

/** Each starter of `slipway init`, whole. */
export const STARTERS: readonly Scenario[] = Object.entries(STARTER_PROJECTS).map(([name, project]) =>
	toScenario(name, project),
);
