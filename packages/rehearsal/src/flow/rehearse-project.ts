import { join } from 'node:path';
import type { Slipway } from '../slipway/slipway.ts';
import { openTrust, type RehearsedTrust } from '../trust/open-trust.ts';
import type { Moment } from './draft.ts';
import { operateFaultyRelease } from './faulty-release.ts';
import { lookAtTargets, verifyLooks } from './look-at-targets.ts';
import { operate, operateRelease } from './operate.ts';
import { type Part, type Stage, toEnvironment, toSlipway } from './part.ts';
import { prepare, settleAll } from './prepare.ts';
import { takeRelease, verifyTrust } from './verify-trust.ts';

const lookAt = async (stage: Stage, moment: Moment): Promise<void> => {
	const { draft, services, place, world } = stage;
	const environment = await toEnvironment(stage);
	const at = { folder: join(place.folder, 'consumers'), environment, signal: world.context.signal };
	await lookAtTargets(draft, moment, { services, key: place.key, place: at });
	verifyLooks(draft, moment);
};

const release = async (stage: Stage, slipway: Slipway): Promise<void> => {
	const { draft, world, services, place } = stage;
	const { fault } = world;
	if (fault === undefined) return operateRelease(draft, slipway, services);
	const repositories = Object.entries(draft.project.config.targets).flatMap(([id, target]) =>
		target.type === 'apt'
			? [
					{
						folder: join(place.aptFolder, place.key, id),
						prefix: `/${place.key}/${id}`,
						suites: [target.suite],
					},
				]
			: [],
	);
	const goesToNpm = Object.values(draft.project.config.targets).some(({ type }) => type === 'npm');
	const npmNames = goesToNpm ? draft.project.npmPackages.map(({ name }) => name) : [];
	const releases = Object.values(draft.project.config.targets).flatMap((each) =>
		each.type === 'github' && each.repository ? [each.repository] : [],
	);
	const target = { services, npmNames, repositories, releases };
	await operateFaultyRelease(draft, slipway, { fault, target, lookMeanwhile: () => lookAt(stage, 'fault') });
};

/** How the release is signed; undefined where it cannot be. */
const openRehearsedTrust = async ({
	draft,
	services,
	place,
	world,
}: Stage): Promise<RehearsedTrust | undefined> => {
	const { origin } = draft;
	if (origin === undefined) return undefined;
	const folder = join(place.folder, 'trust');
	return openTrust({ draft, origin, sigstore: services.sigstore, folder, now: world.context.clock.now() });
};

/**
 * Releases one project, looks at it as a user, rolls it back, restores it. What is found out lands in the draft.
 * @throws SlipwayError: where it does not go as it should
 */
export const rehearseProject = async (part: Part): Promise<void> => {
	const { draft, world } = part;
	const step = (name: string, task: () => Promise<void>) => world.steps.run(draft.project.name, name, task);
	const stage = await prepare(part);
	const trust = await openRehearsedTrust(stage);
	const slipway = await toSlipway(stage, 'project', { config: 'slipway', trust: trust?.config });
	const undo = (operation: string) => [operation, draft.project.version, '--reason', 'rehearsal', '--yes'];
	await step('look before', () => lookAt(stage, 'before'));
	await step('release', () => release(stage, slipway));
	await step('look after the release', () => lookAt(stage, 'release'));
	const consumed = await takeRelease(stage, trust);
	const goBackAndForth = async () => {
		await step('rollback', () =>
			operate(draft, slipway, { args: undo('rollback'), expected: 'ROLLED_BACK' }),
		);
		await step('look after the rollback', () => lookAt(stage, 'rollback'));
		await step('restore', () => operate(draft, slipway, { args: undo('restore'), expected: 'COMPLETED' }));
		await step('look after the restore', () => lookAt(stage, 'restore'));
	};
	const verify = async () => consumed && step('verify and tamper', () => verifyTrust(stage, consumed));
	await settleAll([goBackAndForth(), verify()]);
};
