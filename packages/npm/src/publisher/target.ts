import { type Artifact, type Context, MEDIA_TYPES, parsePurl, SlipwayError } from '@slipway/core';
import type { NpmCode } from '../code.ts';
import type { NpmCredentials } from '../config/credentials.ts';
import type { Environment } from '../config/npmrc.ts';
import type { OwnProvenance } from '../provenance/own-provenance.ts';
import type { Registry } from '../registry/registry.ts';

/** A package at one version. */
export interface Identity {
	readonly name: string;
	readonly version: string;
}

/** What all verbs of one npm publisher share. */
export interface Target {
	readonly id: string;
	readonly registry: Registry;
	readonly credentials: NpmCredentials;
	readonly mode: 'auto' | 'tag' | 'stage' | 'direct';
	readonly access: 'public' | 'restricted';
	readArtifact(artifact: Artifact): Promise<Uint8Array>;
	/** own: made by the release. registry: whatever the registry makes. none: without. */
	readonly provenanceMode: 'own' | 'registry' | 'none';
	/** Of this release, checked. @throws SlipwayError NPM_PROVENANCE_INVALID, STATEMENT_*, JSON_* */
	provenance(artifact: Artifact): Promise<OwnProvenance | undefined>;
	/** Whether a bundle that the registry shows instead of ours is that of an earlier attempt; it was verified then. */
	readonly isEarlierProvenance: (
		bundles: { readonly found: Uint8Array; readonly own: Uint8Array },
		context: Context,
	) => Promise<boolean>;
	/** False where another job of the same release holds the credentials. */
	readonly needsCredentials: boolean;
	/** Names of the packages of the project, for a recovery without a record. */
	readonly packages: readonly string[];
	readonly environment: Environment;
	/**
	 * Versions of which the registry said in this run that it has them, though it may not show them yet (scan, caches):
	 * a read that does not find them is no absence.
	 */
	readonly acknowledged: Map<string, 'accepted' | 'taken' | 'staged'>;
}

export const toKey = ({ name, version }: Identity): string => `${name}@${version}`;

/** Name and version from a purl `pkg:npm/…@…`. */
export const toIdentity = (purl: string): Identity => {
	const { namespace, name, version } = parsePurl(purl);
	return { name: namespace === undefined ? name : `${namespace}/${name}`, version: version ?? '' };
};

/** A subject's package name. */
export const toName = (subject: { readonly id: string }): string => toIdentity(subject.id).name;

export const isNpmArtifact = ({ mediaType, purl }: Artifact): boolean =>
	mediaType === MEDIA_TYPES.npm && purl.startsWith('pkg:npm/');

/** The one tarball of a subject. @throws SlipwayError NPM_ARTIFACT_CHANGED */
export const toTarball = (subject: {
	readonly id: string;
	readonly artifacts: readonly Artifact[];
}): Artifact => {
	const [artifact, ...others] = subject.artifacts;
	if (artifact && others.length === 0) return artifact;
	throw new SlipwayError<NpmCode>(
		'NPM_ARTIFACT_CHANGED',
		`expected one tarball for ${subject.id}, got ${subject.artifacts.length}`,
		{ hint: 'Build the release again.' },
	);
};
