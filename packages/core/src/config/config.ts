import * as v from 'valibot';
import { ProjectName } from '../manifest.ts';
import { Version } from '../version.ts';
import { DebPackage } from './deb-package.ts';
import { Sign } from './sign.ts';
import { StoreLocation, TargetConfig } from './targets.ts';
import { Text } from './text.ts';

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
