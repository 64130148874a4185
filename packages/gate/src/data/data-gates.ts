import type { AdvisorySource } from '../advisories/source.ts';
import type { Gate, GateRequest } from '../gate.ts';
import { licencesGate } from './licences.ts';
import { malwareGate } from './malware.ts';
import { openReleaseData } from './release-data.ts';
import { sbomQualityGate } from './sbom-quality.ts';
import { vulnerabilitiesGate } from './vulnerabilities.ts';

/** The gates whose evidence ages: what was harmless yesterday may be known by now. They look at one Release, once. */
export const toAgeingGates = (
	request: Pick<GateRequest, 'sboms'>,
	sources: readonly AdvisorySource[],
): Gate[] => {
	const data = openReleaseData(request, sources);
	return [vulnerabilitiesGate(data), malwareGate(data)];
};

/** The gates that look at what SBOMs and databases say. They look at one Release, once. */
export const toDataGates = (
	request: Pick<GateRequest, 'sboms'>,
	sources: readonly AdvisorySource[],
): Gate[] => {
	const data = openReleaseData(request, sources);
	return [vulnerabilitiesGate(data), malwareGate(data), licencesGate(data), sbomQualityGate()];
};
