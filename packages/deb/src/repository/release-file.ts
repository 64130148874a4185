import { findPathProblem } from '@slipway/core';
import { findField, parseStanzas, type Stanza, toStanza } from '../package/deb822.ts';
import { toAptError } from './error.ts';

/** An index as a Release file lists it; size in bytes. */
export interface ListedFile {
	readonly size: number;
	readonly sha256: string;
}

/** What a Release file says (Debian repository format, 1.1). Times are milliseconds since 1970, of whole seconds. */
export interface Release {
	readonly suite: string;
	readonly codename: string;
	readonly origin: string;
	readonly label: string;
	readonly date: number;
	readonly validUntil: number | null;
	/** Counts the publishes of this suite; 0 where another tool wrote the file. */
	readonly serial: number;
	readonly architectures: readonly string[];
	readonly components: readonly string[];
	/** By path relative to the suite's folder. */
	readonly files: ReadonlyMap<string, ListedFile>;
	/** Pool files whose last stanza in this suite went with this Release. */
	readonly removed: readonly string[];
	/** Every other field, in order: kept as it is. */
	readonly others: readonly (readonly [name: string, value: string])[];
}

const SERIAL = 'Slipway-Serial';
const REMOVED = 'Slipway-Removed';
const MANAGED = new Set(
	[
		'Origin',
		'Label',
		'Suite',
		'Codename',
		'Date',
		'Valid-Until',
		'Architectures',
		'Components',
		'Acquire-By-Hash',
		SERIAL,
		REMOVED,
		'MD5Sum',
		'SHA1',
		'SHA256',
		'SHA512',
	].map((name) => name.toLowerCase()),
);

const invalid = (problem: string) =>
	toAptError(
		'APT_RELEASE_INVALID',
		`the published Release file ${problem}`,
		'Slipway edits repositories of the Debian format with SHA256 sums; look at which tool wrote this one.',
	);

/** RFC 1123 in UTC, as apt reads it: `Thu, 21 Nov 2026 05:19:00 UTC`. */
const toDateText = (ms: number): string => new Date(ms).toUTCString().replace('GMT', 'UTC');

const parseDate = (stanza: Stanza, name: string): number | null => {
	const text = findField(stanza, name);
	if (text === undefined) return null;
	const ms = /(?:UTC|GMT|Z|[+-]0000)$/.test(text) ? Date.parse(text.replace(/UTC$/, 'GMT')) : Number.NaN;
	if (Number.isNaN(ms))
		throw invalid(`has ${name} ${JSON.stringify(text.slice(0, 60))}, expected a date in UTC`);
	return ms;
};

const toWords = (text = ''): string[] => text.split(/\s+/).filter((word) => word !== '');

const parseFiles = (stanza: Stanza): Map<string, ListedFile> => {
	const files = new Map<string, ListedFile>();
	for (const line of (findField(stanza, 'SHA256') ?? '').split('\n').filter((text) => text.trim() !== '')) {
		const [, sha256 = '', size = '', path = ''] =
			/^\s*([0-9a-f]{64})\s+(\d{1,15})\s+(\S+)\s*$/.exec(line) ?? [];
		const problem = findPathProblem(path);
		if (problem) throw invalid(`lists a file that ${problem}`);
		files.set(path, { sha256, size: Number(size) });
	}
	return files;
};

const parseSerial = (stanza: Stanza): number => {
	const text = findField(stanza, SERIAL) ?? '0';
	if (!/^\d{1,12}$/.test(text)) throw invalid(`has ${SERIAL} ${JSON.stringify(text.slice(0, 40))}`);
	return Number(text);
};

/**
 * Reads the text of a Release file that has been verified.
 * @throws SlipwayError APT_RELEASE_INVALID, DEB_STANZA_INVALID
 */
export const parseRelease = (text: string): Release => {
	const [stanza, ...more] = parseStanzas(text, 'the Release file');
	if (!stanza || more.length > 0) throw invalid('does not have exactly one stanza');
	const date = parseDate(stanza, 'Date');
	if (date === null) throw invalid('has no Date');
	const suite = findField(stanza, 'Suite') ?? '';
	return {
		suite,
		codename: findField(stanza, 'Codename') ?? suite,
		origin: findField(stanza, 'Origin') ?? '',
		label: findField(stanza, 'Label') ?? '',
		date,
		validUntil: parseDate(stanza, 'Valid-Until'),
		serial: parseSerial(stanza),
		architectures: toWords(findField(stanza, 'Architectures')),
		components: toWords(findField(stanza, 'Components')),
		files: parseFiles(stanza),
		removed: toWords(findField(stanza, REMOVED)),
		others: [...stanza].filter(([name]) => !MANAGED.has(name.toLowerCase())),
	};
};

const toList = (lines: readonly string[]): string => lines.map((line) => `\n ${line}`).join('');

/**
 * The text of a Release file: SHA256 only (a second hash would have to be served by-hash too), by-hash, fields of
 * others kept. Files are listed by path, so that equal contents give equal texts.
 */
export const toRelease = (release: Release): string => {
	const files = [...release.files]
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([path, { sha256, size }]) => `${sha256} ${size} ${path}`);
	const fields: (readonly [string, string | undefined])[] = [
		['Origin', release.origin],
		['Label', release.label],
		['Suite', release.suite],
		['Codename', release.codename],
		['Date', toDateText(release.date)],
		['Valid-Until', release.validUntil === null ? undefined : toDateText(release.validUntil)],
		['Architectures', release.architectures.join(' ')],
		['Components', release.components.join(' ')],
		['Acquire-By-Hash', 'yes'],
		...release.others,
		[SERIAL, String(release.serial)],
		[REMOVED, release.removed.length > 0 ? toList(release.removed) : undefined],
		['SHA256', toList(files)],
	];
	return toStanza(fields.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
};
