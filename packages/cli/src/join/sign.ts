import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Release } from '@slipway/archive';
import type { Context } from '@slipway/core';
import type { Statement } from '@slipway/core/attestation';
import type { SigningReport } from '@slipway/sign';
import { openKnownGitHub } from './github.ts';
import type { OpenProject } from './project.ts';
import { openMeans } from './sign-means.ts';
import { TOOL } from './tool.ts';

/** What was signed; undefined where slipway.yml has no `sign:`. */
export type Signing = SigningReport | undefined;

const NOT_SIGNED = 'not signed: slipway.yml has no `sign:`';

const withoutSigning = ({ log }: Context): undefined => {
	log.info(NOT_SIGNED);
	return undefined;
};

/**
 * The signing stage: rewrites SHA256SUMS, signs the statements about the artifacts of a Release and the record of each
 * stage, and leaves its own record. Run again it signs only what is missing or was made again; what was changed after it
 * was signed is refused.
 * @throws SlipwayError SIGN_*, RELEASE_*, SIGNING_KEY_MISSING, PROJECT_UNREADABLE, JSON_*
 */
export const signProject = async (
	project: OpenProject,
	release: Release,
	context: Context,
): Promise<Signing> => {
	const { sign } = project.config;
	if (!sign) return withoutSigning(context);
	const { signRelease, toPlatform } = await import('@slipway/sign');
	const { token, ...means } = await openMeans(project, sign, context);
	const platform = project.door.unvouched
		? ({ kind: 'local' } as const)
		: toPlatform(token?.claims, project.door.environment);
	const npm = sign.provenance === 'own' && means.expected.kind === 'certificate';
	return signRelease(release, { ...means, platform, npm, tool: TOOL }, context);
};

/**
 * Signs the records of stages after signing (gate, plan, publish) that have no bundle yet: called after each of them.
 * @throws as signProject
 */
export const signStageRecords = async (
	project: OpenProject,
	release: Release,
	context: Context,
): Promise<Signing> => {
	const { sign } = project.config;
	if (!sign) return withoutSigning(context);
	const { signRecords } = await import('@slipway/sign');
	return signRecords(release, await openMeans(project, sign, context));
};

/** Statements of other stages, by the names of their bundles without ending, for example `vsa`. */
export type NamedStatements = Readonly<Record<string, Statement>>;

/**
 * Signs statements that other stages make (a verification summary, a revocation notice) into attestations/.
 * @throws as signProject
 */
export const signStatements = async (
	project: OpenProject,
	{ release, statements }: { readonly release: Release; readonly statements: NamedStatements },
	context: Context,
): Promise<Signing> => {
	const { sign } = project.config;
	if (!sign) return withoutSigning(context);
	const { signBundles } = await import('@slipway/sign');
	const wanted = Object.entries(statements).map(([name, statement]) => ({
		path: `attestations/${name}.sigstore.json`,
		toStatement: async () => statement,
	}));
	const bundles = await signBundles(release, wanted, await openMeans(project, sign, context));
	return { ...bundles, removed: [], record: undefined };
};

/**
 * Stores each provenance bundle of a Release at its repository (GitHub's attestations API); what is stored already is not
 * stored again.
 * @returns paths of the bundles
 * @throws SlipwayError GITHUB_*
 */
export const storeProvenance = async (
	project: OpenProject,
	{ folder }: Release,
	{ log }: Context,
): Promise<readonly string[]> => {
	const { storeAttestation } = await import('@slipway/github');
	const rest = await openKnownGitHub(project);
	const names = (await readdir(join(folder, 'attestations'))).filter((name) =>
		/^provenance(-\d+)?\.sigstore\.json$/.test(name),
	);
	for (const name of names.sort()) {
		const outcome = await storeAttestation(rest, await readFile(join(folder, 'attestations', name)));
		log.info(`${name}: ${outcome === 'stored' ? 'stored' : 'stored already'} at ${rest.repository}`);
	}
	return names.map((name) => `attestations/${name}`);
};
