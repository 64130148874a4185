import { type Artifact, parsePurl } from '@slipway/core';
import { toArtifactHashes, toCarrierFile } from './facts.ts';
import type { ArtifactRequest } from './npm.ts';

/** An artifact of a format that nothing is known of: itself only, and what ready SBOMs say. */
export const toOtherRequest = (artifact: Artifact): ArtifactRequest => {
	const { namespace, name, version } = parsePurl(artifact.purl);
	return {
		root: {
			type: 'application',
			group: namespace,
			name,
			version,
			purl: artifact.purl,
			hashes: toArtifactHashes(artifact),
			links: [],
			file: toCarrierFile(artifact),
		},
		parts: [],
		digest: artifact.digest.sha256,
	};
};
