import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashBytes, type Release, readArtifact, type StoredRecord } from '@slipway/archive';
import { type Artifact, type Json, MEDIA_TYPES, parseJson, STAGES, type StageName } from '@slipway/core';
import { BUNDLE_SUFFIX, type Statement } from '@slipway/core/attestation';
import { toSignError } from '../code.ts';
import type { Platform } from '../predicate/platform.ts';
import {
	type NamedFile,
	toNpmStatement,
	toProvenanceStatements,
	toReleaseStatements,
	toReproductionStatement,
	toSbomStatement,
	toStageStatement,
} from '../predicate/statements.ts';
import { CHECKSUMS } from './checksums.ts';

/** A bundle that a Release has to hold; its statement is made when its turn comes. */
export interface WantedBundle {
	/** Path in the Release. */
	readonly path: string;
	toStatement(): Promise<Statement>;
}

export interface ReleaseFacts {
	readonly release: Release;
	readonly platform: Platform;
	readonly sums: NamedFile;
	readonly sboms: readonly NamedFile[];
	readonly records: readonly StoredRecord[];
	/** Whether npm packages get a statement of their own, in the form that npm's registry takes. */
	readonly npm: boolean;
}

const toPath = (name: string): string => `attestations/${name}${BUNDLE_SUFFIX}`;

/** `name`, `name-2`, `name-3`, … */
const toParts = (name: string, statements: readonly Statement[]): WantedBundle[] =>
	statements.map((statement, index) => ({
		path: toPath(index === 0 ? name : `${name}-${index + 1}`),
		toStatement: async () => statement,
	}));

const toSha512 = (bytes: Uint8Array): string => createHash('sha512').update(bytes).digest('hex');

const toNpmBundle = ({ release, platform, npm }: ReleaseFacts, artifact: Artifact): WantedBundle[] => {
	if (!npm || platform.kind !== 'github' || artifact.mediaType !== MEDIA_TYPES.npm) return [];
	const toStatement = async (): Promise<Statement> => {
		const { purl, digest } = artifact;
		const sha512 = digest.sha512 ?? toSha512(await readArtifact(release.folder, artifact));
		return toNpmStatement({ purl, sha512 }, platform);
	};
	return [{ path: toPath(`npm-${artifact.name}`), toStatement }];
};

const FORMATS = [
	{ format: 'cyclonedx', ending: '.cdx.json' },
	{ format: 'spdx', ending: '.spdx.json' },
] as const;

/** The bytes that were hashed a moment ago, as JSON. */
const readSbom = async (
	folder: string,
	{ name, digest }: NamedFile,
): Promise<Readonly<Record<string, Json>>> => {
	const bytes = await readFile(join(folder, name));
	const json = parseJson(bytes, name);
	const isSame = hashBytes(bytes).digest.sha256 === digest.sha256;
	if (isSame && typeof json === 'object' && json !== null && !Array.isArray(json))
		return json as Readonly<Record<string, Json>>;
	throw toSignError(
		'SIGN_RELEASE_UNSAFE',
		`expected ${name} to be a JSON object that stays as it is, got ${isSame ? 'another value' : 'other bytes'}`,
		{
			hint: 'Make the SBOMs again with `slipway sbom`, and let nothing else write into the Release folder.',
		},
	);
};

const toSbomBundles = ({ release, sboms }: ReleaseFacts, artifact: Artifact): WantedBundle[] =>
	FORMATS.flatMap(({ format, ending }) => {
		const file = sboms.find(({ name }) => name === `sbom/${artifact.name}${ending}`);
		if (!file) return [];
		const toStatement = async () => toSbomStatement(format, artifact, await readSbom(release.folder, file));
		return [{ path: toPath(`sbom-${format}-${artifact.name}`), toStatement }];
	});

/** The bundle of a stage's record. */
export const toStageBundle = ({ path, digest, record }: StoredRecord): WantedBundle => ({
	path: toPath(`stage-${path.replace(/^records\//, '').replace(/\.json$/, '')}`),
	toStatement: async () => toStageStatement({ path, digest }, record),
});

export const isBeforeSigning = ({ record }: StoredRecord): boolean =>
	STAGES.indexOf(record.stage as StageName) < STAGES.indexOf('sign');

const toReproduction = ({ release, records }: ReleaseFacts): WantedBundle[] => {
	const found = records.find(({ record }) => record.stage === 'reproduce');
	if (!found) return [];
	const reproduced = new Set(found.record.outputs.map(({ digest }) => digest.sha256));
	const { artifacts } = release.manifest;
	const toStatement = async () =>
		toReproductionStatement(found, artifacts, ({ digest }) => reproduced.has(digest.sha256));
	return [{ path: toPath('test-result-reproduce'), toStatement }];
};

/** Every bundle that the signing stage makes, but that of its own record. */
export const toWantedBundles = (facts: ReleaseFacts): WantedBundle[] => {
	const {
		release: { manifest },
		platform,
		records,
		sums,
	} = facts;
	return [
		...toParts('provenance', toProvenanceStatements(manifest, platform)),
		...manifest.artifacts.flatMap((artifact) => toNpmBundle(facts, artifact)),
		...manifest.artifacts.flatMap((artifact) => toSbomBundles(facts, artifact)),
		...records.filter(isBeforeSigning).map(toStageBundle),
		...toReproduction(facts),
		...toParts(CHECKSUMS, toReleaseStatements(manifest, sums)),
	];
};
