import type { Gate, GateFinding, SbomFile } from '../gate.ts';

const MAX_LISTED = 10;

const toMissing = (missing: readonly string[]): string =>
	missing.length > MAX_LISTED
		? `${missing.slice(0, MAX_LISTED).join(', ')} and ${missing.length - MAX_LISTED} more`
		: missing.join(', ');

const toFinding = ({ artifact, path, quality }: SbomFile, least: number): GateFinding[] => {
	if (!quality || quality.score >= least) return [];
	return [
		{
			id: artifact,
			severity: 'error',
			message: `expected an SBOM of ${artifact} with a score of at least ${least} of 10, got ${quality.score}${quality.missing.length > 0 ? `; missing: ${toMissing(quality.missing)}` : ''}`,
			where: { file: path },
			hint: 'Fill in what is missing in the package manifests that it is read from, or lower gates.sbom-quality.min-score.',
		},
	];
};

const toAbsent = (artifacts: readonly string[], sboms: readonly SbomFile[]): GateFinding[] =>
	artifacts
		.filter((name) => !sboms.some(({ artifact }) => artifact === name))
		.map((name) => ({
			id: name,
			severity: 'error',
			message: `expected an SBOM of ${name}, got none`,
			where: { file: 'manifest.json' },
			hint: 'Make the SBOMs of this Release: slipway sbom.',
		}));

/** Each artifact has an SBOM, and it says enough: the score that the sbom stage computes (NTIA, BSI TR-03183). */
export const sbomQualityGate = (): Gate => ({
	id: 'sbom-quality',
	check: async ({ release, sboms, policy }) => {
		if (sboms.length === 0) return { findings: [], evidence: [], dataAge: null, skipped: 'there is no SBOM' };
		const least = policy.gates['sbom-quality']['min-score'];
		const names = release.manifest.artifacts.map(({ name }) => name);
		return {
			findings: [...toAbsent(names, sboms), ...sboms.flatMap((sbom) => toFinding(sbom, least))],
			evidence: sboms.map(({ path, digest }) => ({ name: path, digest })),
			dataAge: null,
		};
	},
});
