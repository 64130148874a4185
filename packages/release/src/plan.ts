import { createHash } from 'node:crypto';
import {
	type Manifest,
	ProjectName,
	parseJson,
	parseWith,
	SlipwayError,
	Source,
	Subject,
	toCanonicalJson,
	Version,
} from '@slipway/core';
import * as v from 'valibot';
import type { ReleaseCode } from './code.ts';

export const PLAN_MEDIA_TYPE = 'application/vnd.slipway.plan.v1+json';

const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

const PlannedTarget = v.strictObject({
	id: v.string(),
	description: v.string(),
	traits: v.strictObject({
		hides: v.boolean(),
		undo: v.picklist(['full', 'pointer', 'none']),
		seals: v.boolean(),
		visibleWithin: v.number(),
		safeProbe: v.boolean(),
		batch: v.picklist(['all', 'each']),
	}),
});

const Name = v.pipe(v.string(), v.maxLength(2048));

/** What was accepted although a gate found it: part of the plan, and so of what is signed. */
const PlannedOverride = v.strictObject({ finding: v.nullable(Name), by: Name, reason: Name, expires: Name });

const PlannedGate = v.strictObject({
	id: Name,
	verdict: v.picklist(['pass', 'warn', 'fail', 'skipped']),
	/** sha256 of what the verdict rests on. */
	evidence: v.array(Sha256),
	/** Seconds; null where the data cannot age. */
	dataAge: v.nullable(v.number()),
	overrides: v.array(PlannedOverride),
});

/** What a release was judged by before its plan was frozen; null parts: there was none. */
const PlannedEvidence = v.strictObject({
	/** The policy file, by digest of its bytes, and where it was read. */
	policy: v.nullable(v.strictObject({ sha256: Sha256, from: Name })),
	/** sha256 of gate/report.json. */
	report: v.nullable(Sha256),
	gates: v.array(PlannedGate),
});
export type PlannedEvidence = v.InferOutput<typeof PlannedEvidence>;

export const NO_EVIDENCE: PlannedEvidence = { policy: null, report: null, gates: [] };

/**
 * What a release will change, frozen once before the first upload: targets, subjects (modes, artifacts by digest,
 * the previous and the next value of every pointer), policy and gate results. It is the intent of every change that it lists.
 * Its canonical JSON (RFC 8785) is its identity: releaseId = sha256 of it.
 */
export const Plan = v.strictObject({
	mediaType: v.literal(PLAN_MEDIA_TYPE),
	project: ProjectName,
	version: Version,
	source: Source,
	/** Where the bytes are kept, for whoever continues: a folder, or a run and its artifact. */
	place: v.string(),
	targets: v.array(PlannedTarget),
	/** In the order in which they are exposed; withdrawn in reverse. */
	subjects: v.pipe(v.array(Subject), v.minLength(1)),
	policy: v.strictObject({ onFailure: v.picklist(['rollback', 'hold']) }),
	evidence: PlannedEvidence,
	/** The pointer asked for instead of the default one (`--line`). */
	line: v.nullable(v.string()),
	/** The plan that this one re-points (`continue --repoint`): the same but for pointers. */
	repoints: v.nullable(Sha256),
});
export type Plan = v.InferOutput<typeof Plan>;

/** sha256 (hex) of the canonical JSON. */
export const toReleaseId = (plan: Plan): string =>
	createHash('sha256').update(toCanonicalJson(plan)).digest('hex');

export const toPlanBytes = (plan: Plan): Uint8Array => new TextEncoder().encode(toCanonicalJson(plan));

/** @throws SlipwayError PLAN_INVALID, PLAN_VERSION_UNKNOWN, JSON_* */
export const parsePlan = (bytes: Uint8Array, where: string): Plan => {
	const json = parseJson(bytes, where);
	const { mediaType } = v.is(v.object({ mediaType: v.string() }), json)
		? json
		: { mediaType: PLAN_MEDIA_TYPE };
	if (mediaType !== PLAN_MEDIA_TYPE) {
		throw new SlipwayError<ReleaseCode>(
			'PLAN_VERSION_UNKNOWN',
			`expected a plan of media type ${PLAN_MEDIA_TYPE}, got ${JSON.stringify(mediaType)} in ${where}`,
			{
				hint: 'Continue with the version of Slipway that began this release.',
			},
		);
	}
	return parseWith(Plan, json, {
		code: 'PLAN_INVALID' satisfies ReleaseCode,
		what: where,
		hint: 'The journal was edited or damaged. Compare it with its history; `slipway status` reads the registries without it.',
	});
};

/** Why these artifacts are not those of the plan, one line each; empty when they are the same by digest. */
export const findPlanDifferences = (plan: Plan, manifest: Pick<Manifest, 'artifacts'>): string[] => {
	const planned = plan.subjects.flatMap(({ artifacts }) => artifacts);
	const differences = planned.flatMap((artifact) => {
		const built = manifest.artifacts.find(({ name }) => name === artifact.name);
		if (!built) return [`${artifact.name} is planned but not in the Release`];
		const [expected, got] = [artifact.digest.sha256, built.digest.sha256];
		return expected === got ? [] : [`${artifact.name}: expected sha256 ${expected}, got ${got}`];
	});
	return differences;
};
