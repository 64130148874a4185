import { answerExchange } from './answer-exchange.ts';
import { answerPublish, answerStage } from './answer-publish.ts';
import {
	answerAttestations,
	answerKeys,
	answerPackument,
	answerTarball,
	answerVersion,
} from './answer-read.ts';
import { answerStaged, answerStageList } from './answer-staged.ts';
import type { FrontReply, FrontRequest } from './exchange.ts';
import { replyForbidden, replyNotFound } from './replies.ts';
import type { Identity } from './rights.ts';
import type { Route } from './route.ts';
import type { FrontState, Right } from './state.ts';
import type { Upstream } from './upstream.ts';

/** What every handler is given. */
export interface Front {
	readonly origin: string;
	readonly upstream: Upstream;
	readonly state: FrontState;
	/** Milliseconds since 1970. */
	now(): number;
	toIdentity(request: FrontRequest): Identity;
	/** The refusal, or undefined. */
	checkRight(request: FrontRequest, name: string, right: Right): FrontReply | undefined;
}

type Answer = (front: Front, request: FrontRequest) => Promise<FrontReply>;

const answerDistTag: Answer = async (front, request) => {
	const { name, tag } = request.route as { readonly name: string; readonly tag: string };
	const refused = front.checkRight(request, name, 'dist-tag');
	if (refused) return refused;
	if (request.method === 'DELETE' && tag === 'latest') return replyForbidden(name);
	const reply = await front.upstream.forward(request, { asOwner: true });
	return reply.status === 404 ? replyNotFound() : reply;
};

const answerDistTags: Answer = async (front, request) => {
	const reply = await front.upstream.forward(request, { asOwner: true });
	return reply.status === 404 ? replyNotFound() : reply;
};

const answerOther: Answer = (front, request) => front.upstream.forward(request);

const ANSWERS: Readonly<Record<Route['kind'], Answer>> = {
	packument: answerPackument,
	version: answerVersion,
	tarball: answerTarball,
	attestations: answerAttestations,
	keys: answerKeys,
	publish: answerPublish,
	stage: answerStage,
	'stage-list': answerStageList,
	staged: answerStaged,
	'dist-tag': answerDistTag,
	'dist-tags': answerDistTags,
	exchange: answerExchange,
	other: answerOther,
};

/** The registry's answer to one request. */
export const answer: Answer = (front, request) => ANSWERS[request.route.kind](front, request);
