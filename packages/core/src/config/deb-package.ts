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

/** A path in the project; a leading "./" and a final "/" are allowed. */
const ProjectPath = v.pipe(
	v.string(),
	v.check(
		(path) => findPathProblem(path.replace(/^\.\//, '').replace(/\/$/, '')) === undefined,
		'expected a file or folder inside the project, such as dist/greet.js',
	),
);

/** Where a symbolic link points: absolute, or relative to the folder of the link. */
const LinkTarget = v.pipe(
	v.string(),
	v.minLength(1),
	v.maxLength(1024),
	v.regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u, 'expected a path without control characters'),
);

const Mode = v.pipe(v.string(), v.regex(/^0?[0-7]{3}$/, 'expected an octal mode such as "0755"'));

/** One file, or every file of a folder, inside the project. */
const PackageFile = v.strictObject({
	source: v.pipe(ProjectPath, v.description('A file or folder in the project.')),
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
		v.description('Name of the Debian package.'),
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
	epoch: v.optional(
		v.pipe(
			v.number(),
			v.integer(),
			v.minValue(0),
			v.maxValue(2_147_483_647),
			v.description(
				'Put before the version (1:1.2.0-1) after the numbering began anew; it can never go away again.',
			),
		),
	),
	supersedes: v.optional(
		v.pipe(
			v.string(),
			v.description(
				'An older release whose code this one carries under a higher version: 1.1.0 gives 1.2.0+really1.1.0-1.',
			),
		),
	),
	summary: v.optional(
		v.pipe(
			Line,
			v.maxLength(80),
			v.description(
				"One line of at most 80 characters. Default: package.json's description where it is that short.",
			),
		),
	),
	description: v.optional(
		v.pipe(
			v.string(),
			v.minLength(1),
			v.maxLength(65_536),
			v.description('The long text: paragraphs parted by empty lines; indented lines stay as they are.'),
		),
	),
	maintainer: v.optional(
		v.pipe(
			Line,
			v.regex(/^[^<>]+ <[^<>@\s]+@[^<>\s]+>$/, 'expected "Name <address>"'),
			v.description('Name <address>. Default: the author of package.json.'),
		),
	),
	homepage: v.optional(v.pipe(Line, v.url(), v.description('Default: homepage of package.json.'))),
	license: v.optional(
		v.pipe(Line, v.description('SPDX licence expression. Default: license of package.json.')),
	),
	copyright: v.optional(
		v.pipe(
			Line,
			v.description(
				'Year and holder, for example "2026 Ada Lovelace". Default: what the licence file says, or the author.',
			),
		),
	),
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
		v.pipe(
			v.record(InstallPath, LinkTarget),
			v.description(
				'Symbolic links, each as PATH: TARGET, for example /usr/bin/greet: ../lib/greet/greet.js.',
			),
		),
		{},
	),
	scripts: v.optional(
		v.pipe(
			v.strictObject({
				preinst: v.optional(ProjectPath),
				postinst: v.optional(ProjectPath),
				prerm: v.optional(ProjectPath),
				postrm: v.optional(ProjectPath),
			}),
			v.description('Maintainer scripts (Policy 6): files in the project that start with #!.'),
		),
		{},
	),
	compression: v.optional(
		v.pipe(
			v.picklist(['gzip', 'zstd', 'xz']),
			v.description(
				'gzip installs everywhere; zstd is smaller and faster but needs dpkg >= 1.21.18 (Debian 12, Ubuntu 18.04); xz is the smallest and needs the xz command here.',
			),
		),
		'gzip',
	),
});
export type DebPackage = v.InferOutput<typeof DebPackage>;
