import type { Release } from '@slipway/archive';
import type { Context, SlipwayError } from '@slipway/core';
import type { GateReport } from '@slipway/gate';
import { type Preview, previewPlan } from '@slipway/release';
import type { PlanPreview, PreviewFinding, PreviewGate, PreviewMove } from '@slipway/report';
import type { EmergencyRequest } from './gate.ts';
import { readStoredReport } from './gate-files.ts';
import { prepareRelease } from './prepare.ts';
import { previewArtifacts } from './preview-artifacts.ts';
import { previewCaller } from './preview-permissions.ts';
import { openReadable, type ReadableTargets, toPreviewTarget } from './preview-targets.ts';
import { toRefusal, toVerdict, withoutExpected } from './preview-verdict.ts';
import { type Door, openProject } from './project.ts';

export interface PreviewOptions {
	/** The pointer to move instead of the default one. */
	readonly line?: string | undefined;
	readonly emergency?: EmergencyRequest | undefined;
	/**
	 * For the code of a pull request: no credential is asked for, used or missed, and a version that is out already is a
	 * warning, since most changes are no release. Default: false.
	 */
	readonly proposal?: boolean | undefined;
}

/** A preview, and why the release would be refused: as an error to be thrown once the preview was shown. */
export interface Previewed {
	readonly preview: PlanPreview;
	readonly refusal: SlipwayError | undefined;
}

/** A job that looks at the code of strangers exchanges no identity, whatever rights it was given by mistake. */
const withoutIdentity = (door: Door): Door => ({
	...door,
	environment: {
		...door.environment,
		ACTIONS_ID_TOKEN_REQUEST_URL: undefined,
		ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined,
	},
});

const toMoves = ({ plan }: Preview): PreviewMove[] =>
	(plan?.subjects ?? []).map(({ target, id, version, mode, pointer, artifacts }) => ({
		target,
		subject: id,
		version,
		mode,
		pointer: pointer.name,
		from: pointer.previous,
		to: pointer.next,
		artifacts: artifacts.map(({ name }) => name),
	}));

const toGates = ({ verdicts }: GateReport): PreviewGate[] =>
	verdicts.map(({ id, verdict, findings, overrides, notes }) => ({
		id,
		verdict,
		accepted: overrides.length,
		notes,
		findings: findings
			.filter((finding) => !overrides.some((override) => override.finding === finding.id))
			.map(({ id: finding, severity, message, hint }) => ({ id: finding, severity, message, hint })),
	}));

interface Parts {
	readonly release: Release;
	readonly policy: PlanPreview['policy'];
	readonly targets: ReadableTargets;
	readonly planned: Preview;
	readonly gates: GateReport | undefined;
	readonly findings: readonly PreviewFinding[];
}

const toPreview = (
	{ release: { manifest }, policy, targets, planned, gates, findings }: Parts,
	rest: Pick<PlanPreview, 'permissions'> & {
		readonly artifacts: Awaited<ReturnType<typeof previewArtifacts>>;
	},
): PlanPreview => {
	const moves = toMoves(planned);
	const targetsOf = (name: string): string[] =>
		moves.filter(({ artifacts }) => artifacts.includes(name)).map(({ target }) => target);
	return {
		project: manifest.project,
		version: manifest.version,
		verdict: toVerdict(findings, gates),
		commit: manifest.source.commit,
		policy,
		targets: targets.publishers.map(toPreviewTarget),
		moves,
		artifacts: rest.artifacts.map((artifact) => ({ ...artifact, targets: targetsOf(artifact.name) })),
		gates: gates ? toGates(gates) : [],
		permissions: rest.permissions,
		findings,
	};
};

/**
 * What a release would do, target by target: files and their change, pointers, gates, findings. Builds first where nothing is
 * built; reads targets and changes nothing anywhere. What it refuses is handed back beside the preview.
 * @throws what opening, building and reading throw
 */
export const previewProject = async (
	door: Door,
	{ line, emergency, proposal = false }: PreviewOptions,
	context: Context,
): Promise<Previewed> => {
	const project = await openProject(proposal ? withoutIdentity(door) : door);
	const { release, evidence } = await prepareRelease(project, { act: false, emergency }, context);
	const [targets, stored] = await Promise.all([
		openReadable(project, { needsCredentials: !proposal }),
		readStoredReport(release),
	]);
	const { publishers } = targets;
	const onFailure = project.config.release['on-failure'];
	const request = {
		manifest: release.manifest,
		publishers,
		onFailure,
		place: release.folder,
		evidence,
		line,
	};
	const [planned, artifacts, caller] = await Promise.all([
		previewPlan(request, context),
		previewArtifacts(project, release, context),
		previewCaller(project),
	]);
	const findings = withoutExpected([...targets.findings, ...planned.findings, ...caller.findings], {
		proposal,
		artifacts: release.manifest.artifacts,
		planned: planned.plan !== null,
	});
	const gates = stored?.report;
	const preview = toPreview(
		{ release, policy: evidence.policy, targets, planned, gates, findings },
		{ artifacts, permissions: caller.permissions },
	);
	return { preview, refusal: await toRefusal(preview, gates) };
};
