import type { Context } from '@slipway/core';
import type { WatchReport } from '@slipway/report';
import { openJournal } from './journal.ts';
import { type Door, openProject } from './project.ts';
import { lookAtApt } from './watch-apt.ts';
import { lookAtJournal, readExpected } from './watch-journal.ts';
import { attemptLook, joinSeen, type Look } from './watch-look.ts';
import { lookAtTags } from './watch-tags.ts';
import { lookAtTargets } from './watch-targets.ts';
import { lookAtTokens } from './watch-token.ts';
import { lookAtTrust } from './watch-trust.ts';
import { lookAtNpmVersions } from './watch-versions.ts';

/** What is looked at, in the order in which it is told. */
const LOOKS: Readonly<Record<string, Look>> = {
	journal: lookAtJournal,
	targets: lookAtTargets,
	npm: lookAtNpmVersions,
	apt: lookAtApt,
	tags: lookAtTags,
	policy: lookAtTrust,
	tokens: lookAtTokens,
};

const DAY_MS = 86_400_000;

/**
 * Compares everything that was released with what everybody sees now: pointers and bytes by digest, tags, versions that the
 * journal does not know; and tells what has not come to its end or is about to. Reads only, and needs no secret.
 * @throws SlipwayError PROJECT_*, CONFIG_*, STORE_*, JOURNAL_CORRUPT
 */
export const watchProject = async (
	door: Door,
	{ days = 14 }: { readonly days?: number | undefined },
	context: Context,
): Promise<WatchReport> => {
	const project = await openProject(door);
	const expected = await readExpected(openJournal(project));
	const watch = { project, expected, withinMs: days * DAY_MS, context };
	const looks = Object.entries(LOOKS).map(([name, look]) => attemptLook(name, context, () => look(watch)));
	const { findings, looked } = joinSeen(await Promise.all(looks));
	return {
		project: project.project,
		time: new Date(context.clock.now()).toISOString(),
		days,
		findings: findings.toSorted((a, b) => a.severity.localeCompare(b.severity)),
		looked,
	};
};
