import { type Context, SlipwayError, toMessage } from '@slipway/core';
import type { GitHubRest } from '@slipway/github';
import { openRunRest } from './notice-run.ts';
import type { Door } from './project.ts';

/** What became of an issue or a comment. `none`: there was nothing to say, or nobody may say it (a warning told why). */
export interface Spoken {
	readonly outcome: 'created' | 'updated' | 'unchanged' | 'closed' | 'none';
	readonly number: number | null;
	readonly url: string | null;
}

export const NOT_SPOKEN: Spoken = { outcome: 'none', number: null, url: null };

/** The line that a job, and the job that calls its workflow, lack. */
const toRightHint = (scope: string, why: string): string =>
	`add \`${scope}: write # ${why}\` to the permissions of this job, and of the job that calls its workflow`;

interface Speaking {
	readonly scope: 'issues' | 'pull-requests';
	/** The comment behind the line of the permission. */
	readonly why: string;
	/** What stays unsaid, for the warning. */
	readonly what: string;
}

/**
 * Lets a task speak in the repository of this run. Whatever keeps it from it is one warning and never a second failure: what
 * there is to say stands in the summary too.
 */
export const speak = async (
	door: Door,
	{ scope, why, what }: Speaking,
	{ context, task }: { readonly context: Context; readonly task: (rest: GitHubRest) => Promise<Spoken> },
): Promise<Spoken> => {
	const rest = await openRunRest(door.environment);
	if (!rest?.hasToken) {
		context.log.warning(
			`${what}: expected a token and the address of the API, got none; ${toRightHint(scope, why)}`,
		);
		return NOT_SPOKEN;
	}
	try {
		return await task(rest.within(context));
	} catch (thrown) {
		context.signal.throwIfAborted();
		const isRight =
			thrown instanceof SlipwayError && ['GITHUB_NO_RIGHT', 'GITHUB_NOT_FOUND'].includes(thrown.code);
		const hint = thrown instanceof SlipwayError ? thrown.hint : 'report this as a defect';
		context.log.warning(`${what}: ${toMessage(thrown)}; ${isRight ? toRightHint(scope, why) : hint}`);
		return NOT_SPOKEN;
	}
};
