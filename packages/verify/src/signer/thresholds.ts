import type { Policy, Signer } from '@slipway/core/policy';
import { toRefusal } from '../error.ts';
import type { Evidence } from '../signature/evidence.ts';

const WITNESSES = {
	'transparency-logs': 'entries in different transparency logs',
	timestamps: 'timestamps of different authorities',
	'certificate-logs': 'certificate logs',
} as const;
type Witness = keyof typeof WITNESSES;

/** What this signer needs: its own thresholds, else those of the policy for certificates, and none for keys. */
const toNeeded = (signer: Signer, policy: Policy, witness: Witness): number => {
	if ('issuer' in signer) return signer.thresholds[witness] ?? policy.thresholds[witness];
	return witness === 'certificate-logs' ? 0 : (signer.thresholds[witness] ?? 0);
};

/** @throws SlipwayError VERIFY_THRESHOLD_UNMET */
export const checkThresholds = (signer: Signer, policy: Policy, { counts }: Evidence): void => {
	for (const [witness, what] of Object.entries(WITNESSES) as [Witness, string][]) {
		const needed = toNeeded(signer, policy, witness);
		if (counts[witness] < needed)
			throw toRefusal('VERIFY_THRESHOLD_UNMET', `expected ${needed} ${what}, got ${counts[witness]}`);
	}
};
