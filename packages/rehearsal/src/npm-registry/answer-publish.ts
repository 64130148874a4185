import { createHash, randomUUID } from 'node:crypto';
import type { Front } from './answer.ts';
import { toAttestations } from './attestations.ts';
import { type FrontReply, type FrontRequest, toJsonReply } from './exchange.ts';
import { toPackument } from './packument-view.ts';
import { findProvenanceProblem } from './provenance-check.ts';
import {
	type Candidate,
	hasAttachments,
	type PublishDocument,
	parseDocument,
	toCandidate,
} from './publish-document.ts';
import {
	replyBadRequest,
	replyBusy,
	replyNoVersion,
	replyProvenance,
	replyStaged,
	replyTaken,
} from './replies.ts';
import { isScanning, type StagedVersion, toKey } from './state.ts';

/** Why this version cannot be accepted (again), in npm's words. */
const checkFree = async (
	front: Front,
	name: string,
	candidate: Candidate,
): Promise<FrontReply | undefined> => {
	const { version } = candidate;
	const waits = [...front.state.staged.values()].some(
		(staged) => staged.packageName === name && staged.version === version,
	);
	if (waits || isScanning(front.state, name, version, front.now())) return replyStaged(version);
	const existing = await front.upstream.ask('GET', `/${encodeURIComponent(name)}`);
	if (existing.status === 200 && version in toPackument(existing).versions) return replyTaken(version);
	const problem = findProvenanceProblem(candidate);
	return problem === undefined ? undefined : replyProvenance(problem);
};

const keepAttestations = ({ state, origin }: Front, candidate: Candidate): void => {
	const { registryKey: key, provenance: treatment } = state;
	const attestations = toAttestations(candidate, { registry: origin, key, treatment });
	const { name, version } = candidate.manifest;
	if (attestations.length > 0) state.attestations.set(toKey(name, version), attestations);
};

/** Puts an accepted version into Verdaccio; the first version of a package becomes `latest` whatever its tag. */
const commit = async (front: Front, request: FrontRequest, candidate: Candidate): Promise<FrontReply> => {
	const { name } = request.route as { readonly name: string };
	const path = `/${encodeURIComponent(name)}`;
	const before = await front.upstream.ask('GET', path);
	const isFirst = before.status === 404;
	const reply = await front.upstream.forward(
		{ ...request, method: 'PUT', target: path },
		{ asOwner: true, body: candidate.document },
	);
	if (reply.status === 409) return replyBusy();
	if (reply.status >= 300) return reply;
	if (isFirst && candidate.tag !== 'latest')
		await front.upstream.ask(
			'PUT',
			`/-/package/${encodeURIComponent(name)}/dist-tags/latest`,
			candidate.version,
		);
	const key = toKey(name, candidate.version);
	keepAttestations(front, candidate);
	if (front.state.scanTime > 0) {
		front.state.scans.set(key, front.now() + front.state.scanTime);
		if (!isFirst) front.state.tagsBefore.set(name, toPackument(before)['dist-tags']);
	}
	return toJsonReply(200, { success: true });
};

/** A document without a tarball changes marks of versions that can be read; the tags stay as they are. */
const changeMarks = async (
	front: Front,
	request: FrontRequest,
	document: PublishDocument,
): Promise<FrontReply> => {
	const path = `/${encodeURIComponent(document.name)}`;
	const current = toPackument(await front.upstream.ask('GET', path));
	const hidden = Object.keys(current.versions).filter((version) =>
		isScanning(front.state, document.name, version, front.now()),
	);
	const marked = hidden.find((version) => document.versions[version]?.deprecated);
	if (marked !== undefined) return replyNoVersion(marked);
	const kept = Object.fromEntries(hidden.map((version) => [version, current.versions[version]]));
	const merged = {
		...document,
		'dist-tags': current['dist-tags'],
		versions: { ...document.versions, ...kept },
	};
	return front.upstream.forward(request, { asOwner: true, body: Buffer.from(JSON.stringify(merged)) });
};

/** PUT /NAME: a new version with its tarball, or changed marks (deprecate). */
export const answerPublish = async (front: Front, request: FrontRequest): Promise<FrontReply> => {
	const { name } = request.route as { readonly name: string };
	const document = parseDocument(request.body);
	if (!document) return replyBadRequest('expected a JSON document');
	const isPublish = hasAttachments(document);
	const refused = front.checkRight(request, name, isPublish ? 'publish' : 'deprecate');
	if (refused) return refused;
	if (!isPublish) return changeMarks(front, request, document);
	const candidate = toCandidate(name, document);
	if (typeof candidate === 'string') return replyBadRequest(candidate);
	return (await checkFree(front, name, candidate)) ?? commit(front, request, candidate);
};

/** POST /-/stage/package/NAME: kept aside until a person approves it. */
export const answerStage = async (front: Front, request: FrontRequest): Promise<FrontReply> => {
	const { name } = request.route as { readonly name: string };
	const document = parseDocument(request.body);
	if (!document) return replyBadRequest('expected a JSON document');
	const refused = front.checkRight(request, name, 'stage');
	if (refused) return refused;
	const candidate = toCandidate(name, document);
	if (typeof candidate === 'string') return replyBadRequest(candidate);
	const taken = await checkFree(front, name, candidate);
	if (taken) return taken;
	const staged: StagedVersion = {
		id: randomUUID(),
		packageName: name,
		version: candidate.version,
		tag: candidate.tag,
		createdAt: new Date(front.now()).toISOString(),
		shasum: createHash('sha1').update(candidate.tarball).digest('hex'),
		document: request.body,
	};
	front.state.staged.set(staged.id, staged);
	return toJsonReply(201, { stageId: staged.id });
};

/** A person approves: the staged version is published under the tag it was staged with. */
export const approveStaged = async (front: Front, id: string): Promise<FrontReply> => {
	const staged = front.state.staged.get(id);
	if (!staged) return toJsonReply(404, { error: 'Not found' });
	const { packageName: name, document } = staged;
	const candidate = toCandidate(name, JSON.parse(document.toString()));
	if (typeof candidate === 'string') return replyBadRequest(candidate);
	const request: FrontRequest = {
		method: 'PUT',
		target: `/${encodeURIComponent(name)}`,
		query: new URLSearchParams(),
		headers: { 'content-type': 'application/json' },
		body: document,
		route: { kind: 'publish', name },
		mutates: true,
	};
	const reply = await commit(front, request, candidate);
	if (reply.status < 300) front.state.staged.delete(id);
	return reply;
};
