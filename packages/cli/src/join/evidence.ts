import type { Release } from '@slipway/archive';
import type { PlannedEvidence } from '@slipway/release';
import type { Gated } from './gate.ts';
import { readStoredReport } from './gate-files.ts';

/** An emergency ends with its release; a plan has a word for it where others have a day. */
const EMERGENCY_EXPIRES = 'this release';

/** What a plan keeps of the gates. */
export const toEvidence = ({ report, digest, policy }: Gated): PlannedEvidence => ({
	policy,
	report: digest.sha256,
	gates: report.verdicts.map(({ id, verdict, evidence, dataAge, overrides }) => ({
		id,
		verdict,
		evidence: evidence.map((each) => each.digest.sha256),
		dataAge,
		overrides: overrides.map(({ finding, by, reason, expires = EMERGENCY_EXPIRES }) => ({
			finding,
			by,
			reason,
			expires,
		})),
	})),
});

/**
 * What an earlier gate stage left in a Release, for the plan of a job that runs no gates itself; undefined where none ran.
 * @throws SlipwayError GATE_REFUSED where it refused
 */
export const readEvidence = async (release: Release): Promise<PlannedEvidence | undefined> => {
	const stored = await readStoredReport(release);
	if (!stored) return undefined;
	const { verifyGates } = await import('@slipway/gate');
	verifyGates(stored.report);
	const { policy } = stored.report;
	return toEvidence({ ...stored, policy: policy && { ...policy, from: 'gate/report.json' } });
};
