import type { Front } from './answer.ts';
import { type FrontReply, type FrontRequest, toJsonReply } from './exchange.ts';
import { toPackument, toReaderView } from './packument-view.ts';
import { replyNotFound, replyNoVersion } from './replies.ts';
import { isScanning, toKey } from './state.ts';

const takeStale = (front: Front, { route, headers }: FrontRequest): FrontReply | undefined => {
	const stale = front.state.stale.get((route as { readonly name: string }).name);
	if (!stale || stale.reads <= 0) return undefined;
	stale.reads -= 1;
	return headers.accept?.includes('install-v1') ? stale.abbreviated : stale.full;
};

/** GET /NAME */
export const answerPackument = async (front: Front, request: FrontRequest): Promise<FrontReply> => {
	const stale = takeStale(front, request);
	if (stale) return stale;
	const reply = await front.upstream.forward(request, { asOwner: true });
	if (reply.status === 404) return replyNotFound();
	if (reply.status !== 200) return reply;
	return toReaderView(reply, { state: front.state, origin: front.origin, now: front.now() });
};

/** GET /NAME/VERSION-OR-TAG, as the packument has it. */
export const answerVersion = async (front: Front, request: FrontRequest): Promise<FrontReply> => {
	const { version, name } = request.route as { readonly version: string; readonly name: string };
	const target = `/${encodeURIComponent(name)}`;
	const reply = await answerPackument(front, { ...request, target, route: { kind: 'packument', name } });
	if (reply.status !== 200) return reply;
	const packument = toPackument(reply);
	const manifest = packument.versions[packument['dist-tags'][version] ?? version];
	return manifest ? toJsonReply(200, manifest) : replyNoVersion(version);
};

/** GET /NAME/-/FILE.tgz; not while its version is being scanned. */
export const answerTarball = async (front: Front, request: FrontRequest): Promise<FrontReply> => {
	const { name, file } = request.route as { readonly name: string; readonly file: string };
	const version = file.slice(name.slice(name.indexOf('/') + 1).length + 1, -'.tgz'.length);
	if (isScanning(front.state, name, version, front.now())) return replyNotFound();
	const reply = await front.upstream.forward(request, { asOwner: true });
	return reply.status === 404 ? replyNotFound() : reply;
};

/** GET /-/npm/v1/attestations/NAME@VERSION */
export const answerAttestations = async (front: Front, request: FrontRequest): Promise<FrontReply> => {
	const { name, version } = request.route as { readonly name: string; readonly version: string };
	const attestations = front.state.attestations.get(toKey(name, version));
	if (attestations === undefined || isScanning(front.state, name, version, front.now()))
		return replyNotFound();
	return toJsonReply(200, { attestations });
};

/** GET /-/npm/v1/keys: with what the registry signs. */
export const answerKeys = async (front: Front): Promise<FrontReply> =>
	toJsonReply(200, { keys: [front.state.registryKey.entry] });
