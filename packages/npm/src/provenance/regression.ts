import { type Finding, SlipwayError } from '@slipway/core';
import type { NpmCode } from '../code.ts';
import { toFinding } from '../publisher/findings.ts';
import type { Candidate } from '../publisher/release-checks.ts';
import { LATEST } from '../publisher/tags.ts';
import type { Target } from '../publisher/target.ts';
import { hadProvenance } from './verify-published.ts';

const HINTS: Readonly<Record<Target['provenanceMode'], string>> = {
	own: 'Sign the release first (`sign` in slipway.yml, `slipway sign`), on a machine that holds its bundles.',
	none: 'Take `provenance: none` out of `sign` in slipway.yml.',
	registry:
		'Nothing to do: it is looked for before the release is exposed. `provenance: own` does not leave it open.',
};

/** What signing wrote is something that npm takes. */
const readOwn = async (target: Target, { artifact }: Candidate) => {
	try {
		return { isThere: (await target.provenance(artifact)) !== undefined, findings: [] };
	} catch (error) {
		if (!(error instanceof SlipwayError)) throw error;
		const { code, message, hint } = error as SlipwayError<NpmCode>;
		return { isThere: true, findings: [toFinding('error', code, { message, hint })] };
	}
};

/** Users and tools that check provenance once refuse a version without it: a release never goes back on that. */
export const checkProvenance = async (target: Target, candidate: Candidate): Promise<readonly Finding[]> => {
	const { packageJson, packument, tag } = candidate;
	const { isThere, findings } = await readOwn(target, candidate);
	const before = [tag, LATEST].map((name) => packument?.tags.get(name) ?? null);
	if (isThere || !hadProvenance(packument, before)) return findings;
	const { provenanceMode: mode } = target;
	const version = before.find((one) => hadProvenance(packument, [one]));
	const message = `${packageJson.name}: ${version} was published with provenance, expected some for ${packageJson.version} too, got none`;
	const severity = mode === 'registry' ? 'warning' : 'error';
	return [toFinding(severity, 'NPM_PROVENANCE_REGRESSION', { message, hint: HINTS[mode] })];
};
