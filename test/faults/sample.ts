import type { Point, Reference } from './points.ts';

/** Which of the possible crash points are tried, and what that leaves out, for people. */
export interface Sample {
	readonly points: readonly Point[];
	readonly leftOut: readonly string[];
}

/** Steps of one kind, of which one stands for all: SBOMs (of each artifact, in each format), their bundles, others of a batch. */
const toKind = ({ step, when }: Point): string => {
	if (step.kind === 'registry') return `${when} ${step.shown} ${step.nth}`;
	const path = step.path
		.replace(/slipway-fault-probe[-_]1\.1\.0(-1_all\.deb|\.tgz)/, 'ARTIFACT')
		.replace(/ARTIFACT\.(cdx|spdx)\.json/, 'ARTIFACT.FORMAT.json')
		.replace(/sbom-(cyclonedx|spdx)-/, 'sbom-FORMAT-')
		.replace(
			/attestations\/(provenance|SHA256SUMS|npm-ARTIFACT|stage-(build|sbom)-[a-z0-9-]+)\./,
			'attestations/FIRST.',
		)
		.replace(/(-sign-\*)\/(provenance|SHA256SUMS|npm-ARTIFACT|stage-(build|sbom)-[a-z0-9-]+)\./, '$1/FIRST.');
	const isOfMany =
		/\/sbom\/ARTIFACT|FORMAT|FIRST/.test(path) || (step.call === 'unlink' && /-sign-\*$/.test(path));
	return `${when} ${step.call} ${step.folder}/${path} ${isOfMany ? '' : step.nth}`;
};

const toFirstOfKinds = (points: readonly Point[]): Sample => {
	const first = new Map<string, Point>();
	for (const point of points) if (!first.has(toKind(point))) first.set(toKind(point), point);
	const left = points.length - first.size;
	const leftOut =
		left === 0
			? []
			: [
					`${left} at further SBOMs, bundles of a batch and removals of its folder (one of each kind is killed)`,
				];
	return { points: [...first.values()], leftOut };
};

/** What lies in the Release after it was built: SBOMs, bundles, records, verdicts. A release that signs leaves them all. */
const isOfSigning = ({ step }: Point): boolean =>
	step.kind === 'store' &&
	step.folder === 'project' &&
	/^\.slipway\/releases\/(1\.1\.0\/|\.1\.1\.0-sign-)/.test(step.path);

const toSigning = (points: readonly Point[]): Sample => {
	const own = points.filter(isOfSigning);
	const { points: sample, leftOut } = toFirstOfKinds(own);
	const left = points.length - own.length;
	return {
		points: sample,
		leftOut: [
			...leftOut,
			`${left} at the build, the journal and the targets (killed in the release without signatures)`,
			'lost replies, failures and suspensions at the registry (tried in the release without signatures)',
		],
	};
};

/**
 * A release that takes itself back goes the way of every release before it: of each step that both have, one side is
 * killed here (by turns). All its own steps have both sides.
 */
const toTakingBack = (points: readonly Point[]): Sample => {
	const own = points.findIndex(({ step }) => step.kind === 'store' && step.path.endsWith('-compensate.json'));
	const isPrepared = ({ step }: Point): boolean => step.kind === 'store' && step.folder === 'project';
	const sample = points.filter((point, index) => {
		if (point.step.kind === 'registry' || index >= own) return true;
		return !isPrepared(point) && point.when === (Math.floor(index / 2) % 2 === 0 ? 'before' : 'after');
	});
	const left = points.length - sample.length;
	return { points: sample, leftOut: [`${left} at the way that every release goes (killed in the release)`] };
};

const toRest = (points: readonly Point[]): Sample => {
	const sample = points.filter((point) => !isOfSigning(point));
	const left = points.length - sample.length;
	const leftOut =
		left === 0 ? [] : [`${left} at what the Release gets after the build (killed in the signed release)`];
	return { points: sample, leftOut };
};

/** Every kind of step is killed before and after it in one operation at least; what repeats is left out, and said. */
export const toSample = ({ points, operation }: Reference): Sample => {
	if (operation.signs) return toSigning(points);
	return operation.takesBack ? toTakingBack(points) : toRest(points);
};
