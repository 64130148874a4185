import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Release, StoredRecord } from '@slipway/archive';
import { type Artifact, type Digest, isSameDigest } from '@slipway/core';
import {
	BUNDLE_SUFFIX,
	findPredicateKind,
	type PredicateKind,
	type StatementSubject,
} from '@slipway/core/attestation';
import * as v from 'valibot';
import { type OwnBundle, readOwnBundle } from '../bundle/read-own-bundle.ts';
import { toSignError } from '../code.ts';
import type { NamedFile } from '../predicate/statements.ts';
import { CHECKSUMS } from './checksums.ts';
import type { ExpectedSigner } from './held-bundles.ts';

/** What a Release holds now, hashed a moment ago. */
export interface PresentFiles {
	readonly release: Release;
	readonly manifestFile: NamedFile;
	readonly sboms: readonly NamedFile[];
	readonly records: readonly StoredRecord[];
}

/** Records of stages are about more than artifacts, and a notice may name any file. */
const ABOUT_ARTIFACTS: readonly (PredicateKind | undefined)[] = [
	'provenance',
	'sbom-cyclonedx',
	'sbom-spdx',
	'test-result',
	'release',
	'vsa',
];

/** The part of a stage's record that says what cannot change after it was signed. */
const SignedRecord = v.object({
	stage: v.string(),
	inputs: v.array(v.object({ name: v.string(), digest: v.object({ sha256: v.string() }) })),
});

const HINT_BUILD =
	'Nothing was signed. Find out who changed it, then build again (`slipway build`): what was signed once is never edited.';
const HINT_SBOM =
	'Nothing was signed. Find out who changed it, then make the SBOMs again with `slipway sbom`.';

const changed = (problem: string, hint: string): Error =>
	toSignError('SIGN_RELEASE_CHANGED', `the Release was changed: ${problem}`, { hint });

const toDigest = ({ digest: { sha256, sha512 } }: StatementSubject): Partial<Digest> => ({
	...(sha256 !== undefined && { sha256 }),
	...(sha512 !== undefined && { sha512 }),
});

const toText = ({ sha256, sha512 }: Partial<Digest>): string =>
	sha256 === undefined ? `sha512 ${sha512}` : `sha256 ${sha256}`;

const findSubjectProblem = (
	artifacts: readonly Artifact[],
	subject: StatementSubject,
): string | undefined => {
	const name = subject.name ?? '';
	if (name === CHECKSUMS) return undefined;
	const artifact = artifacts.find((each) => each.name === name || each.purl === name);
	const signed = toDigest(subject);
	if (!artifact) return `signed ${name} (${toText(signed)}), which its manifest no longer lists`;
	return isSameDigest(artifact.digest, signed)
		? undefined
		: `signed ${name} with ${toText(signed)}, which now has ${toText(artifact.digest)}`;
};

/** A build writes a whole Release: its record never changes, and neither does the manifest that was signed with it. */
const findRecordProblem = (
	{ records, manifestFile }: PresentFiles,
	{ subject: [own], predicate }: OwnBundle['statement'],
): string | undefined => {
	const parsed = v.safeParse(SignedRecord, predicate);
	if (!parsed.success) return undefined;
	const { stage, inputs } = parsed.output;
	const isThere = records.some(
		({ path, digest }) => path === own?.name && digest.sha256 === own.digest.sha256,
	);
	if (stage === 'build' && !isThere) return `signed another ${own?.name} than lies there now`;
	const manifests = stage === 'sign' ? inputs.filter(({ name }) => name === manifestFile.name) : [];
	return manifests.length === 0 ||
		manifests.some(({ digest }) => digest.sha256 === manifestFile.digest.sha256)
		? undefined
		: `signed another ${manifestFile.name} than lies there now`;
};

const findProblem = (present: PresentFiles, { statement }: OwnBundle): string | undefined => {
	const kind = findPredicateKind(statement.predicateType);
	if (kind === 'stage') return findRecordProblem(present, statement);
	if (!ABOUT_ARTIFACTS.includes(kind)) return undefined;
	return statement.subject
		.map((subject) => findSubjectProblem(present.release.manifest.artifacts, subject))
		.find((problem) => problem !== undefined);
};

/** SBOMs may be made again, but then their record is written again too. */
const checkSboms = ({ records, sboms }: PresentFiles): void => {
	for (const { path, record } of records.filter((each) => each.record.stage === 'sbom'))
		for (const { name, digest } of record.outputs) {
			const found = sboms.find((file) => file.name === name);
			if (found && found.digest.sha256 !== digest.sha256)
				throw changed(
					`${path} names ${name} with sha256 ${digest.sha256}, which now has ${found.digest.sha256}`,
					HINT_SBOM,
				);
		}
};

/**
 * Checks that a Release is still the one that its bundles speak of, before anything in it is signed again: artifacts, the
 * manifest and the record of the build never change once they are signed, and SBOMs are those that their record names.
 * Bundles that do not hold by themselves say nothing.
 * @throws SlipwayError SIGN_RELEASE_CHANGED
 */
export const checkUnchanged = async (present: PresentFiles, expected: ExpectedSigner): Promise<void> => {
	const { folder } = present.release;
	const names = await readdir(join(folder, 'attestations')).catch(() => []);
	for (const name of names.filter((each) => each.endsWith(BUNDLE_SUFFIX)).sort()) {
		const bytes = await readFile(join(folder, 'attestations', name)).catch(() => undefined);
		const own = bytes && readOwnBundle(bytes, expected.kind === 'key' ? expected : undefined);
		const problem = own && findProblem(present, own);
		if (problem !== undefined) throw changed(`attestations/${name} ${problem}`, HINT_BUILD);
	}
	checkSboms(present);
};
