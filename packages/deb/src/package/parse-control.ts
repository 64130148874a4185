import { toPrintable } from '@slipway/core';
import { ARCHITECTURE } from './architecture.ts';
import { PACKAGE_NAME } from './deb-name.ts';
import { findField, parseStanzas, type Stanza } from './deb822.ts';
import { parseDebianVersion } from './debian-version.ts';
import { toDebError } from './error.ts';

/** What a control file says, checked. */
export interface Control {
	readonly name: string;
	readonly version: string;
	/** "all" or one Debian architecture. */
	readonly architecture: string;
	readonly stanza: Stanza;
}

const MAX_BYTES = 1024 * 1024;
/** Policy 5.3: mandatory in a binary package's control file. */
const MANDATORY = ['Package', 'Version', 'Architecture', 'Maintainer', 'Description'] as const;
/** One line only (deb822(5): simple fields). */
const SIMPLE = [
	...MANDATORY.slice(0, 4),
	'Source',
	'Essential',
	'Installed-Size',
	'Section',
	'Priority',
	'Multi-Arch',
	'Homepage',
];
/** Written by the archive that serves a package; in a package they would contradict its index. */
const FOREIGN = ['Filename', 'Size', 'MD5sum', 'SHA1', 'SHA256', 'SHA512', 'Status', 'Conffiles'] as const;

const invalid = (problem: string) =>
	toDebError(
		'DEB_CONTROL_INVALID',
		`the control file ${problem}`,
		'Build the package again with a tool that follows Debian Policy chapter 5.',
	);

const checkFields = (stanza: Stanza): void => {
	const missing = MANDATORY.filter((name) => !findField(stanza, name));
	if (missing.length > 0) throw invalid(`has no ${missing.join(', ')}`);
	const folded = SIMPLE.find((name) => findField(stanza, name)?.includes('\n'));
	if (folded) throw invalid(`has more than one line in ${folded}`);
	const foreign = FOREIGN.find((name) => findField(stanza, name) !== undefined);
	if (foreign) throw invalid(`has the field ${foreign}, which only an archive may write`);
};

/** @throws SlipwayError DEB_CONTROL_INVALID where it does not match */
const readWord = (stanza: Stanza, name: string, pattern: RegExp): string => {
	const value = findField(stanza, name) ?? '';
	if (!pattern.test(value)) throw invalid(`has ${name} "${toPrintable(value, 80)}"`);
	return value;
};

/**
 * Reads the control file of a binary package: exactly one stanza, the mandatory fields, a name (Policy 5.6.1) and an
 * architecture that can be parts of a file name, a version that parses.
 * @throws SlipwayError DEB_CONTROL_INVALID, DEB_STANZA_INVALID, DEB_TOO_LARGE, DEB_VERSION_INVALID
 */
export const parseControl = (bytes: string | Uint8Array): Control => {
	const stanzas = parseStanzas(bytes, 'the control file', { maxBytes: MAX_BYTES });
	const [stanza] = stanzas;
	if (stanza === undefined || stanzas.length > 1) throw invalid(`has ${stanzas.length} stanzas, expected 1`);
	checkFields(stanza);
	const name = readWord(stanza, 'Package', PACKAGE_NAME);
	const architecture = readWord(stanza, 'Architecture', ARCHITECTURE);
	const version = readWord(stanza, 'Version', /^/);
	parseDebianVersion(version);
	return { name, version, architecture, stanza };
};
