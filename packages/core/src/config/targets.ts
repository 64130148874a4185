import * as v from 'valibot';
import { RelativePath } from '../path.ts';
import { EnvironmentName, Text } from './text.ts';

const BranchName = v.pipe(
	v.string(),
	v.regex(
		/^(?!.*(?:\.\.|\/\/|@\{|\.lock(?:\/|$)|\/\.|\.$|\/$))[A-Za-z0-9_][A-Za-z0-9._/-]{0,199}$/,
		'expected the name of a branch',
	),
);

const LOOPBACK = /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?\/?$/;

/** Of an S3-compatible server: nothing but its origin. A secret's signature goes there, so http is for this machine only. */
const Endpoint = v.pipe(
	Text,
	v.url('expected a URL'),
	v.check(
		(url) => /^https:\/\/[^/?#@\s]+\/?$/.test(url) || LOOPBACK.test(url),
		'expected https://HOST (http only on this machine), without a path, user name or password',
	),
);

/** Amazon S3 User Guide, "General purpose bucket naming rules". Credentials come from the environment alone. */
const Bucket = v.strictObject({
	bucket: v.pipe(
		v.string(),
		v.regex(/^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'expected the name of a bucket'),
		v.description(
			'A bucket of AWS S3 or an S3-compatible server that honours If-None-Match and If-Match. It must exist. Credentials: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN of the environment.',
		),
	),
	folder: v.optional(v.pipe(RelativePath, v.description('Folder in the bucket. Default: all of it.'))),
	endpoint: v.optional(
		v.pipe(Endpoint, v.description("Address of the server. Default: AWS's of the region.")),
	),
	region: v.optional(
		v.pipe(
			v.string(),
			v.regex(/^[a-z0-9-]{1,32}$/, 'expected the name of a region'),
			v.description('Default: AWS_REGION of the environment, else us-east-1.'),
		),
	),
});

/** Where a static repository or the journal lives. Relative paths are relative to slipway.yml. */
export const StoreLocation = v.pipe(
	v.union(
		[
			v.strictObject({ directory: v.pipe(Text, v.description('A folder; created when it is missing.')) }),
			v.strictObject({
				branch: v.pipe(
					BranchName,
					v.description('A branch that holds nothing else; created when it is missing.'),
				),
				remote: v.optional(
					v.pipe(
						Text,
						v.description(
							"A remote's name, or the address of a git repository. Default: origin of the clone.",
						),
					),
				),
				folder: v.optional(v.pipe(RelativePath, v.description('Folder in the branch. Default: all of it.'))),
			}),
			Bucket,
		],
		'expected `directory: FOLDER`, `branch: NAME` (with `remote` and `folder` if need be) or `bucket: NAME` (with `folder`, `endpoint` and `region` if need be)',
	),
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

const GithubTarget = v.strictObject({
	type: v.literal('github'),
	repository: v.optional(
		v.pipe(
			v.string(),
			v.regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9._-]{1,100}$/, 'expected OWNER/NAME'),
			v.description('Default: the repository of the run, or the one that the clone came from.'),
		),
	),
	api: v.optional(
		v.pipe(
			Url,
			v.description(
				'Address of the REST API. Default: GITHUB_API_URL, or that of the host the clone came from.',
			),
		),
	),
	'tag-prefix': v.optional(
		v.pipe(
			v.string(),
			v.regex(/^[A-Za-z0-9@][A-Za-z0-9@._/-]*$|^$/, 'expected the start of a tag'),
			v.maxLength(100),
			v.description('What stands before the version in the name of the tag.'),
		),
		'v',
	),
	notes: v.optional(
		v.pipe(
			v.strictObject({
				compatibility: v.optional(
					v.pipe(Text, v.description('What users have to know before they upgrade.')),
				),
				'known-issues': v.optional(v.pipe(Text, v.description('What is known to be wrong.'))),
			}),
			v.description('Sections of the release notes that no commit tells.'),
		),
		{},
	),
});
export type GithubTarget = v.InferOutput<typeof GithubTarget>;

export const TargetConfig = v.variant('type', [NpmTarget, AptTarget, GithubTarget]);
export type TargetConfig = v.InferOutput<typeof TargetConfig>;
