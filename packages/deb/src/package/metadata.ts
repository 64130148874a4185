import { toPrintable } from '@slipway/core';
import type { DebPackage } from '@slipway/core/config';
import { toSynopsis } from './description.ts';
import { toDebError } from './error.ts';
import type { PackageJson } from './package-json.ts';

/** What a package says about itself, from slipway.yml and, where that is silent, from package.json. */
export interface Metadata {
	readonly summary: string;
	readonly description: string;
	/** `Name <address>` */
	readonly maintainer: string;
	readonly homepage: string | undefined;
	/** SPDX licence expression. */
	readonly license: string;
	/** Holder without year, for want of a better source. */
	readonly author: string | undefined;
}

type Definition = Pick<
	DebPackage,
	'name' | 'summary' | 'description' | 'maintainer' | 'homepage' | 'license'
>;

const MAINTAINER = /^([^<>]+) <([^<>@\s]+@[^<>\s]+)>$/;

const toMaintainer = ({ author }: PackageJson): string | undefined => {
	const text = `${author?.name.trim()} <${author?.email?.trim()}>`;
	return author?.name && MAINTAINER.test(text) ? text : undefined;
};

/** npm init writes the repository's page with "#readme"; that is the same page. */
const toPage = (url: string): string => url.replace(/#readme$/, '').replace(/\/$/, '');

const toLicences = (expression: string): string[] =>
	expression.split(/[\s()]+/).filter((word) => word !== '');

const CONFLICTS: Readonly<
	Record<'license' | 'homepage' | 'maintainer', (ours: string, theirs: string) => boolean>
> = {
	/** One package of several may carry a part of the project's licences. */
	license: (ours, theirs) => toLicences(ours).some((licence) => !toLicences(theirs).includes(licence)),
	homepage: (ours, theirs) => toPage(ours) !== toPage(theirs),
	/** Another person may well maintain the package; one person with two addresses or names is a mistake. */
	maintainer: (ours, theirs) => {
		const [, name, address] = MAINTAINER.exec(ours) ?? [];
		const [, otherName, otherAddress] = MAINTAINER.exec(theirs) ?? [];
		return (name === otherName) !== (address === otherAddress);
	},
};

const checkConflicts = (definition: Definition, packageJson: PackageJson): void => {
	const theirs = { ...packageJson, maintainer: toMaintainer(packageJson) };
	const found = (['license', 'homepage', 'maintainer'] as const).flatMap((field) => {
		const [a, b] = [definition[field], theirs[field]];
		if (a === undefined || b === undefined || !CONFLICTS[field](a, b)) return [];
		return [
			`${field}: slipway.yml says "${toPrintable(a, 200)}", package.json says "${toPrintable(b, 200)}"`,
		];
	});
	if (found.length === 0) return;
	throw toDebError(
		'DEB_METADATA_CONFLICT',
		`${definition.name}: one fact stands in two places and differs:\n  ${found.join('\n  ')}`,
		'Remove it from slipway.yml (package.json is read then), or make both equal.',
	);
};

const toMissing = (name: string, fields: readonly string[]) =>
	toDebError(
		'DEB_METADATA_MISSING',
		`${name}: expected ${fields.join(' and ')}, found none`,
		`Write it under "deb", in the entry "name: ${name}" of slipway.yml, or in package.json.`,
	);

const WHERE = {
	summary: 'summary (one line of at most 80 characters; package.json: description)',
	maintainer: 'maintainer ("Name <address>"; package.json: author with an address)',
	license: 'license (an SPDX expression; package.json: license)',
} as const;

/** Policy 3.4.2 wants more than the synopsis again; this much is true of every package made here. */
const toLongText = (summary: string, description: string | undefined): string => {
	const text = (description ?? summary).trim();
	return `${text}${/[.!?]$/.test(text) ? '' : '.'}\n\nThis package is made and released by the project itself.`;
};

/** Policy 3.4.1 and the lists that show the synopsis do without an article in front. */
const toSummary = (description: string | undefined): string | undefined =>
	toSynopsis((description ?? '').replace(/^\s*(?:an?|the)\s+/i, ''));

/**
 * Joins what slipway.yml and package.json say about one package.
 * @throws SlipwayError DEB_METADATA_CONFLICT showing both values, DEB_METADATA_MISSING naming each field and its place
 */
export const toMetadata = (definition: Definition, packageJson: PackageJson): Metadata => {
	checkConflicts(definition, packageJson);
	const summary = definition.summary ?? toSummary(packageJson.description);
	const maintainer = definition.maintainer ?? toMaintainer(packageJson);
	const license = definition.license ?? (packageJson.license?.trim() || undefined);
	if (summary === undefined || maintainer === undefined || license === undefined) {
		const found = { summary, maintainer, license };
		const fields = (['summary', 'maintainer', 'license'] as const).filter((name) => !found[name]);
		throw toMissing(
			definition.name,
			fields.map((name) => WHERE[name]),
		);
	}
	return {
		summary,
		maintainer,
		license,
		description: definition.description ?? toLongText(summary, packageJson.description),
		homepage: definition.homepage ?? (packageJson.homepage?.trim() || undefined),
		author: packageJson.author?.name.trim() || undefined,
	};
};
