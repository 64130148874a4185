import { type Call, Refusal } from '../server/call.ts';
import { type Mistake, replyInvalid } from '../server/replies.ts';
import { findByTag, type Release } from '../state/release.ts';
import { checkRules } from './rules.ts';

const mistake = (code: Mistake['code'], field: string, message?: string): Mistake => ({
	resource: 'Release',
	code,
	field,
	...(message !== undefined && { message }),
});

const NO_TAG: Mistake = {
	resource: 'Release',
	code: 'custom',
	message: 'Published releases must have a valid tag',
};

/** The parts of a ref's name that git itself refuses (git-check-ref-format). */
const BAD_TAG = /[\s~^:?*[\\]|\.\.|@\{|\/\/|^[/.-]|[/.]$|\.lock$|\/\./;

/** @throws Refusal */
export const checkTagName = (tag: string): void => {
	if (tag === '') throw new Refusal(replyInvalid(mistake('missing_field', 'tag_name')));
	if (BAD_TAG.test(tag))
		throw new Refusal(replyInvalid(mistake('custom', 'tag_name', 'tag_name is not well-formed'), NO_TAG));
};

/** The commit that the tag names; where there is no tag yet, it is made. @throws Refusal */
const provideTag = async (release: Release, call: Call): Promise<string> => {
	const { git, repository } = call;
	const ref = `refs/tags/${release.tag}`;
	const tagged = await git.resolve(ref);
	if (tagged !== undefined) return tagged;
	if (repository.burntTags.has(release.tag))
		throw new Refusal(
			replyInvalid(
				mistake(
					'custom',
					'pre_receive',
					'pre_receive Repository rule violations found\n\nCannot create ref due to creations being restricted.\n\n',
				),
				mistake('custom', 'tag_name', 'tag_name was used by an immutable release'),
				NO_TAG,
			),
		);
	const commit = await git.resolve(release.target);
	if (commit === undefined) throw new Refusal(replyInvalid(mistake('invalid', 'target_commitish'), NO_TAG));
	checkRules({ ref, change: 'creation' }, call);
	await git.setRef(ref, commit);
	return commit;
};

/** @throws Refusal */
const checkFree = (release: Release, { repository }: Call): void => {
	const { releases, burntTags } = repository;
	const other = findByTag(releases, release.tag);
	if (other && other !== release) throw new Refusal(replyInvalid(mistake('already_exists', 'tag_name')));
	if (burntTags.has(release.tag))
		throw new Refusal(
			replyInvalid(mistake('custom', 'tag_name', 'tag_name was used by an immutable release'), NO_TAG),
		);
};

/**
 * Makes a release public in one go: its tag is made where there is none, and locked where the repository's setting
 * says so.
 * @throws Refusal
 */
export const publishRelease = async (release: Release, call: Call): Promise<void> => {
	const { repository, git } = call;
	checkTagName(release.tag);
	if (await git.resolve(`refs/tags/${release.tag}`)) checkFree(release, call);
	const commit = await provideTag(release, call);
	checkFree(release, call);
	const made = (await git.commit(commit))?.committer.date;
	release.isDraft = false;
	release.publishedAt ??= call.now();
	release.createdAt = made === undefined ? release.createdAt : Date.parse(made);
	release.isImmutable = repository.settings.immutableReleases;
	if (release.isImmutable) repository.burntTags.add(release.tag);
};

/** What `make_latest` asks for. Drafts and pre-releases are never the latest, whatever it says. */
export const applyLatest = (release: Release, asked: unknown, { repository }: Call): void => {
	if (release.isDraft || release.isPrerelease) return;
	if (asked === 'legacy') {
		release.isPassedOver = false;
		repository.latest = undefined;
	}
	if (asked === 'true') {
		release.isPassedOver = false;
		repository.latest = release.id;
	}
	if (asked !== 'false') return;
	release.isPassedOver = true;
	if (repository.latest === release.id) repository.latest = undefined;
};
