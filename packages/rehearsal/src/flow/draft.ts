import type { ReleaseReport } from '@slipway/release';
import type { RehearsalProject, RehearsalTarget } from '@slipway/report';
import type { Look } from '../consumer/look.ts';
import type { Project } from '../project/read-project.ts';
import type { Previous } from '../seed/plan-previous.ts';
import type { WantedTarget } from './wanted-targets.ts';

/** When users looked; `fault`: while a killed release lay half done. */
export type Moment = 'before' | 'fault' | 'release' | 'rollback' | 'restore';

/** What is known so far about one project; filled step by step, so that a failure leaves what came before it. */
export interface Draft {
	readonly project: Project;
	previous?: Previous;
	targets: readonly WantedTarget[];
	readonly looks: Map<WantedTarget, Partial<Record<Moment, Look>>>;
	readonly reports: ReleaseReport[];
	readonly events: string[];
	readonly notes: string[];
}

export const toDraft = (project: Project): Draft => ({
	project,
	targets: [],
	looks: new Map(),
	reports: [],
	events: [],
	notes: [],
});

const isOf =
	({ id, subject }: WantedTarget) =>
	(report: ReleaseReport['subjects'][number]): boolean =>
		report.target === id && report.subject === subject;

/** Our bytes where users should get them, the version from before where not. */
const isVerified = ({ artifact, version }: WantedTarget, looks: Partial<Record<Moment, Look>>): boolean => {
	const { before, release, rollback, restore } = looks;
	const isOurs = (look: Look | undefined) =>
		look !== undefined && look.version === version && look.sha256 === artifact.digest.sha256;
	const isBack =
		before !== undefined &&
		rollback !== undefined &&
		rollback.version === before.version &&
		rollback.sha256 === before.sha256;
	return isOurs(release) && isBack && isOurs(restore);
};

const toTarget = (target: WantedTarget, { project, looks, reports }: Draft): RehearsalTarget => {
	const seen = looks.get(target) ?? {};
	const subjects = reports.flatMap((report) => report.subjects.filter(isOf(target)));
	const all = Object.values(seen);
	const clients = [...all.map(({ client }) => client), ...subjects.flatMap(({ verifiedBy }) => verifiedBy)];
	return {
		project: project.name,
		id: target.id,
		type: target.config.type,
		subject: target.subject,
		version: target.version,
		digest: `sha256:${seen.release?.sha256 ?? target.artifact.digest.sha256}`,
		artifact: target.artifact.name,
		size: target.artifact.size,
		pointer: target.pointer,
		pointerBefore: seen.before?.version,
		pointerAfterRelease: seen.release?.version,
		pointerAfterRollback: seen.rollback?.version,
		pointerAfterRestore: seen.restore?.version,
		consumerVerified: isVerified(target, seen),
		verifiedBy: [...new Set(clients)],
		remains: [...new Set(subjects.flatMap(({ remains }) => remains))],
	};
};

export const toTargets = (draft: Draft): readonly RehearsalTarget[] =>
	draft.targets.map((target) => toTarget(target, draft));

export const toProjectRecord = ({ project, previous, reports, notes }: Draft): RehearsalProject => ({
	name: project.name,
	version: project.version,
	previous: { version: previous?.version ?? 'none', origin: previous?.origin ?? 'built' },
	commands: { build: project.config.build.commands.length, test: project.config.test.length },
	releaseId: reports.findLast(({ version }) => version === project.version)?.releaseId ?? null,
	notes,
});
