import * as v from 'valibot';
import { EnvironmentName, Text } from './text.ts';

/** Where a static repository or the journal lives. Relative paths are relative to slipway.yml. */
export const StoreLocation = v.pipe(
	v.strictObject({ directory: v.pipe(Text, v.description('A folder; created when it is missing.')) }),
	v.description('Where the files live.'),
);
export type StoreLocation = v.InferOutput<typeof StoreLocation>;

const Url = v.pipe(Text, v.url('expected a URL'), v.regex(/^https?:\/\//, 'expected an http or https URL'));

const NpmTarget = v.strictObject({
	type: v.literal('npm'),
	mode: v.optional(
		v.pipe(
			v.picklist(['auto', 'tag', 'stage', 'direct']),
			v.description(
				'tag: uploaded under a hidden dist-tag, then the default one moves. stage: a person approves each version. direct: public at once. auto: tag where the package exists, direct for its first version.',
			),
		),
		'auto',
	),
	registry: v.optional(v.pipe(Url, v.description('Default: `registry` of the npm configuration.'))),
	access: v.optional(v.picklist(['public', 'restricted']), 'public'),
});
export type NpmTarget = v.InferOutput<typeof NpmTarget>;

const SuiteName = v.pipe(
	v.string(),
	v.regex(/^[a-z0-9][a-z0-9.+-]*$/, 'expected lower-case letters, digits and . + -'),
	v.maxLength(64),
);

/** A machine's; "all" has no index of its own (Debian repository format, "Architectures"). */
const Architecture = v.pipe(
	v.string(),
	v.regex(/^[a-z0-9-]+$/, 'expected a Debian architecture such as amd64'),
	v.check(
		(name) => name !== 'all',
		'expected machines such as amd64, got all: packages for all are in every index anyway',
	),
);

const AptTarget = v.strictObject({
	type: v.literal('apt'),
	store: StoreLocation,
	url: v.pipe(Url, v.description('Where users (and verification) fetch the repository from.')),
	suite: v.optional(SuiteName, 'stable'),
	component: v.optional(SuiteName, 'main'),
	'prerelease-suite': v.optional(
		v.pipe(SuiteName, v.description('Where pre-releases go. Without it they are refused.')),
	),
	architectures: v.optional(v.pipe(v.array(Architecture), v.minLength(1)), ['amd64', 'arm64']),
	origin: v.pipe(Text, v.description('Set once and never changed: apt asks users to confirm a change.')),
	label: v.optional(v.pipe(Text, v.description('Default: origin. Set once and never changed.'))),
	description: v.optional(Text),
	'signing-key': v.pipe(
		v.strictObject({
			environment: v.optional(
				v.pipe(EnvironmentName, v.description('Variable that holds the armored private key.')),
			),
			file: v.optional(v.pipe(Text, v.description('File that holds the armored private key.'))),
			passphrase: v.optional(v.pipe(EnvironmentName, v.description('Variable that holds its passphrase.'))),
		}),
		v.check(
			(key) => (key.environment === undefined) !== (key.file === undefined),
			'expected one of environment and file',
		),
	),
	'trusted-keys': v.optional(
		v.pipe(
			v.array(Text),
			v.description('Files with further public keys that may have signed the repository so far (rotation).'),
		),
		[],
	),
	keep: v.optional(
		v.pipe(
			v.number(),
			v.integer(),
			v.minValue(1),
			v.description('Versions of each package that stay in the index.'),
		),
		5,
	),
	'valid-days': v.optional(
		v.pipe(
			v.number(),
			v.integer(),
			v.minValue(1),
			v.maxValue(365),
			v.description('Valid-Until; needs a scheduled re-sign.'),
		),
	),
});
export type AptTarget = v.InferOutput<typeof AptTarget>;

export const TargetConfig = v.variant('type', [NpmTarget, AptTarget]);
export type TargetConfig = v.InferOutput<typeof TargetConfig>;
