import { mkdtemp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SlipwayError } from '@slipway/core';
import { downloadArtifact, type RunArtifact, uploadArtifact } from './artifact.ts';
import type { Environment, InputDeclaration } from './declaration.ts';
import { packRelease, unpackRelease } from './release-archive.ts';
import type { Runner } from './run-action.ts';
import { parseRunPlace } from './run-place.ts';
import type { RunnerCode } from './runner-error.ts';

const PLACE = {
	project: { kind: 'string', required: true },
	config: { kind: 'string' },
	release: { kind: 'string' },
} as const satisfies Record<string, InputDeclaration>;

const TOKEN = { token: { kind: 'string', secret: true } } as const satisfies Record<string, InputDeclaration>;

/** Inputs of every action that works on a project. */
export const PROJECT_INPUTS = { ...PLACE, ...TOKEN } as const satisfies Record<string, InputDeclaration>;

/** Inputs of actions that may get the Release from another job of the run. */
export const RECEIVING_INPUTS = {
	...PLACE,
	artifact: { kind: 'string' },
	'artifact-digest': { kind: 'string' },
	...TOKEN,
} as const satisfies Record<string, InputDeclaration>;

interface ProjectInputs {
	readonly project: string;
	readonly config: string | undefined;
	readonly release: string | undefined;
	readonly token: string | undefined;
}

interface ReceivingInputs extends ProjectInputs {
	readonly artifact: string | undefined;
	readonly 'artifact-digest': string | undefined;
}

/** Where an action works: what the operations take. Paths are absolute; inputs are relative to the workspace. */
export interface Place {
	readonly folder: string;
	readonly configFile: string | undefined;
	readonly releaseFolder: string | undefined;
	readonly environment: Environment;
	/** To be told every secret that is made on the way, before it is used. */
	readonly onSecret: (secret: string) => void;
}

/** The token of the job reaches what works on the project as GITHUB_TOKEN, which GitHub itself does not set. */
const withToken = (environment: Environment, token: string | undefined): Environment =>
	token === undefined ? environment : { ...environment, GITHUB_TOKEN: token };

export const toPlace = (inputs: ProjectInputs, { workspace, environment, maskSecret }: Runner): Place => ({
	folder: resolve(workspace, inputs.project),
	configFile: inputs.config && resolve(workspace, inputs.config),
	releaseFolder: inputs.release && resolve(workspace, inputs.release),
	environment: withToken(environment, inputs.token),
	onSecret: maskSecret,
});

/**
 * The sha256 that an input holds, with or without its prefix.
 * @param name of the input; @param beside the input that names the artifact; @param from the action that gave both
 * @throws SlipwayError RUNNER_INPUT_INVALID
 */
export const parseDigest = (
	text: string | undefined,
	{ name, beside, from }: { readonly name: string; readonly beside: string; readonly from: string },
): string => {
	const digest = text?.replace(/^sha256:/, '');
	if (digest && /^[0-9a-f]{64}$/.test(digest)) return digest;
	throw new SlipwayError<RunnerCode>(
		'RUNNER_INPUT_INVALID',
		`expected ${name} with 64 hexadecimal digits beside ${beside}`,
		{ hint: `Pass the output \`artifact-digest\` of ${from} through the outputs of its job.` },
	);
};

const ARTIFACT = { name: 'artifact-digest', beside: 'artifact', from: 'build-once' };

/** A new folder of this step with a packed Release in it. */
const unpack = async (bytes: Uint8Array, { context }: Runner): Promise<string> => {
	const folder = await mkdtemp(join(context.tempDir, 'release-'));
	await unpackRelease(bytes, folder);
	return folder;
};

/**
 * The place to work at; where `artifact` is set, after fetching the Release of the build job, whose digest was told
 * by that job and not by the storage.
 * @throws SlipwayError RUNNER_ARTIFACT_*, RUNNER_INPUT_INVALID
 */
export const receivePlace = async (inputs: ReceivingInputs, runner: Runner): Promise<Place> => {
	const place = toPlace(inputs, runner);
	if (!inputs.artifact) return place;
	const sha256 = parseDigest(inputs['artifact-digest'], ARTIFACT);
	const bytes = await downloadArtifact({ name: inputs.artifact, sha256 }, runner);
	return { ...place, releaseFolder: await unpack(bytes, runner) };
};

/**
 * The Release in an artifact of this run, whose digest the service tells: for artifacts of a matrix, whose digests no job
 * output can carry.
 * @returns its folder
 * @throws SlipwayError RUNNER_ARTIFACT_*, ARCHIVE_*
 */
export const receiveArtifact = async (artifact: RunArtifact, runner: Runner): Promise<string> =>
	unpack(await downloadArtifact(artifact, runner), runner);

/**
 * The Release that a plan names by the place of its bytes: an artifact of this or an earlier run, or a folder.
 * @returns its folder
 * @throws SlipwayError RUNNER_ARTIFACT_*, RUNNER_PLACE_INVALID, ARCHIVE_*
 */
export const receivePlanned = async (text: string, place: Place, runner: Runner): Promise<string> => {
	const runPlace = parseRunPlace(text);
	if (!runPlace) return resolve(place.folder, text);
	const { fetchRunArtifact } = await import('./other-run.ts');
	const access = { environment: place.environment, context: runner.context };
	return unpack(await fetchRunArtifact(runPlace, access), runner);
};

/** Uploads a Release folder as one file for other jobs; no name uploads nothing. Returns its sha256. */
export const sendRelease = async (
	folder: string,
	name: string | undefined,
	runner: Runner,
): Promise<string | undefined> => {
	if (!name) return undefined;
	const { sha256 } = await uploadArtifact(name, await packRelease(folder), runner);
	return sha256;
};
