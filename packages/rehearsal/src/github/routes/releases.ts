import { randomBytes } from 'node:crypto';
import {
	type Answer,
	type Call,
	type Fields,
	Refusal,
	type Route,
	readFields,
	toActor,
	toFlag,
	toText,
} from '../server/call.ts';
import { toEmptyReply, toJsonReply } from '../server/exchange.ts';
import { toPage } from '../server/page.ts';
import { replyInvalid, replyNotFound } from '../server/replies.ts';
import { mayDo } from '../server/rights.ts';
import { open, route, write } from '../server/routing.ts';
import { findByTag, findLatest, type Release } from '../state/release.ts';
import { applyLatest, checkTagName, publishRelease } from './publish-release.ts';
import { toReleaseJson } from './release-json.ts';

/** Drafts are shown to those who may write. */
export const maySee = (release: Release, { token }: Call): boolean =>
	!release.isDraft || (token !== undefined && mayDo(token, { scope: 'contents', level: 'write' }));

/** @throws Refusal */
export const findRelease = (call: Call): Release => {
	const found = call.repository.releases.find(({ id }) => String(id) === call.params.id);
	if (found && maySee(found, call)) return found;
	throw new Refusal(replyNotFound());
};

const replyRelease = (release: Release | undefined, call: Call, status = 200) =>
	release === undefined
		? replyNotFound()
		: toJsonReply(status, toReleaseJson(release, call), {
				...(status === 201 && { location: toReleaseJson(release, call).url }),
			});

const list: Answer = (call) => {
	const { repository, request, origin } = call;
	const seen = repository.releases.filter((release) => maySee(release, call));
	const newest = seen.toSorted((a, b) => b.createdAt - a.createdAt || b.id - a.id);
	const { items, headers } = toPage(newest, request, origin);
	return toJsonReply(
		200,
		items.map((release) => toReleaseJson(release, call)),
		headers,
	);
};

/** What a request says of a release; other fields stay as they are. */
const applyFields = (release: Release, fields: Fields): void => {
	release.tag = toText(fields.tag_name) ?? release.tag;
	release.target = toText(fields.target_commitish) || release.target;
	release.name = toText(fields.name) ?? release.name;
	release.body = toText(fields.body) ?? release.body;
	release.isPrerelease = toFlag(fields.prerelease) ?? release.isPrerelease;
};

const MAX_BODY = 125_000;
const LATEST = [undefined, 'true', 'false', 'legacy'];

/** @throws Refusal */
const checkFields = ({ body, make_latest: latest }: Fields): void => {
	if (!LATEST.includes(latest as string | undefined))
		throw new Refusal(replyInvalid({ resource: 'Release', code: 'invalid', field: 'make_latest' }));
	if ((toText(body) ?? '').length <= MAX_BODY) return;
	throw new Refusal(
		replyInvalid({
			resource: 'Release',
			code: 'custom',
			field: 'body',
			message: `body is too long (maximum is ${MAX_BODY} characters)`,
		}),
	);
};

const toDraft = (fields: Fields, call: Call): Release => {
	const now = call.now();
	const release: Release = {
		id: call.nextId(),
		author: toActor(call),
		slug: `untagged-${randomBytes(10).toString('hex')}`,
		tag: '',
		target: call.repository.settings.defaultBranch,
		name: null,
		body: null,
		isDraft: true,
		isPrerelease: false,
		isImmutable: false,
		isPassedOver: false,
		createdAt: now,
		publishedAt: null,
		updatedAt: now,
		assets: [],
	};
	applyFields(release, fields);
	return release;
};

const create: Answer = async (call) => {
	const fields = readFields(call);
	checkFields(fields);
	const release = toDraft(fields, call);
	checkTagName(release.tag);
	if (toFlag(fields.draft) !== true) {
		await publishRelease(release, call);
		applyLatest(release, fields.make_latest ?? 'true', call);
	}
	call.repository.releases.push(release);
	if (call.quirk === 'duplicate-draft') call.repository.releases.push(toDraft(fields, call));
	return replyRelease(release, call, 201);
};

/** @throws Refusal: tag and state of what is locked */
const checkLocked = (release: Release, fields: Fields): void => {
	const isMoved = (toText(fields.tag_name) ?? release.tag) !== release.tag || toFlag(fields.draft) === true;
	if (!release.isImmutable || !isMoved) return;
	throw new Refusal(
		replyInvalid({
			resource: 'Release',
			code: 'custom',
			message: 'Cannot change the tag of an immutable release',
		}),
	);
};

const update: Answer = async (call) => {
	const release = findRelease(call);
	const fields = readFields(call);
	checkFields(fields);
	checkLocked(release, fields);
	const wanted = { ...release };
	applyFields(wanted, fields);
	checkTagName(wanted.tag);
	const publishes = release.isDraft && toFlag(fields.draft) === false;
	if (publishes) await publishRelease(wanted, { ...call, repository: without(release, call) });
	else if (toFlag(fields.draft) === true) wanted.isDraft = true;
	Object.assign(release, wanted, { updatedAt: call.now() });
	applyLatest(release, fields.make_latest ?? (publishes ? 'true' : undefined), call);
	return replyRelease(release, call);
};

/** The repository as it is for one that is about to be published: it is no obstacle to itself. */
const without = (release: Release, { repository }: Call): Call['repository'] => ({
	...repository,
	releases: repository.releases.filter((each) => each !== release),
});

const remove: Answer = (call) => {
	const release = findRelease(call);
	const { releases } = call.repository;
	releases.splice(releases.indexOf(release), 1);
	return toEmptyReply(204);
};

const latest: Answer = (call) =>
	replyRelease(findLatest(call.repository.releases, call.repository.latest), call);

const byTag: Answer = (call) =>
	replyRelease(findByTag(call.repository.releases, call.params.tag ?? ''), call);

const byId: Answer = (call) => replyRelease(findRelease(call), call);

export const releaseRoutes: readonly Route[] = [
	route('GET releases', open('contents'), list),
	route('POST releases', write('contents'), create),
	route('GET releases/latest', open('contents'), latest),
	route('GET releases/tags/{tag+}', open('contents'), byTag),
	route('GET releases/{id}', open('contents'), byId),
	route('PATCH releases/{id}', write('contents'), update),
	route('DELETE releases/{id}', write('contents'), remove),
];
