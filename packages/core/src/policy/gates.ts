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
const level = (preset: v.InferOutput<typeof Level>) =>
	v.optional(
		v.pipe(
			Level,
			v.description(
				'What an error of this gate does. fail: nothing leaves. warn: it is told. off: the gate does not look.',
			),
		),
		preset,
	);
const Text = v.pipe(v.string(), v.minLength(1), v.maxLength(2048));
const Day = v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}$/, 'expected a date (2026-01-31)'));

const Vulnerabilities = v.strictObject({
	level: level('fail'),
	severity: v.optional(
		v.pipe(
			v.picklist(['low', 'moderate', 'high', 'critical']),
			v.description(
				'From here on a vulnerability is an error; below it is told. One that nobody rated is an error.',
			),
		),
		'high',
	),
	database: v.optional(
		v.pipe(
			Text,
			v.description(
				'An index made by `slipway gate index`, relative to slipway.yml: vulnerabilities and malware without a network.',
			),
		),
	),
	online: v.optional(
		v.pipe(
			v.boolean(),
			v.description('Ask the npm registry for its advisories, beside the database or instead of one.'),
		),
		false,
	),
	'max-age-hours': v.optional(
		v.pipe(
			v.number(),
			v.integer(),
			v.minValue(1),
			v.maxValue(8760),
			v.description('How old the data of the database may be, in hours; older data is an error.'),
		),
		48,
	),
	'include-dev': v.optional(
		v.pipe(
			v.boolean(),
			v.description('Also what is only needed to build or test. Malware always counts there.'),
		),
		false,
	),
});

/** What each gate demands; `level` says what happens when it finds something. */
export const Gates = v.strictObject({
	vulnerabilities: v.optional(
		v.pipe(Vulnerabilities, v.description('Known vulnerabilities of the SBOM components.')),
		{},
	),
	malware: v.optional(
		v.pipe(
			v.strictObject({ level: level('fail') }),
			v.description('Packages listed as malware; asked where vulnerabilities are.'),
		),
		{},
	),
	licences: v.optional(
		v.pipe(
			v.strictObject({
				level: level('warn'),
				allow: v.optional(
					v.pipe(
						v.array(Text),
						v.maxLength(500),
						v.description('SPDX licences, each by its id. Default: every known licence is fine.'),
					),
					[],
				),
			}),
			v.description('Licences of the SBOM components that are shipped; one that is unknown is an error.'),
		),
		{},
	),
	secrets: v.optional(
		v.pipe(v.strictObject({ level: level('fail') }), v.description('Credentials in the packed bytes.')),
		{},
	),
	'package-diff': v.optional(
		v.pipe(
			v.strictObject({
				level: level('warn'),
				'max-growth': v.optional(
					v.pipe(
						v.number(),
						v.minValue(1),
						v.description('How many times larger than its predecessor a package may be.'),
					),
					3,
				),
			}),
			v.description(
				'What changed against the version that users have now: scripts, executables, dependencies, size.',
			),
		),
		{},
	),
	'provenance-regression': v.optional(
		v.pipe(
			v.strictObject({ level: level('fail') }),
			v.description('No version without the provenance that its predecessor had.'),
		),
		{},
	),
	rebuild: v.optional(
		v.pipe(
			v.strictObject({ level: level('warn') }),
			v.description('A second build (`slipway reproduce`) made the same bytes.'),
		),
		{},
	),
	metadata: v.optional(
		v.pipe(
			v.strictObject({ level: level('fail') }),
			v.description('The metadata of each package is what its format allows.'),
		),
		{},
	),
	'npm-files': v.optional(
		v.pipe(
			v.strictObject({ level: level('fail') }),
			v.description('An npm package holds what it names and nothing from outside of it.'),
		),
		{},
	),
	'sbom-quality': v.optional(
		v.pipe(
			v.strictObject({
				level: level('warn'),
				'min-score': v.optional(
					v.pipe(v.number(), v.minValue(0), v.maxValue(10), v.description('Of 10.')),
					8,
				),
			}),
			v.description('Each artifact has an SBOM that says enough (NTIA minimum elements, BSI TR-03183).'),
		),
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
