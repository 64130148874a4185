import { toPrintable } from '@slipway/core';
import { toStanza } from './deb822.ts';
import { toDebError } from './error.ts';
import { findCommonLicence, readLicenceText, toShortName } from './licence-text.ts';

/** What the copyright file is made of. */
export interface CopyrightFacts {
	readonly name: string;
	readonly homepage: string | undefined;
	/** SPDX licence expression. */
	readonly license: string;
	/** "2026 Ada Lovelace" where slipway.yml says it. */
	readonly copyright: string | undefined;
	/** Holder where neither slipway.yml nor the licence file says one. */
	readonly holder: string;
	/** Year of the released code, for such a holder. */
	readonly year: number;
}

const KEYWORD = /^(?:AND|OR|WITH|[()])$/;

/** Words and brackets of an SPDX expression (SPDX annex D), in order. */
const parseExpression = (license: string): string[] => {
	const tokens = license.match(/[()]|[^\s()]+/g) ?? [];
	const wrong = tokens.find((token) => !KEYWORD.test(token) && !/^[A-Za-z0-9][A-Za-z0-9.+-]*$/.test(token));
	const operands = tokens.filter((token) => !/^[()]$/.test(token));
	const alternates = operands.every((token, index) => /^(?:AND|OR|WITH)$/.test(token) === (index % 2 === 1));
	if (wrong === undefined && alternates && operands.length % 2 === 1 && operands[0] !== 'UNLICENSED')
		return tokens;
	throw toDebError(
		'DEB_METADATA_MISSING',
		`expected license as an SPDX expression such as "MIT" or "MIT OR Apache-2.0", got "${toPrintable(license, 100)}"`,
		'Write the SPDX id of the licence; LicenseRef-NAME names one of your own whose text is in LICENSES/LicenseRef-NAME.txt.',
	);
};

const toDebianExpression = (tokens: readonly string[]): string =>
	tokens
		.map((token, index) => {
			if (/^(?:AND|OR|WITH)$/.test(token)) return token.toLowerCase();
			if (tokens[index - 1] === 'WITH') return `${token} exception`;
			return KEYWORD.test(token) ? token : toShortName(token);
		})
		.join(' ')
		.replaceAll('( ', '(')
		.replaceAll(' )', ')');

/** A text as the further lines of a field (deb822(5)): a blank before each, " ." for an empty one. */
const toFieldLines = (text: string): string =>
	text
		.trim()
		.split('\n')
		.map((line) => (line.trim() === '' ? ' .' : ` ${line.trimEnd()}`))
		.join('\n');

const toPointer = (file: string): string =>
	` On Debian systems the full text of this licence is in the file\n /usr/share/common-licenses/${file}.`;

const MAX_HOLDER_LINE = 300;
const HOLDER = /^copyright[ \t]+(?:\(c\)|©)?[ \t]*(\d{4}.{2,200})$/i;

/**
 * The licence's own "Copyright YEAR HOLDER" lines; texts that are the same everywhere name other holders. Lines are
 * trimmed and capped before the pattern sees them, so that no run of blanks makes it slow (H9).
 */
const findHolders = (text: string): string[] =>
	text.split('\n').flatMap((line) => {
		const trimmed = line.trim();
		const holder = trimmed.length <= MAX_HOLDER_LINE ? HOLDER.exec(trimmed)?.[1] : undefined;
		return holder === undefined ? [] : holder.replace(/[,.]?[ \t]*all rights reserved\.?/i, '').trim();
	});

interface LicenceParagraph {
	readonly stanza: string;
	readonly holders: readonly string[];
}

const toParagraph = async (projectFolder: string, tokens: readonly string[]): Promise<LicenceParagraph> => {
	const [id = ''] = tokens;
	const name = toDebianExpression(tokens);
	const common = tokens.length === 1 ? findCommonLicence(id) : undefined;
	if (common) return { stanza: toStanza([['License', `${name}\n${toPointer(common)}`]]), holders: [] };
	const text = await readLicenceText(projectFolder, id);
	return { stanza: toStanza([['License', `${name}\n${toFieldLines(text)}`]]), holders: findHolders(text) };
};

/** Each licence once, with its exception: [["MIT"], ["GPL-2.0-only", "WITH", "Classpath-exception-2.0"]]. */
const toLicences = (tokens: readonly string[]): string[][] => {
	const found = new Map<string, string[]>();
	for (const [index, token] of tokens.entries()) {
		if (KEYWORD.test(token) || tokens[index - 1] === 'WITH') continue;
		const licence = tokens[index + 1] === 'WITH' ? tokens.slice(index, index + 3) : [token];
		found.set(licence.join(' '), [...licence]);
	}
	return [...found.values()];
};

/**
 * The machine-readable copyright file (Debian copyright format 1.0): licences that every Debian system has are pointed
 * at, the text of others comes from the project.
 * @throws SlipwayError DEB_METADATA_MISSING, DEB_LICENSE_TEXT_MISSING, DEB_CONTROL_INVALID
 */
export const toCopyrightText = async (facts: CopyrightFacts, projectFolder: string): Promise<string> => {
	const tokens = parseExpression(facts.license);
	const paragraphs = await Promise.all(
		toLicences(tokens).map((licence) => toParagraph(projectFolder, licence)),
	);
	const holders = [...new Set(paragraphs.flatMap((paragraph) => paragraph.holders))];
	const fallback = holders.length > 0 ? holders : [`${facts.year} ${facts.holder}`];
	const header = toStanza([
		['Format', 'https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/'],
		['Upstream-Name', facts.name],
		...(facts.homepage ? [['Source', facts.homepage] as const] : []),
	]);
	const files = toStanza([
		['Files', '*'],
		['Copyright', facts.copyright ?? fallback.join('\n ')],
		['License', toDebianExpression(tokens)],
	]);
	return [header, files, ...paragraphs.map(({ stanza }) => stanza)].join('\n');
};
