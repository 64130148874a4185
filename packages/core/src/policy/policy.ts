import * as v from 'valibot';
import { PREDICATE_TYPES, type PredicateKind } from '../attestation/index.ts';
import { STAGES } from '../stage-record.ts';
import { Gates, Override } from './gates.ts';
import { Signer, Thresholds } from './signers.ts';

const Path = v.pipe(v.string(), v.minLength(1), v.maxLength(1024));

/**
 * slipway.policy.yml: what must hold before bytes leave and when they are verified. Who may sign, how many witnesses a
 * signature needs, what each artifact must carry, and what the gates demand.
 */
export const Policy = v.strictObject({
	policy: v.pipe(v.literal(1), v.description('Version of this format.')),
	signers: v.optional(
		v.pipe(v.array(Signer), v.description('Who may sign. Whoever is not listed is refused.')),
		[],
	),
	thresholds: v.optional(Thresholds, {}),
	require: v.optional(
		v.strictObject({
			attestations: v.optional(
				v.pipe(
					v.array(v.picklist(Object.keys(PREDICATE_TYPES) as PredicateKind[])),
					v.description('What each artifact must carry, signed by one of the signers.'),
				),
				['provenance', 'sbom-cyclonedx', 'sbom-spdx'],
			),
			stages: v.optional(
				v.pipe(v.array(v.picklist(STAGES)), v.description('Stages whose signed record must be there.')),
				['build', 'sbom', 'sign'],
			),
		}),
		{},
	),
	protected: v.optional(
		v.pipe(
			v.picklist(['required', 'warn']),
			v.description(
				'Whether this policy must come from a protected ref and the release from a protected tag.',
			),
		),
		'warn',
	),
	gates: v.optional(Gates, {}),
	overrides: v.optional(v.array(Override), []),
	vex: v.optional(
		v.pipe(v.array(Path), v.description('VEX documents (CycloneDX or OpenVEX), relative to this file.')),
		[],
	),
	revocations: v.optional(
		v.pipe(v.array(Path), v.description('Signed revocation notices (bundles), relative to this file.')),
		[],
	),
});
export type Policy = v.InferOutput<typeof Policy>;
