import { SlipwayError } from '@slipway/core';
import type { GateRequest, SbomFile } from '@slipway/gate';

/** What the score says of one; an SBOM that cannot be scored is worth nothing. */
const toQuality = (
	{ bytes, path }: SbomFile,
	scoreSbomFile: typeof import('@slipway/sbom').scoreSbomFile,
): SbomFile['quality'] => {
	try {
		const { score, missing } = scoreSbomFile(bytes, path);
		return { score, missing };
	} catch (thrown) {
		if (thrown instanceof SlipwayError) return { score: 0, missing: [thrown.message] };
		throw thrown;
	}
};

/** The request with a score for each CycloneDX SBOM; SPDX says the same again. */
export const withQuality = async (request: GateRequest): Promise<GateRequest> => {
	if (request.sboms.length === 0 || request.policy.gates['sbom-quality'].level === 'off') return request;
	const { scoreSbomFile } = await import('@slipway/sbom');
	const sboms = request.sboms.map((file) =>
		file.format === 'cyclonedx' ? { ...file, quality: toQuality(file, scoreSbomFile) } : file,
	);
	return { ...request, sboms };
};
