import { parseJson, parseWith } from '@slipway/core';
import { type SbomCode, toSbomError } from '../code.ts';
import { LIMITS } from '../graph/limits.ts';
import { toLicenceReader } from '../licence/parse-licence.ts';
import { CycloneDxDocument } from './cyclonedx-schema.ts';
import { readCycloneDx } from './read-cyclonedx.ts';
import { readSpdx } from './read-spdx.ts';
import type { ReadySbom } from './ready-sbom.ts';
import { SpdxInput } from './spdx-schema.ts';

const HINT = 'Let the build command write CycloneDX 1.2 to 1.7 or SPDX 2.2 or 2.3, as JSON.';

/**
 * Reads an SBOM that another tool made: CycloneDX or SPDX JSON, by what it says it is.
 * @param file for messages
 * @throws SlipwayError SBOM_MERGE_INVALID, SBOM_REFERENCE_DANGLING, SBOM_NAME_INVALID, SBOM_TOO_LARGE, JSON_*
 */
export const parseReadySbom = (bytes: Uint8Array | string, file: string): ReadySbom => {
	const json = parseJson(bytes, file, { maxBytes: LIMITS.bytes });
	const failure = { code: 'SBOM_MERGE_INVALID' satisfies SbomCode, what: file, hint: HINT };
	const reading = { file, readLicence: toLicenceReader() };
	if (json !== null && typeof json === 'object' && 'bomFormat' in json)
		return readCycloneDx(parseWith(CycloneDxDocument, json, failure), reading);
	if (json !== null && typeof json === 'object' && 'spdxVersion' in json)
		return readSpdx(parseWith(SpdxInput, json, failure), reading);
	throw toSbomError(
		'SBOM_MERGE_INVALID',
		`${file}: expected an SBOM with bomFormat or spdxVersion, got neither`,
	);
};
