import type { ReleaseReport } from '@slipway/release';
import type { RehearsalChain, RehearsalProject, RehearsalTampering, RehearsalTarget } from '@slipway/report';
import type { Look } from '../consumer/look.ts';
import type { Project } from '../project/read-project.ts';
import type { Previous } from '../seed/plan-previous.ts';
import type { Origin } from '../trust/identity.ts';
import type { Seen } from './seeded.ts';
import type { WantedTarget } from './wanted-targets.ts';

/** When users looked; `fault`: while a killed release lay half done. */
export type Moment = 'before' | 'fault' | 'release' | 'rollback' | 'restore';

/** What is known so far about one project; filled step by step, so that a failure leaves what came before it. */
export interface Draft {
	readonly project: Project;
	previous?: Previous;
	targets: readonly WantedTarget[];
	/** What users of each target should get before the release, and again after the rollback. */
	seeded: ReadonlyMap<WantedTarget, Seen>;
	/** No client of their kind is on this machine: nothing is claimed of them. */
	readonly notLookedAt: Set<WantedTarget>;
	readonly looks: Map<WantedTarget, Partial<Record<Moment, Look>>>;
	readonly reports: ReleaseReport[];
	readonly events: string[];
	readonly notes: string[];
	/** Where the release says it is from; undefined: without git it says nothing, and is not signed. */
	origin?: Origin | undefined;
	/** A second build gave the same bytes. */
	isReproduced?: boolean;
	chain?: RehearsalChain;
	tampering: readonly RehearsalTampering[];
}

export const toDraft = (project: Project): Draft => ({
	project,
	targets: [],
	seeded: new Map(),
	notLookedAt: new Set(),
	looks: new Map(),
	reports: [],
	events: [],
	notes: [],
	tampering: [],
});

const isOf =
	({ id, subject }: WantedTarget) =>
	(report: ReleaseReport['subjects'][number]): boolean =>
		report.target === id && report.subject === subject;

/** Our bytes where users should get them, the version from before where not. */
const isVerified = (target: WantedTarget, { seeded, looks }: Draft): boolean => {
	const { artifact, version } = target;
	const { before, release, rollback, restore } = looks.get(target) ?? {};
	const expected = seeded.get(target);
	const isOurs = (look: Look | undefined) =>
		look !== undefined && look.version === version && look.sha256 === artifact.digest.sha256;
	const isOld = (look: Look | undefined) =>
		look !== undefined && look.version === expected?.version && look.sha256 === expected.sha256;
	return isOld(before) && isOurs(release) && isOld(rollback) && isOurs(restore);
};

const toTarget = (target: WantedTarget, draft: Draft): RehearsalTarget => {
	const { project, looks, reports } = draft;
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
		consumerVerified: isVerified(target, draft),
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

/** Every target that a client of its kind could look at is verified, and there is one. */
export const areVerified = (drafts: readonly Draft[]): boolean => {
	const seen = drafts.flatMap((draft) =>
		draft.targets.filter((each) => !draft.notLookedAt.has(each)).map((each) => isVerified(each, draft)),
	);
	return seen.length > 0 && seen.every((verified) => verified);
};
