import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artifact } from '@slipway/core';
import { BUNDLE_SUFFIX } from '@slipway/core/attestation';

const isOfArtifacts = (name: string): boolean =>
	name.endsWith(BUNDLE_SUFFIX) && !name.startsWith('stage-') && !name.startsWith('revocation-');

/**
 * The bundles of a Release folder that say they are about one artifact, records of stages apart; none where the Release is
 * not signed. Nothing is verified here.
 */
export const readAttestations = async (folder: string, { digest }: Artifact): Promise<Uint8Array[]> => {
	const names = await readdir(join(folder, 'attestations')).catch(() => []);
	const wanted = names.filter(isOfArtifacts).sort();
	if (wanted.length === 0) return [];
	const { claimsSubject } = await import('@slipway/verify');
	const bundles = await Promise.all(wanted.map((name) => readFile(join(folder, 'attestations', name))));
	return bundles.filter((bundle) =>
		claimsSubject(bundle, { sha256: digest.sha256, sha512: digest.sha512 ?? '' }),
	);
};
