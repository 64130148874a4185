import { createHash } from 'node:crypto';
import { readZip } from '@slipway/archive';
import { parseJson, SlipwayError, toPrintable } from '@slipway/core';
import { createHttpClient, type HttpReply } from '@slipway/http';
import { downloadArtifact } from './artifact.ts';
import { type ArtifactAccess, artifactFailed, type Fields } from './artifact-service.ts';
import { downloadBlob } from './blob.ts';
import type { RunPlace } from './run-place.ts';
import type { RunnerCode } from './runner-error.ts';
import { sendAgain, toReason } from './send-again.ts';

const ZIP_START = Buffer.from('PK\x03\x04');
const KEPT = 'Artifacts are kept for 90 days, or for what the repository sets.';

const failed = (code: RunnerCode, message: string, hint: string): SlipwayError =>
	new SlipwayError<RunnerCode>(code, message, { hint });

const toShown = ({ repository, run, name }: RunPlace): string =>
	`artifact ${toPrintable(name, 200)} of run ${run} in ${repository}`;

const expired = (place: RunPlace): SlipwayError =>
	failed(
		'RUNNER_ARTIFACT_EXPIRED',
		`expected ${toShown(place)}, but it is not kept any more`,
		`${KEPT} Build the same commit again and name its Release: the same bytes go on; other bytes are refused.`,
	);

const forbidden = (place: RunPlace, reason: string): SlipwayError =>
	failed(
		'RUNNER_ARTIFACT_FORBIDDEN',
		`expected to read ${toShown(place)}, got ${reason}`,
		'Add `actions: read` to the permissions of the job, in the caller of a reusable workflow too, and pass `token`.',
	);

/** Address of the API and the token for it; the token goes nowhere else. */
const ask = async (path: string, { environment, context }: ArtifactAccess): Promise<HttpReply> => {
	const { GITHUB_API_URL: api = 'https://api.github.com', GITHUB_TOKEN: token } = environment;
	const { origin, pathname } = new URL(api);
	const headers = {
		accept: 'application/vnd.github+json',
		'x-github-api-version': '2022-11-28',
		...(token ? { authorization: `Bearer ${token}` } : {}),
	};
	const request = { method: 'GET', path: pathname.replace(/\/$/, '') + path, headers } as const;
	return sendAgain(createHttpClient({ origin }), { ...request, redirects: 'return' }, context);
};

const checkReply = (reply: HttpReply, place: RunPlace): Extract<HttpReply, { kind: 'reply' }> => {
	if (reply.kind === 'reply' && reply.status < 400) return reply;
	if (reply.kind === 'reply' && reply.status === 410) throw expired(place);
	if (reply.kind === 'reply' && [401, 403, 404].includes(reply.status))
		throw forbidden(place, toReason(reply));
	throw artifactFailed(`expected to read ${toShown(place)}, got ${toReason(reply)}`);
};

/** The artifact of that name and digest; the newest of that name where the service keeps no digests. */
const findStored = (artifacts: readonly Fields[], place: RunPlace): Fields | undefined => {
	const named = artifacts
		.filter(({ name }) => name === place.name)
		.sort((a, b) => Number(b.id) - Number(a.id));
	return named.find(({ digest }) => digest === `sha256:${place.sha256}`) ?? named[0];
};

const find = async (place: RunPlace, access: ArtifactAccess): Promise<string> => {
	const query = `name=${encodeURIComponent(place.name)}&per_page=100`;
	const reply = checkReply(
		await ask(`/repos/${place.repository}/actions/runs/${place.run}/artifacts?${query}`, access),
		place,
	);
	const { artifacts = [] } = parseJson(reply.body, 'the artifacts of a run') as Fields;
	const stored = findStored(Array.isArray(artifacts) ? (artifacts as Fields[]) : [], place);
	if (!stored || stored.expired === true || !Number.isSafeInteger(stored.id)) throw expired(place);
	return String(stored.id);
};

/** Where the bytes lie: at another host as a rule, whose address carries its own permission and gets no token. */
const toAddress = (reply: Extract<HttpReply, { kind: 'reply' }>, { environment }: ArtifactAccess): URL => {
	const { GITHUB_API_URL: api = 'https://api.github.com' } = environment;
	const location = reply.headers.get('location') ?? '';
	const address = URL.canParse(location, api) ? new URL(location, api) : undefined;
	if (address?.protocol === 'https:' || address?.protocol === new URL(api).protocol) return address;
	throw artifactFailed('expected the address of the bytes, got none that is safe');
};

const toSha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The service may put a zip archive around a file. */
const unwrap = async (bytes: Uint8Array, { sha256 }: RunPlace): Promise<Uint8Array> => {
	if (toSha256(bytes) === sha256 || !Buffer.from(bytes.subarray(0, 4)).equals(ZIP_START)) return bytes;
	const files = (await readZip(bytes, { maxEntries: 10 })).filter(({ type }) => type === 'file');
	return files.length === 1 && files[0] ? files[0].bytes : bytes;
};

const download = async (place: RunPlace, access: ArtifactAccess): Promise<Uint8Array> => {
	const id = await find(place, access);
	const reply = checkReply(
		await ask(`/repos/${place.repository}/actions/artifacts/${id}/zip`, access),
		place,
	);
	const bytes =
		reply.status < 300 ? reply.body : await downloadBlob(toAddress(reply, access).href, access.context);
	const content = await unwrap(bytes, place);
	const sha256 = toSha256(content);
	if (sha256 === place.sha256) return content;
	throw failed(
		'RUNNER_ARTIFACT_MISMATCH',
		`expected ${toShown(place)} with sha256 ${place.sha256}, got ${sha256}`,
		'Nothing was used of it. Find out what changed it; build the same commit again where that stays unknown.',
	);
};

/** An artifact of a project is read with the token of its own repository only. */
const checkRepository = (place: RunPlace, { GITHUB_REPOSITORY: own = '' }: ArtifactAccess['environment']) => {
	if (place.repository.toLowerCase() === own.toLowerCase()) return;
	throw failed(
		'RUNNER_PLACE_INVALID',
		`expected bytes that were kept in ${own || 'a repository'}, got ${place.repository}`,
		'Continue in the repository where the release began, or name its Release yourself (`artifact` or `release`).',
	);
};

/**
 * The bytes of an artifact of this or an earlier run of the repository, hashed before anybody uses them.
 * @throws SlipwayError RUNNER_ARTIFACT_EXPIRED, RUNNER_ARTIFACT_FORBIDDEN, RUNNER_ARTIFACT_MISMATCH,
 * RUNNER_ARTIFACT_FAILED, RUNNER_PLACE_INVALID, JSON_*
 */
export const fetchRunArtifact = async (place: RunPlace, access: ArtifactAccess): Promise<Uint8Array> => {
	checkRepository(place, access.environment);
	const isHere = place.run === access.environment.GITHUB_RUN_ID;
	return isHere ? downloadArtifact(place, access) : download(place, access);
};
