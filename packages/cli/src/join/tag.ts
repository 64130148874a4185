import { type Context, type Finding, SlipwayError, type Source, toPrintable } from '@slipway/core';
import { openRunRest, toTagVersion } from './notice-run.ts';
import type { OpenProject } from './project.ts';

export type TagCode =
	/** The tag names another commit than the one that was built, or is gone. */
	| 'TAG_MOVED'
	/** Nobody says which commit the tag names. */
	| 'TAG_UNREADABLE';

const PREFIX = 'refs/tags/';

/** What was built, and the version that it is released under. */
export interface TaggedSource {
	readonly source: Source;
	readonly version: string;
}

const toTag = (ref: string | null | undefined): string | undefined =>
	ref?.startsWith(PREFIX) ? ref.slice(PREFIX.length) : undefined;

/**
 * The tag of a release: the one that names its version (`v1.2.0`, `greet@1.2.0`), else the one whose push started this run. Other tags on the same
 * commit are nobody's promise.
 */
const findTag = ({ door: { environment } }: OpenProject, { source, version }: TaggedSource) => {
	const started = toTag(environment.GITHUB_REF);
	const named = [toTag(source.ref), started].find(
		(tag) => tag !== undefined && toTagVersion(tag) === version,
	);
	return named ?? (environment.GITHUB_EVENT_NAME === 'push' ? started : undefined);
};

const toFinding = (code: TagCode, message: string, hint: string): Finding => ({
	severity: 'error',
	code,
	message,
	hint,
});

const moved = (tag: string, commit: string, now: string | undefined): Finding =>
	toFinding(
		'TAG_MOVED',
		`expected tag ${toPrintable(tag, 200)} at ${commit}, which was built, got ${now ?? 'no such tag'}`,
		'Find out who moved it. Put it back where it was, or release the next version; protect tags with a ruleset.',
	);

/**
 * Whether the tag of a release still names the commit that was built (guardrail G5), asked of GitHub in a run of its own.
 * Nothing to say elsewhere, where the source has no commit, and where no tag names the release.
 */
export const checkTag = async (
	project: OpenProject,
	tagged: TaggedSource,
	{ clock, signal }: Context,
): Promise<readonly Finding[]> => {
	if (project.door.environment.GITHUB_ACTIONS !== 'true') return [];
	const { commit } = tagged.source;
	const tag = findTag(project, tagged);
	if (commit === null || tag === undefined) return [];
	// The tag is of the repository that is built, wherever a target of type github puts its releases.
	const rest = await openRunRest(project.door.environment);
	if (!rest) return [];
	const { readTagCommit } = await import('@slipway/github');
	const setting = await readTagCommit(rest.within({ clock, signal }), tag);
	if (setting.state === 'known') return setting.value === commit ? [] : [moved(tag, commit, setting.value)];
	if (setting.state === 'absent') return [moved(tag, commit, undefined)];
	const message = `expected GitHub to say which commit tag ${toPrintable(tag, 200)} names, got ${setting.reason}`;
	return [toFinding('TAG_UNREADABLE', message, setting.hint)];
};

/** @throws SlipwayError TAG_MOVED, TAG_UNREADABLE */
export const verifyTag = async (
	project: OpenProject,
	tagged: TaggedSource,
	context: Context,
): Promise<void> => {
	const [finding] = await checkTag(project, tagged, context);
	if (finding) throw new SlipwayError(finding.code, finding.message, { hint: finding.hint });
};
