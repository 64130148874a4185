import { type ChangeContext, SlipwayError } from '@slipway/core';
import type { GitHubCode } from '../code.ts';
import { Release, readReleaseById } from '../release/release.ts';
import { toRestError } from '../rest/failure.ts';
import { pathOf } from '../rest/path.ts';
import { askPatiently } from '../rest/patience.ts';
import type { RestRefusal } from '../rest/reply.ts';
import { restOf, type Target } from './target.ts';

/** What is written into a release; what is not named stays. */
export interface ReleaseChange {
	readonly tag_name?: string;
	readonly name?: string;
	readonly body?: string;
	readonly draft?: boolean;
	readonly prerelease?: boolean;
	readonly make_latest?: 'true' | 'false';
}

const toBurnt = (tag: string): SlipwayError =>
	new SlipwayError<GitHubCode>(
		'GITHUB_TAG_BURNT',
		`the tag ${tag} belonged to an immutable release and can never be published again`,
		{ hint: 'Release a higher version: GitHub never gives the name of such a tag free.' },
	);

const toRefused = ({ tag_name, id }: Release, refusal: RestRefusal, repository: string): SlipwayError =>
	/used by an immutable release/i.test(refusal.message)
		? toBurnt(tag_name)
		: toRestError(`release ${tag_name} (${id}) of ${repository}`, refusal, true);

const isDone = (release: Release, change: ReleaseChange): boolean =>
	(['tag_name', 'name', 'body', 'draft', 'prerelease'] as const).every(
		(field) => change[field] === undefined || release[field] === change[field],
	);

/**
 * One write to a release, sent once after the guard; a lost reply is settled by reading the release. Which release is
 * latest is not part of it: callers read that back themselves.
 * @throws SlipwayError GITHUB_TAG_BURNT, GITHUB_REPLY_LOST (nothing of it shows), GITHUB_*
 */
export const changeRelease = async (
	target: Target,
	given: { readonly release: Release; readonly write: ReleaseChange },
	{ context, guard }: ChangeContext,
): Promise<{ readonly release: Release; readonly isCertain: boolean }> => {
	const { release, write } = given;
	const rest = restOf(target, context);
	const path = pathOf`releases/${release.id}`;
	const reply = await askPatiently(rest, async () => {
		await guard();
		return rest.send({ method: 'PATCH', path, body: write, schema: Release });
	});
	if (reply.kind === 'ok') return { release: reply.value, isCertain: true };
	if (!('reason' in reply)) throw toRefused(release, reply, rest.repository);
	const found = reply.sent ? await readReleaseById(rest, release.id) : undefined;
	if (found && isDone(found, write)) return { release: found, isCertain: false };
	throw toRestError(`release ${release.tag_name} of ${rest.repository}`, reply, true);
};
