import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { readTar } from '@slipway/archive';
import { type Context, toMessage, toPrintable } from '@slipway/core';
import { downloadArtifact, listArtifacts, type RunArtifact, uploadArtifact } from './artifact.ts';
import { packOutbox } from './release-archive.ts';
import type { Runner } from './run-action.ts';

/** After a cancellation GitHub kills the step within seconds. */
const UPLOAD_MS = 5_000;
const MAX_ARTIFACTS = 200;
/** All entries, with a header and padding for each. */
const MAX_TAR_BYTES = 20 * 1024 * 1024;
const LIMITS = { maxEntries: 2_000, maxEntryBytes: 1024 * 1024, maxTotalBytes: 16 * 1024 * 1024 };

/** A file that a job would have written into the journal; its path is one in the journal. Nobody has vouched for either. */
export interface OutcomeFile {
	/** The artifact that it is from. */
	readonly artifact: string;
	readonly path: string;
	readonly bytes: Uint8Array;
}

export interface Outcomes {
	readonly files: readonly OutcomeFile[];
	/** What could not be read, one sentence each. */
	readonly leftOut: readonly string[];
}

/** Also a step that was cancelled says what it has done. */
const toLastContext = (context: Context): Context => ({ ...context, signal: AbortSignal.timeout(UPLOAD_MS) });

/** Nothing depends on what is left: a lost outcome costs a look at the target. */
const leave = async (name: string, folder: string, runner: Runner): Promise<void> => {
	try {
		const bytes = await packOutbox(folder);
		if (bytes) await uploadArtifact(name, bytes, { ...runner, context: toLastContext(runner.context) });
	} catch (thrown) {
		runner.context.log.warning(`the outcomes of this job were not uploaded: ${toMessage(thrown)}`);
	}
};

/**
 * Runs a task whose journal writes go into a folder, which becomes the run artifact `name`, also when the task fails.
 * Without a name: no folder, the task writes into the journal itself.
 */
export const withOutcomes = async <Result>(
	name: string | undefined,
	runner: Runner,
	task: (outbox: string | undefined) => Promise<Result>,
): Promise<Result> => {
	if (!name) return task(undefined);
	const folder = await mkdtemp(join(runner.context.tempDir, 'outcomes-'));
	try {
		return await task(folder);
	} finally {
		await leave(name, folder, runner);
	}
};

const receive = async (artifact: RunArtifact, runner: Runner): Promise<Outcomes> => {
	const label = toPrintable(artifact.name, 200);
	try {
		const entries = readTar(await downloadArtifact(artifact, runner, MAX_TAR_BYTES), LIMITS);
		const files = entries.filter(({ type }) => type === 'file');
		const leftOut = files.length < entries.length ? [`${label} holds more than files`] : [];
		return { files: files.map(({ path, bytes }) => ({ artifact: artifact.name, path, bytes })), leftOut };
	} catch (thrown) {
		runner.context.signal.throwIfAborted();
		return { files: [], leftOut: [`${label} cannot be read: ${toMessage(thrown)}`] };
	}
};

/** Everything that jobs of this run have left in artifacts whose names begin so, oldest attempt first. */
export const receiveOutcomes = async (prefix: string, runner: Runner): Promise<Outcomes> => {
	const found = await listArtifacts(prefix, runner);
	const artifacts = found.toSorted((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
	const received: Outcomes[] = [];
	for (const artifact of artifacts.slice(0, MAX_ARTIFACTS)) received.push(await receive(artifact, runner));
	const rest = artifacts.length - received.length;
	return {
		files: received.flatMap(({ files }) => files),
		leftOut: [
			...received.flatMap(({ leftOut }) => leftOut),
			...(rest > 0 ? [`${rest} more artifacts of that name`] : []),
		],
	};
};
