import { parsePurl } from '@slipway/core';
import type { AptTarget } from '@slipway/core/config';
import { openRepository } from './apt.ts';
import { openAptParts } from './apt-parts.ts';
import { listUnreadable } from './preview-targets.ts';
import { type AptPlace, checkIndex } from './watch-apt-index.ts';
import {
	attemptLook,
	joinSeen,
	type Look,
	type Seen,
	toDay,
	toDistance,
	toSeen,
	toWatchFinding,
	type Watch,
} from './watch-look.ts';

const toNames = ({ project, expected }: Watch, id: string): string[] => {
	const planned = expected.plans.flatMap(({ subjects }) =>
		subjects.filter(({ target }) => target === id).map((subject) => parsePurl(subject.id).name),
	);
	return [...new Set([...planned, ...project.config.deb.map(({ name }) => name)])];
};

const lookAtSuite = async (place: AptPlace, watch: Watch): Promise<Seen> => {
	const { readSuiteFacts } = await import('@slipway/deb');
	const { id, target, suite } = place;
	const repository = await openRepository(watch.project, target);
	const where = { suite, component: target.component, names: toNames(watch, id) };
	const facts = await readSuiteFacts(repository, where, watch.context);
	if (!facts) return toSeen([], `${id}: nothing is published in ${suite} yet`);
	const until = facts.validUntil === null ? 'no end' : `valid until ${toDay(facts.validUntil)}`;
	return toSeen(
		await checkIndex(place, facts, watch),
		`${id}: InRelease of ${suite} is of ${new Date(facts.date).toISOString()}, ${until}`,
	);
};

const listSuites = ({ expected }: Watch, id: string, target: AptTarget): string[] => {
	const used = expected.plans.flatMap(({ subjects }) =>
		subjects
			.filter((subject) => subject.target === id)
			.map(({ pointer }) => pointer.name.split('/')[0] ?? ''),
	);
	const suites = [target.suite, target['prerelease-suite'] ?? '', ...used];
	return [...new Set(suites)].filter((suite) => suite !== '');
};

/** The keys that may sign: told when none of them would be left. */
const lookAtKeys = async (
	id: string,
	target: AptTarget,
	{ project, withinMs, context }: Watch,
): Promise<Seen> => {
	const { readKeyLives } = await import('@slipway/deb');
	const { signingKey, trustedKeys } = await openAptParts(project, target);
	const lives = await readKeyLives([...(signingKey ? [signingKey.publicKey] : []), ...trustedKeys]);
	const now = context.clock.now();
	const lasting = lives.filter(({ expiresAt }) => expiresAt === null || expiresAt.getTime() > now + withinMs);
	const told = lives.map(
		({ fingerprint, expiresAt }) =>
			`${id}: key ${fingerprint.slice(-16)} ${expiresAt === null ? 'does not expire' : `until ${toDay(expiresAt.getTime())}`}`,
	);
	const last = Math.max(0, ...lives.map(({ expiresAt }) => expiresAt?.getTime() ?? 0));
	if (lasting.length > 0 || lives.length === 0) return toSeen([], ...told);
	return toSeen(
		[
			toWatchFinding(last <= now ? 'error' : 'warning', 'WATCH_KEY_EXPIRES', {
				target: id,
				message: `no key that may sign the repository lasts: the last one ${last <= now ? 'expired' : 'expires'} on ${toDay(last)} (${toDistance(last, now)})`,
				hint: 'Extend the key, or make a new one and publish both for a while: see the guide about rotating a key.',
			}),
		],
		...told,
	);
};

/** Indexes of apt: when they end, whether users get them, what they offer that nobody released here, keys. */
export const lookAtApt: Look = async (watch) => {
	const unreadable = listUnreadable(watch.project);
	const seen = Object.entries(watch.project.config.targets).flatMap(([id, target]) => {
		if (target.type !== 'apt' || unreadable.includes(id)) return [];
		const look = (task: () => Promise<Seen>) => attemptLook(id, watch.context, task);
		return [
			look(() => lookAtKeys(id, target, watch)),
			...listSuites(watch, id, target).map((suite) => look(() => lookAtSuite({ id, target, suite }, watch))),
		];
	});
	return joinSeen(await Promise.all(seen));
};
