import * as v from 'valibot';
import { PREDICATE_TYPES, type PredicateKind } from '../attestation/index.ts';
import { STAGES } from '../stage-record.ts';
import { Gates, Override } from './gates.ts';
import { Signer, Thresholds } from './signers.ts';

const Path = v.pipe(v.string(), v.minLength(1), v.maxLength(1024));

const MAX_ENTRIES = 1000;

/** Overrides that end before they begin excuse nothing; a typing error in a year would excuse for ever or never. */
const Overrides = v.pipe(
	v.array(
		v.pipe(
			Override,
			v.check(({ date, expires }) => date <= expires, 'expected `expires` on or after `date`'),
		),
	),
	v.maxLength(MAX_ENTRIES),
	v.description('Findings that are accepted for a time. They are part of the signed record of the gate.'),
);

const findRepeated = (names: readonly string[]): string | undefined =>
	names.find((name, index) => names.indexOf(name) !== index);

/** Messages say who signed by this name: two of one name would leave open who it was. */
const Signers = v.pipe(
	v.array(Signer),
	v.maxLength(MAX_ENTRIES),
	v.check((signers) => !findRepeated(signers.map(({ name }) => name)), 'two signers have the same name'),
	v.description('Who may sign. Whoever is not listed is refused.'),
);

/**
 * slipway.policy.yml: what must hold before bytes leave and when they are verified. Who may sign, how many witnesses a
 * signature needs, what each artifact must carry, and what the gates demand.
 */
export const Policy = v.strictObject({
	policy: v.pipe(v.literal(1), v.description('Version of this format.')),
	signers: v.optional(Signers, []),
	'trusted-root': v.optional(
		v.pipe(
			Path,
			v.description(
				'A Sigstore trusted root (JSON), relative to this file: whose certificates, logs and timestamps count. Default: the public instance.',
			),
		),
	),
	thresholds: v.optional(
		v.pipe(
			Thresholds,
			v.description(
				'How many independent witnesses a signature with a certificate needs. A key needs none unless this says so.',
			),
		),
		{},
	),
	require: v.optional(
		v.pipe(
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
			v.description('What a release must bring along.'),
		),
		{},
	),
	protected: v.optional(
		v.pipe(
			v.picklist(['required', 'warn']),
			v.description(
				'required: this policy must come from a protected ref, and the gates must have run under this very policy.',
			),
		),
		'warn',
	),
	branches: v.optional(
		v.pipe(
			v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(255))),
			v.minLength(1),
			v.maxLength(20),
			v.description(
				'On GitHub, a release must be built from a commit that one of these branches holds. Default: with `protected: required`, the default branch; else this is not asked for.',
			),
		),
	),
	gates: v.optional(
		v.pipe(
			Gates,
			v.description('What each gate demands; `level` says what happens when it finds something.'),
		),
		{},
	),
	overrides: v.optional(Overrides, []),
	vex: v.optional(
		v.pipe(
			v.array(Path),
			v.maxLength(MAX_ENTRIES),
			v.description('VEX documents (CycloneDX or OpenVEX), relative to this file.'),
		),
		[],
	),
	revocations: v.optional(
		v.pipe(
			v.array(Path),
			v.maxLength(MAX_ENTRIES),
			v.description('Signed revocation notices (bundles), relative to this file.'),
		),
		[],
	),
});
export type Policy = v.InferOutput<typeof Policy>;
