import {
	type Context,
	type Finding,
	type Manifest,
	type Preflight,
	type Publisher,
	SlipwayError,
	type Subject,
	toDependencyOrder,
} from '@slipway/core';
import type { ReleaseCode } from './code.ts';
import { checkContract } from './contract.ts';
import { NO_EVIDENCE, PLAN_MEDIA_TYPE, type Plan, type PlannedEvidence } from './plan.ts';

export interface PlanRequest {
	readonly manifest: Manifest;
	readonly publishers: readonly Publisher[];
	readonly onFailure: 'rollback' | 'hold';
	readonly place: string;
	readonly evidence?: PlannedEvidence | undefined;
	/** The pointer to move instead of the default one, for a version below the current default. */
	readonly line?: string | undefined;
}

/** A plan that could be frozen, and what preflight found; `plan` is null where an error stands among the findings. */
export interface Preview {
	readonly plan: Plan | null;
	readonly findings: readonly (Finding & { readonly target: string })[];
}

const toExposeOrder = (publishers: readonly Publisher[]): Publisher[] =>
	[...publishers].sort((a, b) => Number(b.traits.seals) - Number(a.traits.seals));

const findUnpublished = (
	manifest: Manifest,
	subjects: readonly Subject[],
): (Finding & { target: string })[] => {
	const published = new Set(subjects.flatMap(({ artifacts }) => artifacts.map(({ name }) => name)));
	return manifest.artifacts
		.filter(({ name }) => !published.has(name))
		.map(({ name }) => ({
			target: '-',
			severity: 'warning' as const,
			code: 'PLAN_ARTIFACT_UNUSED',
			message: `no target takes ${name}`,
			hint: 'Add a target for it to slipway.yml, or leave it out of the build.',
		}));
};

/** It could not look, so that it takes nothing yet: what it would take is not forgotten. */
const isBlind = ({ subjects, findings }: Preflight): boolean =>
	subjects.length === 0 && findings.some(({ severity }) => severity === 'error');

/** Asks every target (reading only) what a release of this manifest would do there. */
const askTargets = async (
	publishers: readonly Publisher[],
	{ manifest, line }: PlanRequest,
	context: Context,
): Promise<Pick<Plan, 'subjects'> & Pick<Preview, 'findings'>> => {
	const asked = { operation: 'release', artifacts: manifest.artifacts, line } as const;
	const answers = await Promise.all(publishers.map((publisher) => publisher.preflight(asked, context)));
	const subjects = answers.flatMap((answer) =>
		toDependencyOrder(answer.subjects.map(({ subject }) => subject)),
	);
	const findings = answers.flatMap((answer, index) =>
		answer.findings.map((finding) => ({ ...finding, target: publishers[index]?.id ?? '-' })),
	);
	const unpublished = answers.some(isBlind) ? [] : findUnpublished(manifest, subjects);
	return { subjects, findings: [...findings, ...unpublished] };
};

/**
 * What a release of this manifest would do, from what every target says (reading only).
 * @throws SlipwayError PUBLISHER_CONTRACT_UNKNOWN
 */
export const previewPlan = async (request: PlanRequest, context: Context): Promise<Preview> => {
	const publishers = toExposeOrder(request.publishers);
	publishers.forEach(checkContract);
	const { subjects, findings } = await askTargets(publishers, request, context);
	const refused = subjects.length === 0 || findings.some(({ severity }) => severity === 'error');
	const { project, version, source } = request.manifest;
	const plan: Plan = {
		mediaType: PLAN_MEDIA_TYPE,
		project,
		version,
		source,
		place: request.place,
		targets: publishers.map(({ id, description, traits }) => ({ id, description, traits })),
		subjects,
		policy: { onFailure: request.onFailure },
		evidence: request.evidence ?? NO_EVIDENCE,
		line: request.line ?? null,
		repoints: null,
	};
	return { plan: refused ? null : plan, findings };
};

/** @throws SlipwayError PLAN_REFUSED with every error found, PLAN_NOTHING_TO_PUBLISH */
export const makePlan = async (request: PlanRequest, context: Context): Promise<Plan> => {
	const { plan, findings } = await previewPlan(request, context);
	for (const { target, message } of findings.filter(({ severity }) => severity === 'warning'))
		context.log.warning(`${target}: ${message}`);
	if (plan) return plan;
	const errors = findings.filter(({ severity }) => severity === 'error');
	if (errors.length === 0) {
		throw new SlipwayError<ReleaseCode>(
			'PLAN_NOTHING_TO_PUBLISH',
			'expected at least one artifact that a target takes, got none',
			{
				hint: 'Look at `targets:` in slipway.yml and at the artifacts in the Release folder.',
			},
		);
	}
	throw new SlipwayError<ReleaseCode>(
		'PLAN_REFUSED',
		errors.map(({ target, code, message }) => `${target}: ${code} ${message}`).join('\n'),
		{
			hint: [...new Set(errors.map(({ hint }) => hint))].join('\n'),
		},
	);
};
