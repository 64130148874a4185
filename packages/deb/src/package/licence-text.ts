import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toDebError } from './error.ts';

/** SPDX ids, without "-only" and "-or-later", whose text every Debian system has below /usr/share/common-licenses. */
const COMMON: Readonly<Record<string, string>> = {
	'Apache-2.0': 'Apache-2.0',
	'Artistic-1.0-Perl': 'Artistic',
	'CC0-1.0': 'CC0-1.0',
	'GFDL-1.2': 'GFDL-1.2',
	'GFDL-1.3': 'GFDL-1.3',
	'GPL-1.0': 'GPL-1',
	'GPL-2.0': 'GPL-2',
	'GPL-3.0': 'GPL-3',
	'LGPL-2.0': 'LGPL-2',
	'LGPL-2.1': 'LGPL-2.1',
	'LGPL-3.0': 'LGPL-3',
	'MPL-1.1': 'MPL-1.1',
	'MPL-2.0': 'MPL-2.0',
};

/** The name of the file in /usr/share/common-licenses, or undefined. */
export const findCommonLicence = (spdxId: string): string | undefined =>
	Object.hasOwn(COMMON, toBaseId(spdxId)) ? COMMON[toBaseId(spdxId)] : undefined;

const toBaseId = (spdxId: string): string => spdxId.replace(/(?:-only|-or-later|\+)$/, '');

/** A licence's short name in the copyright format 1.0 of Debian, 7.1. */
export const toShortName = (spdxId: string): string => {
	if (spdxId === 'MIT') return 'Expat';
	const later = /(?:-or-later|\+)$/.test(spdxId) ? '+' : '';
	const base = toBaseId(spdxId);
	return `${/^(?:[AL]?GPL|GFDL)-/.test(base) ? base.replace(/\.0$/, '') : base}${later}`;
};

const MAX_BYTES = 256 * 1024;

const toNames = (spdxId: string): readonly RegExp[] => {
	const id = spdxId.replace(/[.+]/g, '\\$&');
	const short = id.replace(/-.*$/, '');
	return [
		new RegExp(`^licen[cs]e[-.](?:${id}|${short})(?:\\.(?:md|txt))?$`, 'i'),
		/^(?:licen[cs]e|copying)(?:\.(?:md|txt))?$/i,
	];
};

const readNames = async (folder: string): Promise<string[]> => {
	try {
		return (await readdir(folder)).sort();
	} catch {
		return [];
	}
};

/** Where the project keeps a licence's text: REUSE's LICENSES/ID.txt, LICENSE-MIT, LICENSE, COPYING. */
const findFile = async (projectFolder: string, spdxId: string): Promise<string | undefined> => {
	if ((await readNames(join(projectFolder, 'LICENSES'))).includes(`${spdxId}.txt`))
		return join(projectFolder, 'LICENSES', `${spdxId}.txt`);
	const names = await readNames(projectFolder);
	for (const pattern of toNames(spdxId)) {
		const name = names.find((candidate) => pattern.test(candidate));
		if (name !== undefined) return join(projectFolder, name);
	}
	return undefined;
};

/**
 * The text of a licence as the project has it, in UTF-8, with line feeds and without other control characters.
 * @throws SlipwayError DEB_LICENSE_TEXT_MISSING
 */
export const readLicenceText = async (projectFolder: string, spdxId: string): Promise<string> => {
	const hint = `Debian wants the text in the package (Policy 12.5): add a file LICENSE or LICENSES/${spdxId}.txt to the project.`;
	const path = await findFile(projectFolder, spdxId);
	if (path === undefined)
		throw toDebError(
			'DEB_LICENSE_TEXT_MISSING',
			`expected the text of licence ${spdxId}, found no file`,
			hint,
		);
	try {
		const bytes = await readFile(path);
		if (bytes.length > MAX_BYTES) throw new RangeError(`expected at most ${MAX_BYTES} bytes`);
		const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
		return text
			.replace(/\r\n?/g, '\n')
			.replace(/[\p{Zl}\p{Zp}]/gu, '\n')
			.replace(/(?![\n\t])\p{Cc}/gu, '');
	} catch (cause) {
		throw toDebError(
			'DEB_LICENSE_TEXT_MISSING',
			`expected the text of licence ${spdxId}, cannot read its file: ${(cause as Error).message}`,
			hint,
			cause,
		);
	}
};
