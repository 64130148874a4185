import { record } from '@slipway/core';
import * as v from 'valibot';
import type { BundleLink } from './bundles.ts';
import type { Evidence } from './evidence.ts';
import { type LinkProblem, toProblem } from './problem.ts';

/** The part of SLSA provenance v1 that says what was built. */
const Provenance = v.object({
	buildDefinition: v.object({
		externalParameters: v.optional(
			v.object({ project: v.optional(v.string()), version: v.optional(v.string()) }),
			{},
		),
		resolvedDependencies: v.optional(
			v.array(v.object({ digest: v.optional(record(v.string(), v.string()), {}) })),
			[],
		),
	}),
});

/** A build on a machine that nobody vouches for names the project itself; a platform names its workflow instead. */
const isOther = (
	{ manifest }: Evidence,
	{
		project = manifest.project,
		version = manifest.version,
	}: { project?: string | undefined; version?: string | undefined },
): boolean => project !== manifest.project || version !== manifest.version;

const checkOne = (evidence: Evidence, { path, attestation }: BundleLink): LinkProblem[] => {
	const { manifest } = evidence;
	const parsed = v.safeParse(Provenance, attestation.statement.predicate);
	if (!parsed.success)
		return [toProblem('VERIFY_CHAIN_MISMATCH', path, 'is no SLSA provenance of version 1')];
	const commits = parsed.output.buildDefinition.resolvedDependencies.flatMap(
		({ digest }) => digest.gitCommit ?? [],
	);
	const { commit } = manifest.source;
	if (isOther(evidence, parsed.output.buildDefinition.externalParameters))
		return [
			toProblem(
				'VERIFY_CHAIN_MISMATCH',
				path,
				`is about another release than ${manifest.project} ${manifest.version}`,
			),
		];
	if (commit === null) return [];
	const problem = (found: string | undefined) => [
		toProblem(
			'VERIFY_CHAIN_MISMATCH',
			path,
			`is about source commit ${found ?? '(none)'}, but manifest.json names ${commit}`,
		),
	];
	if (!commits.includes(commit)) return problem(commits[0]);
	const certified = attestation.certificate?.sourceDigest;
	return certified !== undefined && certified !== commit ? problem(certified) : [];
};

/** Provenance, its certificate and the manifest name the same source commit, where the manifest names one. */
export const checkProvenance = (evidence: Evidence, bundles: readonly BundleLink[]): LinkProblem[] =>
	bundles.filter(({ kind }) => kind === 'provenance').flatMap((bundle) => checkOne(evidence, bundle));
