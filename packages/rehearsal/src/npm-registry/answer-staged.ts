import type { Front } from './answer.ts';
import { approveStaged } from './answer-publish.ts';
import { type FrontReply, type FrontRequest, toJsonReply } from './exchange.ts';
import { replyForbidden, replyNotFound, replyNotLoggedIn, replyOtp } from './replies.ts';
import type { StagedVersion } from './state.ts';

const toItem = ({ document: _, ...item }: StagedVersion) => ({
	...item,
	status: 'staged',
	actor: 'slipway',
	actorType: 'user',
});

/** GET /-/stage: pages of what waits, of one package or of all; never for exchanged tokens. */
export const answerStageList = async (front: Front, request: FrontRequest): Promise<FrontReply> => {
	const { kind } = front.toIdentity(request);
	if (kind === 'limited') return replyForbidden('staged packages');
	if (kind !== 'owner') return replyNotLoggedIn();
	const wanted = request.query.get('package');
	const all = [...front.state.staged.values()].filter(
		({ packageName }) => wanted === null || packageName === wanted,
	);
	const perPage = Number(request.query.get('perPage') ?? 100);
	const start = Number(request.query.get('page') ?? 0) * perPage;
	return toJsonReply(200, { items: all.slice(start, start + perPage).map(toItem), total: all.length });
};

/** One staged version: view, tarball, and with a one-time password approve and reject. */
export const answerStaged = async (front: Front, request: FrontRequest): Promise<FrontReply> => {
	const { id, action } = request.route as { readonly id: string; readonly action: string | undefined };
	const { kind } = front.toIdentity(request);
	if (kind === 'limited') return replyForbidden('staged packages');
	if (kind !== 'owner') return replyNotLoggedIn();
	const staged = front.state.staged.get(id);
	if (!staged) return replyNotFound();
	if (request.method === 'GET' && action === undefined) return toJsonReply(200, toItem(staged));
	if (request.headers['npm-otp'] === undefined) return replyOtp();
	if (request.method === 'POST' && action === 'approve') return approveStaged(front, id);
	if (request.method === 'DELETE' && action === undefined) {
		front.state.staged.delete(id);
		return toJsonReply(200, { ok: true });
	}
	return replyNotFound();
};
