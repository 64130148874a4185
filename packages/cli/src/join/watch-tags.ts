import { compareVersions } from '@slipway/core';
import { type GitHubRest, pathOf } from '@slipway/github';
import type { Plan } from '@slipway/release';
import type { WatchFinding } from '@slipway/report';
import * as v from 'valibot';
import { openGitHubRest } from './github.ts';
import { toTagVersion } from './notice-run.ts';
import { joinSeen, type Look, type Seen, toSeen, toWatchFinding, type Watch } from './watch-look.ts';
import { toUnknownVersion } from './watch-versions.ts';

const TARGET = 'tags';
const MAX_RELEASES = 20;

const toPrefix = ({ project }: Watch): string => {
	const target = Object.values(project.config.targets).find(({ type }) => type === 'github');
	return target?.type === 'github' ? target['tag-prefix'] : 'v';
};

/** The tag that a release was made from, else the one that it would have by its configuration. */
const toTag = (
	{ source, version }: Plan,
	prefix: string,
): { readonly name: string; readonly isRecorded: boolean } => {
	const recorded = source.ref?.startsWith('refs/tags/') ? source.ref.slice('refs/tags/'.length) : undefined;
	return { name: recorded ?? `${prefix}${version}`, isRecorded: recorded !== undefined };
};

/** One word of a shell, for a command that people copy: a tag may be called anything that git lets it be. */
const toWord = (text: string): string =>
	/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

const checkTag = async (plan: Plan, rest: GitHubRest, watch: Watch): Promise<WatchFinding[]> => {
	const { commit } = plan.source;
	if (commit === null) return [];
	const { readTagCommit } = await import('@slipway/github');
	const { name, isRecorded } = toTag(plan, toPrefix(watch));
	const found = await readTagCommit(rest, name);
	if (found.state === 'unreadable')
		return [
			toWatchFinding('warning', 'WATCH_UNREADABLE', {
				target: TARGET,
				message: `tag ${name} could not be read: ${found.reason}`,
				hint: found.hint,
			}),
		];
	if (found.state === 'absent')
		return isRecorded
			? [
					toWatchFinding('error', 'WATCH_TAG_MISSING', {
						target: TARGET,
						message: `tag ${name} is gone; ${plan.version} was released from it`,
						hint: `Put it back: git push origin ${toWord(`${commit}:refs/tags/${name}`)}. Then protect tags with a ruleset.`,
					}),
				]
			: [];
	if (found.value === commit) return [];
	return [
		toWatchFinding('error', 'WATCH_TAG_MOVED', {
			target: TARGET,
			message: `tag ${name} is at ${found.value.slice(0, 12)} now; ${plan.version} was released from ${commit.slice(0, 12)}`,
			hint: `Find out who moved it, put it back (git push --force origin ${toWord(`${commit}:refs/tags/${name}`)}), and protect tags with a ruleset.`,
		}),
	];
};

const Refs = v.array(v.object({ ref: v.string() }));

/** Tags above everything that the journal knows: somebody meant a release that never began. */
const checkUnreleased = async (rest: GitHubRest, { expected, ...watch }: Watch): Promise<WatchFinding[]> => {
	const highest = expected.plans
		.map(({ version }) => version)
		.sort(compareVersions)
		.at(-1);
	if (highest === undefined) return [];
	const prefix = toPrefix({ expected, ...watch });
	const reply = await rest.send({ path: pathOf`git/matching-refs/tags/${prefix}`, schema: Refs });
	if (reply.kind !== 'ok') {
		const { toRestError } = await import('@slipway/github');
		throw toRestError(`tags of ${rest.repository}`, reply);
	}
	return reply.value.flatMap(({ ref }) => {
		const name = ref.replace(/^refs\/tags\//, '');
		const version = name.startsWith(prefix) ? toTagVersion(name) : undefined;
		if (version === undefined || compareVersions(version, highest) <= 0) return [];
		return [
			toWatchFinding('warning', 'WATCH_TAG_UNRELEASED', {
				target: TARGET,
				message: `tag ${name} is there, and no release of ${version} has begun`,
				hint: 'Look at the run that the tag started: mend its cause and run it again, or delete the tag.',
			}),
		];
	});
};

const checkRules = async (rest: GitHubRest, watch: Watch): Promise<Seen> => {
	const { readRulesets } = await import('@slipway/github');
	const prefix = toPrefix(watch);
	const rulesets = await readRulesets(rest, { type: 'tag', name: `${prefix}999999.0.0` });
	if (rulesets.state !== 'known') return toSeen([], `tags: their rules could not be read`);
	const rules = new Set(rulesets.value.flatMap((ruleset) => ruleset.rules));
	const missing = ['update', 'deletion'].filter((rule) => !rules.has(rule));
	if (missing.length === 0) return toSeen([], `tags: ${prefix}* cannot be moved or deleted`);
	return toSeen([
		toWatchFinding('warning', 'WATCH_TAGS_UNPROTECTED', {
			target: TARGET,
			message: `whoever may push can ${missing.map((rule) => (rule === 'update' ? 'move' : 'delete')).join(' and ')} a tag ${prefix}*`,
			hint: `Settings, Rules, Rulesets, New tag ruleset: target refs/tags/${prefix}*; on: Restrict updates, Restrict deletions, Block force pushes.`,
		}),
	]);
};

const Release = v.object({
	tag_name: v.string(),
	draft: v.optional(v.boolean(), false),
	published_at: v.nullish(v.string()),
});

/** GitHub releases that no plan has (G15). */
const checkReleases = async (rest: GitHubRest, { expected, project }: Watch): Promise<Seen> => {
	const [id] = Object.entries(project.config.targets).find(([, { type }]) => type === 'github') ?? [];
	if (id === undefined || expected.since === null) return toSeen([]);
	const { readPages, toRestError } = await import('@slipway/github');
	const reply = await readPages(rest, { path: 'releases', item: Release, maxPages: 10 });
	if (reply.kind !== 'ok') throw toRestError(`releases of ${rest.repository}`, reply);
	const known = new Set(expected.plans.map(({ version }) => version));
	const since = expected.since;
	const unknown = reply.value.flatMap(({ tag_name: tag, draft, published_at }) => {
		const time = Date.parse(published_at ?? '');
		const version = toTagVersion(tag);
		if (draft || !(time > since) || (version !== undefined && known.has(version))) return [];
		return [toUnknownVersion(id, `the GitHub release ${tag}`, time)];
	});
	return toSeen(unknown, `${id}: ${reply.value.length} GitHub releases were compared with the journal`);
};

/** Do tags still name what was released, can they be moved, and did each become a release? */
export const lookAtTags: Look = async (watch) => {
	const rest = (await openGitHubRest(watch.project))?.within(watch.context);
	if (!rest) return toSeen([], 'tags: the project is in no repository on GitHub');
	const plans = watch.expected.completed.slice(-MAX_RELEASES);
	const moved = await Promise.all(plans.map((plan) => checkTag(plan, rest, watch)));
	const unreleased = await checkUnreleased(rest, watch);
	const tags = toSeen(
		[...moved.flat(), ...unreleased],
		`tags: those of ${plans.length} releases were resolved`,
	);
	return joinSeen([tags, await checkRules(rest, watch), await checkReleases(rest, watch)]);
};
