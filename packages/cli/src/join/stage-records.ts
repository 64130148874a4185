import { access, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { hashFile, type Release, readStageRecords, type StageFacts, writeStage } from '@slipway/archive';
import { type Context, type Descriptor, SlipwayError, type StageName } from '@slipway/core';
import type { ReleaseReport } from '@slipway/release';
import { isWithoutIdentity } from './no-identity.ts';
import type { OpenProject } from './project.ts';
import { signStageRecords } from './sign.ts';
import { TOOL } from './tool.ts';

/** Path of the record that says this already. */
const findSaid = async (
	release: Release,
	stage: StageName,
	outputs: readonly Descriptor[],
): Promise<string | undefined> => {
	const wanted = JSON.stringify(outputs.map(({ name, digest }) => [name, digest.sha256]));
	const records = await readStageRecords(release);
	return records.find(
		({ record }) =>
			record.stage === stage &&
			JSON.stringify(record.outputs.map(({ name, digest }) => [name, digest.sha256])) === wanted,
	)?.path;
};

/** A run that was killed in between has left a record without its signature. */
const isSigned = async ({ folder }: Release, path: string): Promise<boolean> =>
	access(join(folder, 'attestations', `stage-${basename(path, '.json')}.sigstore.json`)).then(
		() => true,
		() => false,
	);

/** A job that publishes may hold no identity that signs; its record is left to the job that does. */
const signOrLeave = async (
	project: OpenProject,
	{ release, path }: { readonly release: Release; readonly path: string },
	context: Context,
): Promise<boolean> => {
	try {
		await signStageRecords(project, release, context);
		return true;
	} catch (thrown) {
		await rm(join(release.folder, path), { force: true });
		if (!isWithoutIdentity(thrown)) throw thrown;
		context.log.warning(`no record of this stage is left: ${thrown.message}`);
		return false;
	}
};

/** Leaves the signed record of a stage that is no package of its own, once; nothing where slipway.yml has no `sign:`. */
const leaveRecord = async (
	project: OpenProject,
	{
		release,
		stage,
		...facts
	}: Pick<StageFacts, 'inputs' | 'outputs' | 'notes'> & {
		readonly release: Release;
		readonly stage: StageName;
	},
	context: Context,
): Promise<void> => {
	if (!project.config.sign) return;
	const said = await findSaid(release, stage, facts.outputs ?? []);
	if (said !== undefined && (await isSigned(release, said))) return;
	const now = context.clock.now();
	const path = said ?? (await writeStage(release, stage, { ...facts, tool: TOOL, start: now, end: now }));
	await signOrLeave(project, { release, path }, context);
};

const readReport = async ({ folder }: Release): Promise<Descriptor[]> => {
	const path = 'gate/report.json';
	const hashed = await hashFile(join(folder, path)).catch(() => undefined);
	return hashed ? [{ name: path, digest: { sha256: hashed.digest.sha256 } }] : [];
};

const toPlan = (releaseId: string): Descriptor => ({ name: 'plan', digest: { sha256: releaseId } });

/** The frozen plan as a link of the chain: made from these artifacts and this gate report. */
export const leavePlanRecord = async (
	project: OpenProject,
	{ release, releaseId }: { readonly release: Release; readonly releaseId: string },
	context: Context,
): Promise<void> =>
	leaveRecord(
		project,
		{
			release,
			stage: 'plan',
			inputs: [...release.manifest.artifacts, ...(await readReport(release))],
			outputs: [toPlan(releaseId)],
			notes: [`releaseId ${releaseId}`],
		},
		context,
	);

/** Clients that saw it, for the record. */
const toNotes = ({ subjects }: ReleaseReport): string[] =>
	subjects.map(
		({ target, subject, version, verifiedBy }) =>
			`${target}: ${subject} ${version}, verified by ${verifiedBy.join(', ')}`,
	);

/**
 * The last link, once a release is complete: these artifacts are what every target of the plan shows, as its clients saw
 * it. Nothing is left where the Release folder is not at hand, or the release is not complete.
 */
export const leavePublishRecord = async (
	project: OpenProject,
	{ report, release }: { readonly report: ReleaseReport; readonly release: Release | undefined },
	context: Context,
): Promise<void> => {
	const { operation, state, releaseId, subjects } = report;
	if (operation !== 'release' || state !== 'COMPLETED' || releaseId === null || !release) return;
	const names = new Set(subjects.flatMap(({ artifacts }) => artifacts.map(({ name }) => name)));
	const outputs = release.manifest.artifacts.filter(({ name }) => names.has(name));
	const facts = { inputs: [toPlan(releaseId)], outputs, notes: toNotes(report) };
	try {
		await leaveRecord(project, { release, stage: 'publish', ...facts }, context);
	} catch (thrown) {
		if (!(thrown instanceof SlipwayError)) throw thrown;
		context.log.warning(
			`the release is complete, but its last record could not be signed: ${thrown.message}; slipway continue ${report.version} tries again`,
		);
	}
};
