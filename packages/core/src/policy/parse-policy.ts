import { createHash } from 'node:crypto';
import { parseYaml } from '../yaml/parse-yaml.ts';
import { Policy } from './policy.ts';

export type PolicyCode = 'POLICY_INVALID' | 'POLICY_TOO_LARGE';

/** A policy with the digest of the bytes that it was read from: what Plans and summaries name. */
export interface PinnedPolicy {
	readonly policy: Policy;
	readonly digest: { readonly sha256: string };
	/** Where it came from, for people. */
	readonly from: string;
}

/**
 * Reads slipway.policy.yml under the same limits as slipway.yml. Every problem is reported at once, with line and column.
 * @throws SlipwayError POLICY_INVALID, POLICY_TOO_LARGE
 */
export const parsePolicy = (source: Uint8Array, from = 'slipway.policy.yml'): PinnedPolicy => ({
	policy: parseYaml(source, {
		schema: Policy,
		file: from,
		codes: { invalid: 'POLICY_INVALID', tooLarge: 'POLICY_TOO_LARGE' } satisfies Record<string, PolicyCode>,
		hint: `Correct ${from}; its first line can name slipway.policy.schema.json, with which editors check it while you type.`,
	}),
	digest: { sha256: createHash('sha256').update(source).digest('hex') },
	from,
});
