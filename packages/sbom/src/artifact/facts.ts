import type { Artifact } from '@slipway/core';
import type { CarrierFile, Hash } from '../model/sbom.ts';

/** An artifact's digests as hashes of a component. */
export const toArtifactHashes = ({ digest }: Pick<Artifact, 'digest'>): readonly Hash[] => [
	{ algorithm: 'SHA-256', value: digest.sha256 },
	...(digest.sha512 === undefined ? [] : [{ algorithm: 'SHA-512' as const, value: digest.sha512 }]),
];

const ARCHIVES = /\.(tgz|tar|tar\.(gz|xz|zst|bz2)|zip|deb|whl|jar|crate|gem)$/;

/** What the artifact is as a file (BSI TR-03183-2, 5.2.2). */
export const toCarrierFile = ({ name }: Pick<Artifact, 'name'>, isExecutable = false): CarrierFile => {
	const archive = ARCHIVES.test(name);
	return { name, executable: isExecutable, archive, structured: archive };
};
