import { readFile } from 'node:fs/promises';
import { parseJson, SlipwayError, toPrintable } from '@slipway/core';
import type { Environment } from './declaration.ts';
import type { RunnerCode } from './runner-error.ts';

/** The parts of a webhook's payload that say whose code a run executes. */
interface Event {
	readonly repository?: { readonly full_name?: unknown };
	readonly pull_request?: { readonly head?: { readonly repo?: { readonly full_name?: unknown } | null } };
	readonly workflow_run?: { readonly head_repository?: { readonly full_name?: unknown } | null };
}

/** Events that run with the rights of the repository while anybody outside can start them. */
const OUTSIDERS = new Set([
	'pull_request_target',
	'issue_comment',
	'issues',
	'discussion',
	'discussion_comment',
]);

/** The repository that the code of this run comes from, where it is another one (or a deleted one). */
const findForeign = (event: Event): string | undefined => {
	const heads = [
		...(event.pull_request ? [event.pull_request.head?.repo] : []),
		...(event.workflow_run ? [event.workflow_run.head_repository] : []),
	].map((head) => head?.full_name);
	const own = event.repository?.full_name;
	if (heads.every((head) => typeof head === 'string' && head === own)) return undefined;
	return toPrintable(String(heads.find((head) => head !== own) ?? 'an unknown repository'), 200);
};

/** Why a release must not run for this event, or undefined (guardrail G1: no code of others with our rights). */
export const findTriggerProblem = (eventName: string, event: Event): string | undefined => {
	if (OUTSIDERS.has(eventName)) return `the event ${eventName} can be started by anybody`;
	const foreign = findForeign(event);
	return foreign === undefined ? undefined : `the code comes from ${foreign}`;
};

/** @throws SlipwayError RUNNER_TRIGGER_REFUSED */
export const verifyTrigger = async (environment: Environment): Promise<void> => {
	const { GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: path } = environment;
	if (!name) return;
	const event = path ? parseJson(await readFile(path), 'the event of this run') : {};
	const problem = findTriggerProblem(name, event as Event);
	if (!problem) return;
	throw new SlipwayError<RunnerCode>(
		'RUNNER_TRIGGER_REFUSED',
		`expected a run of reviewed code, but ${problem}`,
		{
			hint: 'Release from a push of a tag, a dispatch or a schedule in the repository itself.',
		},
	);
};

/** What to say where anybody with push rights can move the ref that is released; undefined where it is protected. */
export const toProtectionWarning = (environment: Environment): string | undefined => {
	const { GITHUB_REF: ref, GITHUB_REF_PROTECTED: isProtected, GITHUB_REPOSITORY: repository } = environment;
	if (!ref || isProtected !== 'false') return undefined;
	const kind = ref.startsWith('refs/tags/') ? 'tag' : 'branch';
	const pattern = kind === 'tag' ? 'refs/tags/v*' : ref;
	return [
		`${toPrintable(ref, 200)} is not protected: whoever may push can release.`,
		`Add a ruleset to ${repository ?? 'the repository'} (Settings, Rules, Rulesets, New ${kind} ruleset):`,
		`target ${toPrintable(pattern, 200)}; on: Restrict ${kind === 'tag' ? 'creations, ' : ''}updates, Restrict deletions, Block force pushes.`,
	].join('\n');
};
