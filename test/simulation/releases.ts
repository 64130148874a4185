import { createHash } from 'node:crypto';
import { type Artifact, MANIFEST_MEDIA_TYPE, type Manifest } from '@slipway/core';
import type { Scenario } from './scenario.ts';

/** Of somebody else. */
export const OTHER_BYTES = 'f'.repeat(64);

export const PROJECT = 'demo';
export const BASE = '1.0.0';

const toArtifact = (type: string, name: string, version: string): Artifact => {
	const sha256 = createHash('sha256').update(`${type} ${name} ${version}`).digest('hex');
	const file = `${type}-${name}-${version}.bin`;
	return {
		name: file,
		path: `artifacts/${file}`,
		mediaType: 'application/octet-stream',
		size: 1,
		digest: { sha256 },
		purl: `pkg:${type}/${name}@${version}`,
	};
};

const toNames = (type: string, count: number): readonly (readonly [string, string])[] =>
	['base', 'tool'].slice(0, count).map((name) => [type, name] as const);

/** What a build of this version gives in a scenario. */
export const toManifest = (scenario: Scenario, version: string): Manifest => {
	const names = [
		...toNames('npm', scenario.npm?.packages ?? 0),
		...toNames('deb', scenario.apt?.packages ?? 0),
		...(scenario.hasGithub ? [['github', 'demo'] as const] : []),
		...toNames('generic', scenario.hasPlain ? 1 : 0),
	];
	// A project has one target at least.
	const all = names.length > 0 ? names : toNames('generic', 1);
	return {
		mediaType: MANIFEST_MEDIA_TYPE,
		project: PROJECT,
		version,
		source: { repo: null, commit: null, ref: null },
		artifacts: all.map(([type, name]) => toArtifact(type, name, version)),
	};
};
