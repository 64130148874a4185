import { openNpmRegistry } from './publishers.ts';
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

const toEnding = (target: string, expiresAt: number, { context, withinMs }: Watch): Seen => {
	const now = context.clock.now();
	const when = `${expiresAt <= now ? 'ended' : 'ends'} on ${toDay(expiresAt)} (${toDistance(expiresAt, now)})`;
	const told = `${target}: the npm token of this job ${when}`;
	if (expiresAt > now + withinMs) return toSeen([], told);
	return toSeen(
		[
			toWatchFinding(expiresAt <= now ? 'error' : 'warning', 'WATCH_TOKEN_EXPIRES', {
				target,
				message: `the npm token of this job ${when}: a rollback could only move dist-tags, not deprecate`,
				hint: 'Make a new granular token with write access to these packages, and put it into the secret npm-rollback-token.',
			}),
		],
		told,
	);
};

/** When the npm token that rollback uses ends, where this job holds it and the registry tells. */
export const lookAtTokens: Look = async (watch) => {
	const { readTokenExpiry } = await import('@slipway/npm');
	const seen = Object.entries(watch.project.config.targets).flatMap(([id, target]) => {
		if (target.type !== 'npm') return [];
		return [
			attemptLook(id, watch.context, async () => {
				const { registry, credentials } = await openNpmRegistry(watch.project, target);
				const authorization = await credentials.authorize('', 'mark', watch.context);
				if (authorization === undefined) return toSeen([]);
				const expiresAt = await readTokenExpiry(registry, authorization, watch.context);
				return expiresAt === undefined
					? toSeen([], `${id}: the registry does not tell when the token of this job ends`)
					: toEnding(id, expiresAt, watch);
			}),
		];
	});
	return joinSeen(await Promise.all(seen));
};
