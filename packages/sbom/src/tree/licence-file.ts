import type { Licence } from '../model/sbom.ts';

const MAX_TEXT = 64 * 1024;

/** npm's documentation of `license`: the file lies at the top level of the package. */
const POINTER = /^SEE LICEN[SC]E IN ([^/\\]{1,100})$/i;

/** The file name that a licence statement points to. */
export const toLicenceFileName = (licence: Licence | undefined): string | undefined => {
	const name = licence?.kind === 'named' ? POINTER.exec(licence.name)?.[1]?.trim() : undefined;
	const file = name?.replace(/^<(.*)>$/, '$1');
	return file === undefined || file === '.' || file === '..' ? undefined : file;
};

/** The statement with the text that it points to. */
export const withLicenceText = (
	licence: Licence | undefined,
	read: (fileName: string) => Uint8Array | undefined,
): Licence | undefined => {
	const fileName = toLicenceFileName(licence);
	const bytes = fileName === undefined ? undefined : read(fileName);
	if (licence?.kind !== 'named' || bytes === undefined || bytes.length > MAX_TEXT) return licence;
	return { ...licence, text: new TextDecoder().decode(bytes) };
};
