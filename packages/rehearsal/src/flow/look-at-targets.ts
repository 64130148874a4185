import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SlipwayError } from '@slipway/core';
import type { RehearsalCode } from '../code.ts';
import type { Look, Place } from '../consumer/look.ts';
import { lookAtRelease } from '../consumer/look-at-release.ts';
import { hasAptGet, lookWithApt } from '../consumer/look-with-apt.ts';
import { lookWithNpm } from '../consumer/look-with-npm.ts';
import type { Services } from '../services/start-services.ts';
import type { Draft, Moment } from './draft.ts';
import { NOTHING, type Seen } from './seeded.ts';
import type { WantedTarget } from './wanted-targets.ts';

export interface Looking {
	readonly services: Services;
	/** The project's folder name below the apt repositories. */
	readonly key: string;
	/** Everything the clients write lies below it. */
	readonly place: Place;
}

const NOT_LOOKED_AT =
	'apt-get is not on this machine: no apt client looked at the apt targets, and nothing is claimed about what their users get.';

/** undefined: this machine has no such client. */
const look = async (target: WantedTarget, looking: Looking): Promise<Look | undefined> => {
	const { services, key, place } = looking;
	const { config, wanted, id } = target;
	if (config.type === 'npm') return lookWithNpm(wanted, services.registry.origin, place);
	if (config.type === 'github') return lookAtRelease(wanted, services.github?.origin ?? '', place);
	if (!hasAptGet(place.environment.PATH)) return undefined;
	const { publicKey, apt } = services;
	const repository = { url: `${apt.origin}/${key}/${id}`, component: config.component, publicKey };
	return lookWithApt(wanted, repository, place);
};

/** Sees with the real clients, each from a clean place, what users would get now, and keeps it in the draft. */
export const lookAtTargets = async (draft: Draft, moment: Moment, looking: Looking): Promise<void> => {
	await Promise.all(
		draft.targets.map(async (target, index) => {
			const folder = join(looking.place.folder, moment, String(index));
			await mkdir(folder, { recursive: true });
			const seen = await look(target, { ...looking, place: { ...looking.place, folder } });
			if (seen === undefined) return draft.notLookedAt.add(target);
			draft.looks.set(target, { ...draft.looks.get(target), [moment]: seen });
		}),
	);
	if (draft.notLookedAt.size > 0 && !draft.notes.includes(NOT_LOOKED_AT)) draft.notes.push(NOT_LOOKED_AT);
};

/** What users may get: ours, what was there before, or, in the middle of a release, either. */
const toExpected = (
	{ version, artifact }: WantedTarget,
	before: Seen = NOTHING,
	moment: Moment,
): readonly Seen[] => {
	const ours = { version, sha256: artifact.digest.sha256 };
	if (moment === 'fault') return [before, ours];
	return moment === 'before' || moment === 'rollback' ? [before] : [ours];
};

const toText = ({ version, sha256 }: Seen): string => `${version ?? 'no version'} (${sha256 ?? 'no bytes'})`;

/**
 * Compares what users got with what they should.
 * @throws SlipwayError REHEARSAL_CONSUMER_FAILED, one line a target that differs
 */
export const verifyLooks = (draft: Draft, moment: Moment): void => {
	const looked = draft.targets.filter((target) => !draft.notLookedAt.has(target));
	const problems = looked.flatMap((target) => {
		const looks = draft.looks.get(target);
		const got = looks?.[moment] ?? { ...NOTHING, client: 'nobody' };
		const expected = toExpected(target, draft.seeded.get(target), moment);
		if (expected.some(({ version, sha256 }) => version === got.version && sha256 === got.sha256)) return [];
		const wanted = expected.map(toText).join(' or ');
		return [`${target.id} ${target.subject}: expected ${wanted}, ${got.client} got ${toText(got)}`];
	});
	if (problems.length === 0) return;
	throw new SlipwayError<RehearsalCode>('REHEARSAL_CONSUMER_FAILED', problems.join('\n'), {
		hint: 'Look at the journal and the time line of this page; please report it if the project is not to blame.',
	});
};
