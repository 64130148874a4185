import { RECEIVING_INPUTS, REPORT_OUTPUTS } from '@slipway/runner';

export const declaration = {
	inputs: { ...RECEIVING_INPUTS, outcomes: { kind: 'string' } },
	outputs: REPORT_OUTPUTS,
	releases: true,
	leaves: true,
} as const;
