import * as v from 'valibot';

/** Each gate: what it looks at. Its verdict stands in the gate report under this id. */
export const GATE_IDS = [
	'vulnerabilities',
	'malware',
	'licences',
	'secrets',
	'package-diff',
	'provenance-regression',
	'rebuild',
	'metadata',
	'npm-files',
	'sbom-quality',
] as const;
export type GateId = (typeof GATE_IDS)[number];

const Level = v.picklist(['fail', 'warn', 'off']);
const level = (preset: v.InferOutput<typeof Level>) => v.optional(Level, preset);
const Text = v.pipe(v.string(), v.minLength(1), v.maxLength(2048));
const Day = v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}$/, 'expected a date (2026-01-31)'));

/** What each gate demands; `level` says what happens when it finds something. */
export const Gates = v.strictObject({
	vulnerabilities: v.optional(
		v.strictObject({
			level: level('fail'),
			severity: v.optional(v.picklist(['low', 'moderate', 'high', 'critical']), 'high'),
			/** An index made by `slipway gate index`, relative to slipway.yml: vulnerabilities and malware without a network. */
			database: v.optional(Text),
			/** Ask the npm registry's bulk advisories, with or without a database. */
			online: v.optional(v.boolean(), false),
			'max-age-hours': v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 48),
			'include-dev': v.optional(v.boolean(), false),
		}),
		{},
	),
	malware: v.optional(v.strictObject({ level: level('fail') }), {}),
	licences: v.optional(
		v.strictObject({
			level: level('warn'),
			/** SPDX expressions; empty: every known licence is fine. */
			allow: v.optional(v.array(Text), []),
		}),
		{},
	),
	secrets: v.optional(v.strictObject({ level: level('fail') }), {}),
	'package-diff': v.optional(
		v.strictObject({
			level: level('warn'),
			/** How many times larger than its predecessor a package may be. */
			'max-growth': v.optional(v.pipe(v.number(), v.minValue(1)), 3),
		}),
		{},
	),
	'provenance-regression': v.optional(v.strictObject({ level: level('fail') }), {}),
	rebuild: v.optional(v.strictObject({ level: level('warn') }), {}),
	metadata: v.optional(v.strictObject({ level: level('fail') }), {}),
	'npm-files': v.optional(v.strictObject({ level: level('fail') }), {}),
	'sbom-quality': v.optional(
		v.strictObject({
			level: level('warn'),
			/** Of 10. */
			'min-score': v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(10)), 8),
		}),
		{},
	),
});
export type Gates = v.InferOutput<typeof Gates>;

/** A finding that is accepted for a time: by whom, why, until when. It is part of the signed gate record. */
export const Override = v.strictObject({
	gate: v.picklist(GATE_IDS),
	/** Id of the finding (GHSA-…, a path, a package); default: every finding of the gate. */
	finding: v.optional(Text),
	by: Text,
	reason: v.pipe(Text, v.minLength(10, 'expected a reason of at least 10 characters')),
	date: Day,
	expires: Day,
});
export type Override = v.InferOutput<typeof Override>;
