import type { Release } from '@slipway/archive';
import type { PlannedEvidence } from '@slipway/release';
import { toEvidence } from './gate.ts';
import { readStoredReport } from './gate-files.ts';

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
