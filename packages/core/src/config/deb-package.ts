import * as v from 'valibot';
import { findPathProblem } from '../path.ts';

/** One line of a control field: no control characters, so that no value can start a new field or stanza (deb822(5)). */
const Line = v.pipe(
	v.string(),
	v.minLength(1),
	v.maxLength(4096),
	v.regex(/^[^\p{Cc}\p{Zl}\p{Zp}]+$/u, 'expected one line without control characters'),
	v.check((text) => text.trim() === text, 'expected no blanks at either end'),
);

/** Debian Policy 5.6.7, 7.1: `name (>= version) | other, …` */
const Relation = v.pipe(
	Line,
	v.regex(/^[a-z0-9${][^,\n]*$/, 'expected one relation such as "nodejs (>= 18)"'),
);

const InstallPath = v.pipe(
	v.string(),
	v.check(
		(path) => path.startsWith('/') && findPathProblem(path.slice(1)) === undefined,
		'expected an absolute path such as /usr/bin/greet',
	),
);

const Mode = v.pipe(v.string(), v.regex(/^0?[0-7]{3}$/, 'expected an octal mode such as "0755"'));

/** One file, or every file of a folder, inside the project. */
const PackageFile = v.strictObject({
	source: v.pipe(v.string(), v.minLength(1), v.description('A file or folder in the project.')),
	target: v.pipe(InstallPath, v.description('Where it is installed. A folder keeps its structure below it.')),
	mode: v.optional(
		v.pipe(Mode, v.description('Default: 0755 where the owner may execute the source, else 0644.')),
	),
});

/** One Debian package to make. Fields that are missing here are read from package.json where it has them. */
export const DebPackage = v.strictObject({
	name: v.pipe(
		v.string(),
		v.regex(/^[a-z0-9][a-z0-9+.-]+$/, 'expected a Debian package name (Policy 5.6.1)'),
		v.maxLength(128),
	),
	architecture: v.pipe(
		v.string(),
		v.regex(/^[a-z0-9-]+$/, 'expected "all", "native" or a Debian architecture'),
		v.description('"all", "native" (the machine that builds), or a Debian architecture such as amd64.'),
	),
	revision: v.optional(
		v.pipe(v.string(), v.regex(/^[A-Za-z0-9+.~]+$/), v.description('Debian revision.')),
		'1',
	),
	epoch: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2_147_483_647))),
	supersedes: v.optional(
		v.pipe(
			v.string(),
			v.description(
				'An older release whose code this one carries under a higher version: 1.1.0 gives 1.2.0+really1.1.0-1.',
			),
		),
	),
	summary: v.optional(v.pipe(Line, v.maxLength(80))),
	description: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(65_536))),
	maintainer: v.optional(v.pipe(Line, v.regex(/^[^<>]+ <[^<>\s]+@[^<>\s]+>$/, 'expected "Name <address>"'))),
	homepage: v.optional(v.pipe(Line, v.url())),
	license: v.optional(v.pipe(Line, v.description('SPDX licence expression.'))),
	copyright: v.optional(v.pipe(Line, v.description('For example "2026 Ada Lovelace".'))),
	section: v.optional(v.pipe(v.string(), v.regex(/^[a-z0-9/-]+$/)), 'utils'),
	priority: v.optional(v.picklist(['required', 'important', 'standard', 'optional', 'extra']), 'optional'),
	depends: v.optional(v.array(Relation), []),
	'pre-depends': v.optional(v.array(Relation), []),
	recommends: v.optional(v.array(Relation), []),
	suggests: v.optional(v.array(Relation), []),
	conflicts: v.optional(v.array(Relation), []),
	breaks: v.optional(v.array(Relation), []),
	replaces: v.optional(v.array(Relation), []),
	provides: v.optional(v.array(Relation), []),
	files: v.pipe(v.array(PackageFile), v.minLength(1, 'expected at least one file')),
	links: v.optional(
		v.pipe(v.record(InstallPath, v.string()), v.description('Symbolic links: where: to what.')),
		{},
	),
	scripts: v.optional(
		v.pipe(
			v.strictObject({
				preinst: v.optional(v.string()),
				postinst: v.optional(v.string()),
				prerm: v.optional(v.string()),
				postrm: v.optional(v.string()),
			}),
			v.description('Maintainer scripts, files in the project.'),
		),
		{},
	),
	compression: v.optional(
		v.pipe(
			v.picklist(['gzip', 'zstd', 'xz']),
			v.description('xz needs the xz command; zstd needs dpkg >= 1.21.18 at users.'),
		),
		'zstd',
	),
});
export type DebPackage = v.InferOutput<typeof DebPackage>;
