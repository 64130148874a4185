import {
	type Artifact,
	MANIFEST_MEDIA_TYPE,
	type Manifest,
	STAGE_RECORD_MEDIA_TYPE,
	type StageRecord,
} from '@slipway/core';
import type { Subjects } from './subjects.ts';

const PURL = 'pkg:npm/greet@1.0.0';
const TIME = '2026-11-21T12:00:00Z';

/** The Release that the statements speak of: one artifact, and a record of the stage that built it. */
export interface JudgedRelease {
	readonly manifest: Manifest;
	readonly artifact: Artifact;
	readonly record: StageRecord;
	readonly cycloneDx: { readonly [name: string]: string | number | string[] };
	readonly spdx: { readonly [name: string]: string | string[] };
}

const toArtifact = ({ artifact, tarball }: Subjects): Artifact => ({
	name: 'greet-1.0.0.tgz',
	path: 'artifacts/greet-1.0.0.tgz',
	mediaType: 'application/gzip',
	size: artifact.size,
	digest: { sha256: artifact.digest, sha512: tarball.digest },
	purl: PURL,
});

const toManifest = (artifact: Artifact): Manifest => ({
	mediaType: MANIFEST_MEDIA_TYPE,
	project: 'greet',
	version: '1.0.0',
	source: { repo: 'https://github.com/octo-org/octo-repo', commit: 'a'.repeat(40), ref: 'refs/tags/v1.0.0' },
	artifacts: [artifact],
});

const toRecord = ({ name, digest }: Artifact): StageRecord => ({
	mediaType: STAGE_RECORD_MEDIA_TYPE,
	stage: 'build',
	tool: { name: 'slipway', version: '0.0.0' },
	platform: { os: 'linux', arch: 'x64', node: '24.0.0' },
	start: TIME,
	end: TIME,
	inputs: [],
	outputs: [{ name, digest }],
	follows: [],
	notes: ['Ünïcode, and a line\u2028separator: bytes are signed, not characters'],
});

export const toJudgedRelease = (subjects: Subjects): JudgedRelease => {
	const artifact = toArtifact(subjects);
	return {
		manifest: toManifest(artifact),
		artifact,
		record: toRecord(artifact),
		cycloneDx: { bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components: [] },
		spdx: { spdxVersion: 'SPDX-2.3', dataLicense: 'CC0-1.0', SPDXID: 'SPDXRef-DOCUMENT', packages: [] },
	};
};
