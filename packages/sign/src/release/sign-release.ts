import {
	type Release,
	readStageRecords,
	type StoredRecord,
	verifyRelease,
	writeStage,
} from '@slipway/archive';
import {
	type Context,
	STAGES,
	type StageName,
	type StageRecord,
	toCanonicalJson,
	toPrintable,
} from '@slipway/core';
import { toSignError } from '../code.ts';
import type { Platform } from '../predicate/platform.ts';
import type { NamedFile } from '../predicate/statements.ts';
import { checkUnchanged } from './check-unchanged.ts';
import { readManifestFile, readSbomFiles, writeChecksums } from './checksums.ts';
import { type BundleFacts, removeStale } from './held-bundles.ts';
import { type SignedBundles, type SigningMeans, signBundles } from './sign-bundles.ts';
import { isBeforeSigning, toStageBundle, toWantedBundles } from './wanted-bundles.ts';

export interface SignReleaseOptions extends SigningMeans {
	readonly platform: Platform;
	/** npm packages get a statement of their own too, in the form that npm's registry takes. */
	readonly npm: boolean;
	readonly tool: StageRecord['tool'];
}

/** What a run of the signing stage did. */
export interface SigningReport extends SignedBundles {
	/** Paths of bundles whose reason was gone. */
	readonly removed: readonly string[];
	/** Path of the stage's record. */
	readonly record: string | undefined;
}

/** Bundles that other stages or people put there. */
const isForeign = (path: string): boolean =>
	/^attestations\/(vsa(-\d+)?|revocation-.*)\.sigstore\.json$/.test(path);

const toDescriptors = (files: readonly NamedFile[]) =>
	files.map(({ name, digest: { sha256 } }) => ({ name, digest: { sha256 } }));

const isSame = (a: readonly NamedFile[], b: readonly NamedFile[]): boolean =>
	toCanonicalJson(toDescriptors(a)) === toCanonicalJson(toDescriptors(b));

interface Stage {
	readonly inputs: readonly NamedFile[];
	readonly outputs: readonly NamedFile[];
}

/** The record of an earlier run that is still true. */
const findTrueRecord = (
	records: readonly StoredRecord[],
	{ inputs, outputs }: Stage,
): StoredRecord | undefined => {
	const follows = records.filter(isBeforeSigning).map(({ path, digest }) => ({ name: path, digest }));
	return records.find(
		({ record }) =>
			record.stage === 'sign' &&
			isSame(record.inputs, inputs) &&
			isSame(record.outputs, outputs) &&
			isSame(record.follows, follows),
	);
};

/** By path, so that the record does not depend on which bundles were there already. */
const toOutputs = ({ signed, kept }: SignedBundles): NamedFile[] =>
	[...signed, ...kept]
		.map(({ path, digest }) => ({ name: path, digest }))
		.sort((a, b) => (a.name < b.name ? -1 : 1));

const toNotes = ({ signed, kept }: SignedBundles): string[] => {
	const signers = [...new Set([...signed, ...kept].map(({ signer }) => signer))];
	return signers.map((signer) => `signed by ${toPrintable(signer, 300)}`);
};

/**
 * The source that the platform names is what the statement says; a Release of something else could never be verified.
 * @throws SlipwayError SIGN_SOURCE_DIFFERS
 */
const checkSource = ({ manifest }: Release, platform: Platform): void => {
	const { commit } = manifest.source;
	if (platform.kind !== 'github' || commit === null || commit === platform.commit) return;
	throw toSignError(
		'SIGN_SOURCE_DIFFERS',
		`expected a Release of the run's commit ${platform.commit}, got one that was built from ${commit}`,
		{ hint: 'Sign in a run of the commit that was built, or build again in this one. Nothing was signed.' },
	);
};

/** Stages that run after signing, perhaps on other machines: their records are signed when they come. */
const LATER: readonly StageName[] = STAGES.slice(STAGES.indexOf('sign') + 1);

/**
 * Signs the records of stages that have no bundle yet, or one that says something else. Those of other stages are not
 * touched: what was signed before and has changed since is for verification to refuse, not to be signed again.
 * @param stages default: those after signing
 * @throws SlipwayError SIGN_*, STAGE_RECORD_INVALID
 */
export const signRecords = async (
	release: Release,
	means: SigningMeans,
	stages: readonly StageName[] = LATER,
): Promise<SigningReport> => {
	const records = await readStageRecords(release);
	const wanted = records
		.filter(({ record }) => (stages as readonly string[]).includes(record.stage))
		.map(toStageBundle);
	const bundles = await signBundles(release, wanted, means);
	const paths = new Set(wanted.map(({ path }) => path));
	const prefixes = stages.map((stage) => `attestations/stage-${stage}-`);
	const removed = await removeStale(
		release,
		(path) => prefixes.some((prefix) => path.startsWith(prefix)) && !paths.has(path),
	);
	return { ...bundles, removed, record: undefined };
};

/** One signer, and with it one certificate, for everything that a run signs. */
const toOpenedOnce = <Means extends SigningMeans>(means: Means): Means => {
	let opened: ReturnType<SigningMeans['openSigner']> | undefined;
	return {
		...means,
		openSigner: () => {
			opened ??= means.openSigner();
			return opened;
		},
	};
};

const join = (first: SignedBundles, second: SignedBundles): SignedBundles => {
	const known = new Set(first.signed.concat(first.kept).map(({ path }) => path));
	const isNew = ({ path }: BundleFacts): boolean => !known.has(path);
	return {
		signed: [...first.signed, ...second.signed.filter(isNew)],
		kept: [...first.kept, ...second.kept.filter(isNew)],
	};
};

/**
 * Signs a Release: SHA256SUMS, the statements about its artifacts, and the record of each stage; its own record comes
 * last and names every bundle by digest. Run again it signs only what is missing or was made again; a Release whose
 * artifacts, manifest or build record are others than were signed is refused.
 * @throws SlipwayError SIGN_*, RELEASE_*, STAGE_RECORD_INVALID, JSON_*
 */
export const signRelease = async (
	release: Release,
	request: SignReleaseOptions,
	context: Omit<Context, 'tempDir'>,
): Promise<SigningReport> => {
	const start = context.clock.now();
	const options = toOpenedOnce(request);
	await verifyRelease(release);
	checkSource(release, options.platform);
	const sboms = await readSbomFiles(release);
	const manifestFile = await readManifestFile(release);
	const records = await readStageRecords(release);
	await checkUnchanged({ release, manifestFile, sboms, records }, options.expected);
	const sums = await writeChecksums(release, sboms);
	const { platform, npm, tool } = options;
	const wanted = toWantedBundles({ release, platform, npm, sums, sboms, records });
	const bundles = await signBundles(release, wanted, options);
	const inputs = [...release.manifest.artifacts, manifestFile, ...sboms, sums];
	const stage = { inputs, outputs: toOutputs(bundles) };
	const held = findTrueRecord(records, stage)?.path;
	const facts = { tool, start, end: context.clock.now(), notes: toNotes(bundles) };
	const record =
		held ??
		(await writeStage(release, 'sign', {
			...facts,
			inputs: toDescriptors(stage.inputs),
			outputs: toDescriptors(stage.outputs),
		}));
	const ofRecords = await signRecords(release, options, STAGES);
	const paths = new Set(wanted.map(({ path }) => path));
	const isStale = (path: string): boolean =>
		!paths.has(path) && !path.startsWith('attestations/stage-') && !isForeign(path);
	const removed = [...ofRecords.removed, ...(await removeStale(release, isStale))];
	return { ...join(bundles, ofRecords), removed, record };
};
