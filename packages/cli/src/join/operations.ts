import type { Release } from '@slipway/archive';
import { type Context, SlipwayError } from '@slipway/core';
import type { TargetConfig } from '@slipway/core/config';
import {
	continueOperation,
	type Journal,
	type Project,
	publishTargets,
	type ReleaseReport,
	type ReleaseRequest,
	type Run,
	readAdopted,
	release,
	status,
} from '@slipway/release';
import { toBoundary } from './boundary.ts';
import { isBuilt } from './build.ts';
import { readEvidence } from './evidence.ts';
import type { EmergencyRequest } from './gate.ts';
import { openJournal } from './journal.ts';
import { type Door, type JoinCode, type OpenProject, openProject } from './project.ts';
import { verifyNoToken } from './publish-token.ts';
import { openPublishers, type PublisherOptions } from './publishers.ts';
import { readWhole } from './read-whole.ts';
import { leavePublishRecord } from './stage-records.ts';

/** Who acts, and how an unfinished operation of another release is treated. */
export interface Acting {
	readonly run: Run;
	readonly takeOver?: string | undefined;
	readonly waitMs?: number | undefined;
	/** Folder for what this job would write into the journal: it has no right to, and an earlier job has claimed. */
	readonly outbox?: string | undefined;
	/** Where it is opened already: what it has read is not fetched again. */
	readonly journal?: Journal | undefined;
}

export interface ReleaseOptions extends Acting {
	readonly line?: string | undefined;
	readonly repoint?: boolean | undefined;
	/** Release although gates fail: who says so, and why. */
	readonly emergency?: EmergencyRequest | undefined;
	/** Only these targets of slipway.yml, as a whole transaction of their own. */
	readonly targets?: readonly string[] | undefined;
	/** Where the bytes are kept, for whoever goes on. Default: the Release folder. */
	readonly place?: string | undefined;
}

/** What the operations of the transaction need, opened from a project. */
export const toProject = async (
	project: OpenProject,
	{ outbox, journal, ...acting }: Acting,
	options: PublisherOptions = {},
): Promise<Project> => ({
	journal: journal ?? openJournal(project, { outbox }),
	publishers: await openPublishers(project, options),
	boundary: toBoundary(project),
	claimed: outbox !== undefined,
	...acting,
});

/** A release of what is built, and of what gates said of it. @throws SlipwayError GATE_REFUSED */
export const toRequest = async (
	project: OpenProject,
	built: Release,
	options: ReleaseOptions & Pick<PublisherOptions, 'needsCredentials'> & Pick<ReleaseRequest, 'evidence'>,
): Promise<ReleaseRequest> => ({
	...(await toProject(project, options, {
		only: options.targets,
		needsCredentials: options.needsCredentials,
	})),
	manifest: built.manifest,
	evidence: options.evidence ?? (await readEvidence(built)),
	onFailure: project.config.release['on-failure'],
	place: options.place ?? project.releaseFolder,
	line: options.line,
	repoint: options.repoint,
});

/** @throws SlipwayError TARGET_NOT_PLANNED: an earlier step has planned this version for other targets only */
const checkPlanned = (planned: readonly string[], targets: readonly string[], version: string): void => {
	const missing = targets.filter((id) => !planned.includes(id));
	if (missing.length === 0) return;
	throw new SlipwayError<JoinCode>(
		'TARGET_NOT_PLANNED',
		`the plan of ${version} has the targets ${planned.join(', ')}, but not ${missing.join(', ')}`,
		{
			hint: 'Let the build step claim the plan over all targets (the action claim), then publish each target, then expose.',
		},
	);
};

/**
 * The step for the targets of one type. Under a claimed plan that has other targets too: uploads and verifies hidden, and
 * leaves exposing to a later step. Otherwise: the whole transaction for these targets.
 * @throws SlipwayError TARGET_UNKNOWN, and as release
 */
export const publishType = async (
	door: Door,
	type: TargetConfig['type'],
	options: Acting & { readonly context: Context },
): Promise<ReleaseReport> => {
	const { context, ...own } = options;
	const project = await openProject(door);
	const targets = Object.entries(project.config.targets)
		.filter(([, target]) => target.type === type)
		.map(([id]) => id);
	if (targets.length === 0) {
		throw new SlipwayError<JoinCode>(
			'TARGET_UNKNOWN',
			`expected a target of type ${type} in slipway.yml, got none`,
			{ hint: `Add one below \`targets:\` with \`type: ${type}\`.` },
		);
	}
	await verifyNoToken(project, context);
	const built = await readWhole(project);
	const { manifest } = built;
	const acting = { ...own, journal: own.journal ?? openJournal(project, own) };
	const adopted = await readAdopted(acting.journal, manifest.version);
	const planned = adopted?.plan.targets.map(({ id }) => id) ?? targets;
	checkPlanned(planned, targets, manifest.version);
	const isShared = acting.outbox !== undefined || planned.some((id) => !targets.includes(id));
	if (isShared) return publishTargets({ ...(await toRequest(project, built, acting)), targets }, context);
	const report = await release(await toRequest(project, built, { ...acting, targets }), context);
	await leavePublishRecord(project, { report, release: built }, context);
	return report;
};

/** The bytes of a release that is gone on with: here, or where its plan says that they were kept. */
const findBytes = async (project: OpenProject, version: string, journal: Journal): Promise<OpenProject> => {
	if (await isBuilt(project)) return project;
	const adopted = await readAdopted(journal, version);
	const kept = adopted ? { ...project, releaseFolder: adopted.plan.place } : project;
	return (await isBuilt(kept)) ? kept : project;
};

export const continueProject = async (
	door: Door,
	options: ReleaseOptions & { readonly version: string },
	context: Context,
): Promise<ReleaseReport> => {
	const { line, repoint, version } = options;
	const opened = await openProject({ ...door, version });
	const journal = options.journal ?? openJournal(opened, options);
	const project = await findBytes(opened, version, journal);
	await verifyNoToken(project, context);
	const built = (await isBuilt(project)) ? await readWhole(project) : undefined;
	const onFailure = project.config.release['on-failure'];
	const request = {
		...(await toProject(project, { ...options, journal })),
		version,
		onFailure,
		line,
		repoint,
	};
	const report = await continueOperation({ ...request, manifest: built?.manifest }, context);
	await leavePublishRecord(project, { report, release: built }, context);
	return report;
};

export const statusProject = async (
	door: Door,
	options: Acting & { readonly version: string },
	context: Context,
): Promise<ReleaseReport> => {
	const project = await openProject({ ...door, version: options.version });
	return status({ ...(await toProject(project, options)), version: options.version }, context);
};
