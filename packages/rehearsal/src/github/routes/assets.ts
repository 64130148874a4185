import { createHash } from 'node:crypto';
import { type Answer, type Call, Refusal, type Route, readFields, toActor, toText } from '../server/call.ts';
import { toEmptyReply, toJsonReply } from '../server/exchange.ts';
import { toPage } from '../server/page.ts';
import { replyError, replyInvalid, replyNotFound } from '../server/replies.ts';
import { open, route, toRoute, write } from '../server/routing.ts';
import { type Asset, type Release, toAssetName } from '../state/release.ts';
import { toAssetJson } from './release-json.ts';
import { findRelease, maySee } from './releases.ts';

/** @throws Refusal */
const findAsset = (call: Call): { readonly asset: Asset; readonly release: Release } => {
	for (const release of call.repository.releases) {
		const asset = release.assets.find(({ id }) => String(id) === call.params.id);
		if (asset && maySee(release, call)) return { asset, release };
	}
	throw new Refusal(replyNotFound());
};

const list: Answer = (call) => {
	const release = findRelease(call);
	const { items, headers } = toPage(release.assets, call.request, call.origin);
	return toJsonReply(
		200,
		items.map((asset) => toAssetJson(asset, release, call)),
		headers,
	);
};

/** The bytes themselves lie elsewhere; as JSON what is known of them. */
const get: Answer = (call) => {
	const { asset, release } = findAsset(call);
	if (!call.request.headers.accept?.includes('application/octet-stream'))
		return toJsonReply(200, toAssetJson(asset, release, call));
	if (asset.state === 'starter') return replyNotFound();
	asset.downloads += 1;
	return toEmptyReply(302, { location: call.storage.sign(asset) });
};

/** @throws Refusal */
const checkUpload = ({ request }: Call, release: Release): string => {
	const name = request.query.get('name') ?? '';
	if (request.headers['content-type'] === undefined)
		throw new Refusal(replyError(400, 'Content-Type header is required'));
	if (name === '')
		throw new Refusal(replyInvalid({ resource: 'ReleaseAsset', code: 'missing_field', field: 'name' }));
	if (request.body.length === 0) throw new Refusal(replyError(400, 'Bad Content-Length: 0'));
	if (release.isImmutable)
		throw new Refusal(replyError(422, 'Cannot upload assets to an immutable release.'));
	const stored = toAssetName(name);
	if (release.assets.some((asset) => asset.name === stored))
		throw new Refusal(replyInvalid({ resource: 'ReleaseAsset', code: 'already_exists', field: 'name' }));
	return stored;
};

const upload: Answer = (call) => {
	const { request, quirk } = call;
	const release = findRelease(call);
	const name = checkUpload(call, release);
	const isStarter = quirk === 'starter';
	const bytes = isStarter ? Buffer.alloc(0) : request.body;
	const asset: Asset = {
		id: call.nextId(),
		name,
		label: request.query.get('label'),
		mediaType: request.headers['content-type'] ?? 'application/octet-stream',
		state: isStarter ? 'starter' : 'uploaded',
		uploader: toActor(call),
		createdAt: call.now(),
		bytes,
		digest: isStarter ? null : `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
		downloads: 0,
	};
	release.assets.push(asset);
	return toJsonReply(201, toAssetJson(asset, release, call));
};

/** @throws Refusal */
const checkChangeable = ({ isImmutable }: Release, verb: string): void => {
	if (!isImmutable) return;
	const message = `Cannot ${verb} asset from an immutable release`;
	throw new Refusal(replyInvalid({ resource: 'ReleaseAsset', code: 'custom', message }));
};

const update: Answer = (call) => {
	const { asset, release } = findAsset(call);
	checkChangeable(release, 'update');
	const fields = readFields(call);
	const name = toAssetName(toText(fields.name) ?? asset.name);
	if (release.assets.some((each) => each !== asset && each.name === name))
		return replyInvalid({ resource: 'ReleaseAsset', code: 'already_exists', field: 'name' });
	Object.assign(asset, { name, label: toText(fields.label) ?? asset.label });
	return toJsonReply(200, toAssetJson(asset, release, call));
};

const remove: Answer = (call) => {
	const { asset, release } = findAsset(call);
	checkChangeable(release, 'delete');
	release.assets.splice(release.assets.indexOf(asset), 1);
	return toEmptyReply(204);
};

export const assetRoutes: readonly Route[] = [
	route('GET releases/{id}/assets', open('contents'), list),
	route('GET releases/assets/{id}', open('contents'), get),
	route('PATCH releases/assets/{id}', write('contents'), update),
	route('DELETE releases/assets/{id}', write('contents'), remove),
	// Its own address, which only the release itself names.
	toRoute('POST api/uploads/repos/{owner}/{repo}/releases/{id}/assets', {
		right: write('contents'),
		answer: upload,
	}),
];
