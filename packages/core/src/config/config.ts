import * as v from 'valibot';
import { ProjectName } from '../manifest.ts';
import { Version } from '../version.ts';
import { DebPackage } from './deb-package.ts';

const Text = v.pipe(v.string(), v.minLength(1), v.maxLength(4096));

const Word = v.pipe(
	v.string(),
	v.maxLength(32_768),
	v.check((word) => !word.includes('\0'), 'has a NUL character'),
);

/** A program and its arguments, never a line for a shell. */
export const Command = v.pipe(
	v.tupleWithRest([Word], Word),
	v.description('A program and its arguments as a list, for example [npm, run, build]. No shell reads it.'),
);
export type Command = v.InferOutput<typeof Command>;

const Glob = v.pipe(
	Text,
	v.check(
		(glob) => !glob.startsWith('/') && !glob.split('/').includes('..'),
		'expected a pattern inside the project',
	),
);

const EnvironmentName = v.pipe(
	v.string(),
	v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected the name of an environment variable'),
);

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

const SecretSource = (what: string) =>
	v.pipe(
		v.strictObject({
			environment: v.optional(v.pipe(EnvironmentName, v.description(`Variable that holds ${what}.`))),
			file: v.optional(v.pipe(Text, v.description(`File that holds ${what}.`))),
			passphrase: v.optional(v.pipe(EnvironmentName, v.description('Variable that holds its passphrase.'))),
		}),
		v.check(
			(source) => (source.environment === undefined) !== (source.file === undefined),
			'expected one of environment and file',
		),
	);

/** How artifacts and stage records are signed. Without it a release is not signed, and says so. */
const Sign = v.strictObject({
	services: v.optional(
		v.pipe(
			Text,
			v.description(
				'A Sigstore SigningConfig v0.2 (JSON) that names the services. Default: the public instance.',
			),
		),
	),
	'trusted-root': v.optional(
		v.pipe(
			Text,
			v.description(
				'A Sigstore trusted root (JSON), to verify without a network. Default: the public one, through TUF.',
			),
		),
	),
	identity: v.optional(
		v.pipe(
			SecretSource('the OIDC token'),
			v.description("Where the identity token comes from. Default: the runner's OIDC service."),
		),
	),
	key: v.optional(
		v.pipe(
			SecretSource('the private key (PEM)'),
			v.description('A key of your own instead of an identity, where keyless signing is impossible.'),
		),
	),
	provenance: v.optional(
		v.pipe(
			v.picklist(['own', 'registry', 'none']),
			v.description(
				'npm provenance: own: the statement made here is passed as a file. registry: left to npm. none: without.',
			),
		),
		'own',
	),
	'github-attestations': v.optional(
		v.pipe(v.boolean(), v.description("Upload the bundles to GitHub's attestations API too.")),
		false,
	),
});
export type SignConfig = v.InferOutput<typeof Sign>;

/** slipway.yml. The one definition behind the type, the check and slipway.schema.json. */
export const Config = v.strictObject({
	project: v.optional(v.pipe(ProjectName, v.description("Default: package.json's name without its scope."))),
	version: v.optional(v.pipe(Version, v.description("Names the release. Default: package.json's version."))),
	build: v.optional(
		v.strictObject({
			commands: v.optional(
				v.pipe(v.array(Command), v.description('Run once, in order, in the project folder.')),
				[],
			),
			outputs: v.optional(
				v.pipe(
					v.array(Glob),
					v.description('Ready artifacts (.deb, .tgz and others) that the commands made.'),
				),
				[],
			),
		}),
		{},
	),
	npm: v.optional(
		v.pipe(
			v.strictObject({
				packages: v.optional(
					v.pipe(
						v.array(Glob),
						v.minLength(1),
						v.description('Folders with a package.json; globs are allowed.'),
					),
				),
			}),
			v.description(
				'Which npm packages to pack. Default: the project folder, where it has a public package.json.',
			),
		),
	),
	deb: v.optional(v.pipe(v.array(DebPackage), v.description('Debian packages to make.')), []),
	test: v.optional(
		v.pipe(
			v.array(Command),
			v.description(
				'Run in a clean folder into which the built artifacts are installed, before anything is uploaded.',
			),
		),
		[],
	),
	sbom: v.optional(
		v.strictObject({
			merge: v.optional(
				v.pipe(
					v.array(Glob),
					v.description(
						'Ready SBOMs (CycloneDX or SPDX JSON) that the build commands made, merged into ours.',
					),
				),
				[],
			),
		}),
		{ merge: [] },
	),
	sign: v.optional(
		v.pipe(Sign, v.description('How the release is signed. `{}`: keyless, at the public instance.')),
	),
	policy: v.optional(
		v.pipe(
			Text,
			v.description('What must hold before bytes leave. Default: slipway.policy.yml, where there is one.'),
		),
	),
	targets: v.optional(
		v.record(
			v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,31}$/, 'expected a short lower-case word')),
			TargetConfig,
		),
		{},
	),
	journal: v.optional(
		v.pipe(StoreLocation, v.description('Where plans and outcomes are recorded. Default: .slipway/journal.')),
		{ directory: '.slipway/journal' },
	),
	release: v.optional(
		v.strictObject({
			'on-failure': v.optional(
				v.pipe(
					v.picklist(['rollback', 'hold']),
					v.description(
						'When one target cannot be exposed: withdraw the others again, or hold everything as it is.',
					),
				),
				'rollback',
			),
		}),
		{ 'on-failure': 'rollback' },
	),
});
export type Config = v.InferOutput<typeof Config>;
