import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SlipwayError, toMessage } from '@slipway/core';
import type { RunnerCode } from './runner-error.ts';

/** A file that travels between the jobs of a run, unpacked and under its own name; `sha256` in hexadecimal. */
export interface RunArtifact {
	readonly name: string;
	readonly sha256: string;
}

const failed = (message: string, cause: unknown): SlipwayError<RunnerCode> =>
	new SlipwayError('RUNNER_ARTIFACT_FAILED', `${message}: ${toMessage(cause)}`, {
		hint: 'Run the job again. Names of artifacts are unique in a run: give each upload its own.',
		cause,
	});

/** @throws SlipwayError RUNNER_ARTIFACT_MISMATCH */
const verifyDigest = (name: string, expected: string, found: string): void => {
	if (expected === found) return;
	throw new SlipwayError<RunnerCode>(
		'RUNNER_ARTIFACT_MISMATCH',
		`expected artifact ${name} with sha256 ${expected}, got ${found}`,
		{ hint: 'Nothing was used of it. Find out which job changed it, then start again from the build.' },
	);
};

const toSha256 = async (path: string): Promise<string> => {
	const hash = createHash('sha256');
	await pipeline(createReadStream(path), hash);
	return hash.digest('hex');
};

/** The client brings a storage library along: it is loaded by those who come here only. */
const loadClient = async () => new (await import('@actions/artifact')).DefaultArtifactClient();

/**
 * Uploads one file as it is: no archive around it, so that the artifact's digest is the file's own.
 * @throws SlipwayError RUNNER_ARTIFACT_FAILED, RUNNER_ARTIFACT_MISMATCH
 */
export const uploadArtifact = async (path: string): Promise<RunArtifact> => {
	const name = basename(path);
	const sha256 = await toSha256(path);
	const client = await loadClient();
	const { digest } = await client
		.uploadArtifact(name, [path], dirname(path), { skipArchive: true })
		.catch((cause) => {
			throw failed(`expected to upload ${name}`, cause);
		});
	verifyDigest(name, sha256, digest ?? 'no digest');
	return { name, sha256 };
};

/**
 * Downloads one file of this run into a new folder inside `folder` and returns its path. The client only reports a
 * wrong digest; here it is an error, and the bytes on disk are what is compared.
 * @throws SlipwayError RUNNER_ARTIFACT_FAILED, RUNNER_ARTIFACT_MISMATCH
 */
export const downloadArtifact = async (expected: RunArtifact, folder: string): Promise<string> => {
	const path = await mkdtemp(join(folder, 'artifact-'));
	const client = await loadClient();
	try {
		const { artifact } = await client.getArtifact(expected.name);
		await client.downloadArtifact(artifact.id, { path, skipDecompress: true });
	} catch (cause) {
		throw failed(`expected to download ${expected.name}`, cause);
	}
	const [file, ...others] = await readdir(path);
	if (!file || others.length > 0)
		throw failed(`expected one file of ${expected.name}`, `${others.length} more`);
	verifyDigest(expected.name, expected.sha256, await toSha256(join(path, file)));
	return join(path, file);
};
