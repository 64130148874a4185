import { type Answer, type Call, Refusal, type Route, toBase, toTime, toWeb } from '../server/call.ts';
import { toEmptyReply, toJsonReply } from '../server/exchange.ts';
import { toPage } from '../server/page.ts';
import { replyError, replyNotFound } from '../server/replies.ts';
import { open, read, route, write } from '../server/routing.ts';
import type { Run, RunArtifact } from '../state/repository.ts';

const DAYS_KEPT = 90;

const toRunJson = (run: Run, call: Call) => ({
	id: run.id,
	name: run.name,
	event: run.event,
	head_sha: run.headSha,
	head_branch: run.headBranch,
	status: run.status,
	conclusion: run.conclusion,
	run_attempt: run.attempt,
	run_number: 1,
	created_at: toTime(run.createdAt),
	url: `${toBase(call)}/actions/runs/${run.id}`,
	html_url: `${toWeb(call)}/actions/runs/${run.id}`,
	artifacts_url: `${toBase(call)}/actions/runs/${run.id}/artifacts`,
});

const toArtifactJson = (artifact: RunArtifact, call: Call) => {
	const { id, name, bytes, digest, createdAt, runId, isExpired } = artifact;
	const run = call.repository.runs.find((each) => each.id === runId);
	const url = `${toBase(call)}/actions/artifacts/${id}`;
	return {
		id,
		node_id: Buffer.from(`Artifact:${id}`).toString('base64'),
		name,
		size_in_bytes: bytes.length,
		url,
		archive_download_url: `${url}/zip`,
		expired: isExpired,
		digest,
		created_at: toTime(createdAt),
		updated_at: toTime(createdAt),
		expires_at: toTime(createdAt + DAYS_KEPT * 86_400_000),
		workflow_run: {
			id: runId,
			repository_id: call.repository.id,
			head_repository_id: call.repository.id,
			head_branch: run?.headBranch ?? null,
			head_sha: run?.headSha ?? null,
		},
	};
};

const replyArtifacts = (all: readonly RunArtifact[], call: Call) => {
	const name = call.request.query.get('name');
	const found = all.filter((artifact) => name === null || artifact.name === name).toReversed();
	const { items, headers } = toPage(found, call.request, call.origin);
	const artifacts = items.map((artifact) => toArtifactJson(artifact, call));
	return toJsonReply(200, { total_count: found.length, artifacts }, headers);
};

/** @throws Refusal */
const findArtifact = ({ repository, params }: Call): RunArtifact => {
	const found = repository.artifacts.find(({ id }) => String(id) === params.id);
	if (found) return found;
	throw new Refusal(replyNotFound());
};

/** @throws Refusal */
const findRun = ({ repository, params }: Call): Run => {
	const found = repository.runs.find(({ id }) => String(id) === params.run);
	if (found) return found;
	throw new Refusal(replyNotFound());
};

const ofRun: Answer = (call) => {
	const { id } = findRun(call);
	const found = call.repository.artifacts.filter(({ runId }) => runId === id);
	return replyArtifacts(found, call);
};

/** `zip` is the name of the route; what was uploaded raw comes raw. */
const download: Answer = (call) => {
	const artifact = findArtifact(call);
	if (artifact.isExpired) return replyError(410, 'Artifact has expired');
	const name = artifact.mediaType === 'application/zip' ? `${artifact.name}.zip` : artifact.name;
	return toEmptyReply(302, { location: call.storage.sign({ ...artifact, name }) });
};

const remove: Answer = (call) => {
	const { artifacts } = call.repository;
	artifacts.splice(artifacts.indexOf(findArtifact(call)), 1);
	return toEmptyReply(204);
};

const listRuns: Answer = (call) => {
	const { query } = call.request;
	const found = call.repository.runs.filter(
		(run) =>
			(query.get('head_sha') ?? run.headSha) === run.headSha &&
			(query.get('event') ?? run.event) === run.event &&
			[null, run.status, run.conclusion].includes(query.get('status')),
	);
	const { items, headers } = toPage(found.toReversed(), call.request, call.origin);
	return toJsonReply(
		200,
		{ total_count: found.length, workflow_runs: items.map((run) => toRunJson(run, call)) },
		headers,
	);
};

export const runRoutes: readonly Route[] = [
	route('GET actions/runs', open('actions'), listRuns),
	route('GET actions/runs/{run}', open('actions'), (call) =>
		toJsonReply(200, toRunJson(findRun(call), call)),
	),
	route('GET actions/runs/{run}/artifacts', open('actions'), ofRun),
	route('GET actions/artifacts', open('actions'), (call) => replyArtifacts(call.repository.artifacts, call)),
	route('GET actions/artifacts/{id}', open('actions'), (call) =>
		toJsonReply(200, toArtifactJson(findArtifact(call), call)),
	),
	route('GET actions/artifacts/{id}/zip', read('actions'), download),
	route('DELETE actions/artifacts/{id}', write('actions'), remove),
];
