import { toPurl } from '@slipway/core';
import { quote, toSbomError } from '../code.ts';
import { ROOT, type SbomPart } from '../model/part.ts';
import type { Component, DependencyKind, Scope } from '../model/sbom.ts';

/** Fields of a control file that name other packages (Debian Policy 7.1), and how much the package needs them. */
const FIELDS: ReadonlyMap<string, Scope> = new Map([
	['Pre-Depends', 'required'],
	['Depends', 'required'],
	['Recommends', 'optional'],
	['Suggests', 'optional'],
]);
const MAX_FIELD = 64 * 1024;
const MAX_RELATIONS = 5000;

/** `name:arch (>= 1.0) [amd64] <!nocheck>`, with single blanks; the brackets are those of Policy 7.1. */
const RELATION =
	/^([a-z0-9][a-z0-9+.-]{1,127})(?::([a-z0-9-]{1,64}))? ?(?:\( ?(<<|<=|=|>=|>>) ?([^\s()]{1,256}) ?\))? ?(?:\[[^\]]{0,512}\])? ?(?:<[^<>]{0,512}> ?){0,8}$/;

interface Relation {
	readonly name: string;
	/** `>= 2.34`; undefined where any version will do. */
	readonly version: string | undefined;
	readonly scope: Scope;
	/** As the field has it: `Depends: libc6 (>= 2.34)`. */
	readonly text: string;
}

const parseOne = (text: string, field: string, scope: Scope): Relation => {
	const [, name, , operator, version] = RELATION.exec(text.replace(/\s+/g, ' ')) ?? [];
	if (name === undefined)
		throw toSbomError('SBOM_SOURCE_INVALID', `expected a package in ${field}, got ${quote(text)}`);
	return {
		name,
		version: operator === undefined ? undefined : `${operator} ${version}`,
		scope,
		text: `${field}: ${text}`,
	};
};

/** Of alternatives (`a | b`) the first is what is installed by default. */
const parseField = (field: string, value: string): Relation[] => {
	if (value.length > MAX_FIELD)
		throw toSbomError('SBOM_TOO_LARGE', `expected ${field} of at most ${MAX_FIELD} characters`);
	const scope = FIELDS.get(field) ?? 'optional';
	return value
		.split(',')
		.map((relation) => relation.replaceAll(/\s+/g, ' ').trim())
		.filter((relation) => relation !== '')
		.flatMap((relation) =>
			relation
				.split('|')
				.map((text, index) => parseOne(text.trim(), field, index === 0 ? scope : 'optional')),
		);
};

const toComponent = ({ name, scope }: Relation, texts: readonly string[]): Component => ({
	ref: `deb:${name}`,
	type: 'library',
	name,
	purl: toPurl({ type: 'deb', name }),
	scope,
	hashes: [],
	links: [],
	external: true,
	properties: { 'slipway:deb:relation': texts.join('; ') },
});

const toKind = ({ scope }: Relation): DependencyKind => (scope === 'required' ? 'runtime' : 'optional');

/**
 * The packages that a .deb asks for. Which versions users get is decided on their machines: none is claimed, what is
 * asked for stands in a property.
 * @param fields of its control file by name
 * @throws SlipwayError SBOM_SOURCE_INVALID, SBOM_TOO_LARGE
 */
export const toRelationsPart = (fields: ReadonlyMap<string, string>): SbomPart => {
	const relations = [...FIELDS.keys()].flatMap((field) => parseField(field, fields.get(field) ?? ''));
	if (relations.length > MAX_RELATIONS)
		throw toSbomError(
			'SBOM_TOO_LARGE',
			`expected at most ${MAX_RELATIONS} relations, got ${relations.length}`,
		);
	const texts = new Map<string, string[]>();
	for (const { name, text } of relations) texts.set(name, [...(texts.get(name) ?? []), text]);
	return {
		components: relations.map((relation) => toComponent(relation, texts.get(relation.name) ?? [])),
		dependencies: relations.map((relation) => ({
			from: ROOT,
			to: `deb:${relation.name}`,
			kind: toKind(relation),
		})),
		complete: true,
		notes:
			relations.length === 0
				? []
				: ['Versions of the packages in Depends are chosen where the package is installed'],
	};
};
