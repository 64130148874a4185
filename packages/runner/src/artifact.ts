import { createHash } from 'node:crypto';
import { SlipwayError } from '@slipway/core';
import { type ArtifactAccess, artifactFailed, callArtifactService, type Fields } from './artifact-service.ts';
import { downloadBlob, uploadBlob } from './blob.ts';
import type { RunnerCode } from './runner-error.ts';

/** A file that travels between the jobs of a run, unpacked and under its own name; `sha256` in hexadecimal. */
export interface RunArtifact {
	readonly name: string;
	readonly sha256: string;
}

/** As the service lists it. */
export interface StoredArtifact extends RunArtifact {
	/** Id of the job that uploaded it, as the service has it from that job's own token; empty where it does not say. */
	readonly job: string;
}

/** The version of the service's format in which a file is kept as it is, without an archive around it. */
const FORMAT = 7;
const MEDIA_TYPE = 'application/x-tar';

const toSha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const readText = (fields: Fields, name: string): string => {
	const value = fields[name];
	if (typeof value === 'string' && value !== '') return value;
	throw artifactFailed(`expected ${name} in the reply of the artifact service`);
};

/**
 * Uploads one file as it is, so that the artifact's digest is the file's own.
 * @throws SlipwayError RUNNER_ARTIFACT_FAILED
 */
export const uploadArtifact = async (
	name: string,
	bytes: Uint8Array,
	access: ArtifactAccess,
): Promise<RunArtifact> => {
	const sha256 = toSha256(bytes);
	const created = await callArtifactService(
		'CreateArtifact',
		{ name, mime_type: MEDIA_TYPE, version: FORMAT },
		access,
	);
	await uploadBlob(readText(created, 'signed_upload_url'), { bytes, mediaType: MEDIA_TYPE }, access.context);
	const end = { name, size: String(bytes.length), hash: `sha256:${sha256}` };
	const finalized = await callArtifactService('FinalizeArtifact', end, access);
	if (finalized.ok !== true) throw artifactFailed(`expected artifact ${name} to be complete, it is not`);
	return { name, sha256 };
};

const find = async (name: string, access: ArtifactAccess): Promise<Fields> => {
	const { artifacts } = await callArtifactService('ListArtifacts', { name_filter: name }, access);
	const [found, ...others] = (artifacts ?? []) as readonly Fields[];
	if (found && others.length === 0) return found;
	throw artifactFailed(
		`expected one artifact ${name} in this run, got ${found ? others.length + 1 : 'none'}`,
	);
};

const DIGEST = /^sha256:([0-9a-f]{64})$/;

/**
 * The artifacts of this run whose names begin so, with the digests that the service was told when they were made.
 * @throws SlipwayError RUNNER_ARTIFACT_FAILED
 */
export const listArtifacts = async (prefix: string, access: ArtifactAccess): Promise<StoredArtifact[]> => {
	const { artifacts } = await callArtifactService('ListArtifacts', {}, access);
	return ((artifacts ?? []) as readonly Fields[]).flatMap(
		({ name, digest, workflow_job_run_backend_id: id }) => {
			const sha256 = DIGEST.exec(String(digest))?.[1];
			const job = typeof id === 'string' ? id : '';
			return typeof name === 'string' && name.startsWith(prefix) && sha256 ? [{ name, sha256, job }] : [];
		},
	);
};

/**
 * The bytes of an artifact of this run, at most `maxBytes` (2 GiB by default), hashed before anybody uses them.
 * @throws SlipwayError RUNNER_ARTIFACT_FAILED, RUNNER_ARTIFACT_MISMATCH
 */
export const downloadArtifact = async (
	expected: RunArtifact,
	access: ArtifactAccess,
	maxBytes?: number,
): Promise<Uint8Array> => {
	const { workflow_run_backend_id, workflow_job_run_backend_id, name } = await find(expected.name, access);
	const signed = await callArtifactService(
		'GetSignedArtifactURL',
		{ workflow_run_backend_id, workflow_job_run_backend_id, name },
		access,
	);
	const bytes = await downloadBlob(readText(signed, 'signed_url'), access.context, maxBytes);
	const sha256 = toSha256(bytes);
	if (sha256 === expected.sha256) return bytes;
	throw new SlipwayError<RunnerCode>(
		'RUNNER_ARTIFACT_MISMATCH',
		`expected artifact ${expected.name} with sha256 ${expected.sha256}, got ${sha256}`,
		{ hint: 'Nothing was used of it. Find out which job changed it, then start again from the build.' },
	);
};
