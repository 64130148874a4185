import { createHash } from 'node:crypto';
import { parseReadySbom } from '../merge/parse-ready-sbom.ts';
import { makeSbom } from '../model/make-sbom.ts';
import { type SbomScore, scoreSbom } from './score.ts';

/**
 * Scores an SBOM as it lies in a file, ours or another tool's.
 * @throws SlipwayError SBOM_*, JSON_*
 */
export const scoreSbomFile = (bytes: Uint8Array, file: string): SbomScore => {
	const { root, part, epoch, author } = parseReadySbom(bytes, file);
	return scoreSbom(
		makeSbom({
			root: root ?? { type: 'application', name: file, hashes: [], links: [] },
			parts: [part],
			digest: createHash('sha256').update(bytes).digest('hex'),
			epoch,
			tool: { name: author, version: '' },
		}),
	);
};
