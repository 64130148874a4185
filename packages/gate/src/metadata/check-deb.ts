import { parsePurl } from '@slipway/core';
import type { PackedDeb } from '../packed/packed.ts';
import { error, type Problem, quote, warning } from './problem.ts';

const HINT = 'Build the package again with a tool that follows Debian Policy chapter 5.';

/** Policy 5.3: mandatory in a binary package's control file. */
const MANDATORY = ['package', 'version', 'architecture', 'maintainer', 'description'];

/** What a field has to look like, in one line (Policy 5.6). Bounded, and without choices that overlap. */
const FORMS: readonly (readonly [field: string, form: RegExp, expected: string])[] = [
	['package', /^[a-z0-9][a-z0-9+.-]{1,127}$/, 'lower-case letters, digits and + - ., at least two'],
	['version', /^(?:\d{1,9}:)?\d[A-Za-z0-9.+~-]{0,255}$/, 'a Debian version such as 1.2.0-1'],
	['architecture', /^(?:all|[a-z0-9][a-z0-9-]{0,63})$/, 'one architecture or "all"'],
	['maintainer', /^[^<>\n]{1,200} <[^<>@\s]{1,100}@[^<>@\s]{1,200}>$/, 'NAME <MAIL>'],
	['source', /^[a-z0-9][a-z0-9+.-]{1,127}(?: \([^()\n]{1,255}\))?$/, 'the name of a source package'],
	['section', /^[a-z0-9+.-]{1,40}(?:\/[a-z0-9+.-]{1,40})?$/, 'a section'],
	['priority', /^(?:required|important|standard|optional|extra)$/, 'a priority'],
	['multi-arch', /^(?:no|same|foreign|allowed)$/, 'no, same, foreign or allowed'],
	['essential', /^(?:yes|no)$/, 'yes or no'],
	['installed-size', /^\d{1,12}$/, 'a number of kibibytes'],
	['homepage', /^https?:\/\/[^\s<>]{1,2000}$/, 'an http or https address'],
];

/** Written by the archive that serves a package; inside it they would speak for the archive. */
const OF_THE_ARCHIVE = ['filename', 'size', 'md5sum', 'sha1', 'sha256', 'sha512', 'status', 'conffiles'];

const RELATIONS = [
	'depends',
	'pre-depends',
	'recommends',
	'suggests',
	'enhances',
	'conflicts',
	'breaks',
	'replaces',
	'provides',
];

/** Policy 7.1: NAME[:ARCH] [(OPERATOR VERSION)]. */
const RELATION =
	/^[a-z0-9][a-z0-9+.-]{0,127}(?::[a-z0-9-]{1,64})?(?: ?\((?:<<|<=|=|>=|>>) ?[A-Za-z0-9.+:~-]{1,256}\))?$/;

const checkFields = ({ control }: PackedDeb): readonly Problem[] => [
	...MANDATORY.filter((field) => !control.get(field)).map((field) =>
		error(field, `expected the field ${field} in the control file, found none`, HINT),
	),
	...FORMS.flatMap(([field, form, expected]) => {
		const value = control.get(field);
		if (!value || form.test(value)) return [];
		return [error(field, `${field}: expected ${expected}, got ${quote(value)}`, HINT)];
	}),
	...OF_THE_ARCHIVE.filter((field) => control.has(field)).map((field) =>
		error(field, `the control file has ${field}, which only an archive may write`, HINT),
	),
];

const checkRelations = ({ control }: PackedDeb): readonly Problem[] =>
	RELATIONS.flatMap((field) => {
		const value = control.get(field);
		if (value === undefined || value === '') return [];
		const relations = value.split(/[,|]/).map((text) => text.trim().replace(/\s+/g, ' '));
		const bad = relations.find((relation) => !RELATION.test(relation));
		return bad === undefined ? [] : [error(field, `${field}: ${quote(bad)} is no relation`, HINT)];
	});

const checkIdentity = ({ artifact, control }: PackedDeb): readonly Problem[] => {
	const { name, version = '', qualifiers = {} } = parsePurl(artifact.purl);
	const pairs = [
		['package', name],
		['version', version],
		['architecture', qualifiers.arch],
	] as const;
	return pairs.flatMap(([field, expected]) => {
		const found = control.get(field);
		if (expected === undefined || found === expected) return [];
		const message = `expected ${field} ${quote(expected)}, got ${quote(found ?? '')}`;
		return [
			error(`${field}:purl`, message, 'Build again: the manifest and the package inside do not agree.'),
		];
	});
};

/** Belongs to the administrator or to nobody (Policy 9.1.2, Filesystem Hierarchy Standard). */
const NOT_OURS = /^(?:usr\/local|home|root|tmp|var\/tmp|var\/run|run|proc|sys|dev|mnt|media)(?:\/|$)/;

const checkPaths = ({ files }: PackedDeb): readonly Problem[] => {
	const foreign = files.find(({ path }) => NOT_OURS.test(path));
	if (!foreign) return [];
	const message = `${quote(foreign.path)} lies where packages must not install anything`;
	return [error('path', message, 'Install it below /usr, /etc, /var/lib or /opt.')];
};

const checkCopyright = ({ files, control }: PackedDeb): readonly Problem[] => {
	const path = `usr/share/doc/${control.get('package')}/copyright`;
	if (files.some((file) => file.path === path)) return [];
	return [
		warning(
			'copyright',
			`expected ${quote(path)}, found none`,
			'Policy 12.5: every package says its licence.',
		),
	];
};

/** What a control file says, against Policy, the manifest and what is installed. */
export const checkDeb = (packed: PackedDeb): readonly Problem[] => [
	...checkFields(packed),
	...checkRelations(packed),
	...checkIdentity(packed),
	...checkPaths(packed),
	...checkCopyright(packed),
];
