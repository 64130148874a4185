import type { PackedFile } from '../packed/packed-file.ts';

const MAGIC: readonly (readonly [kind: string, start: readonly number[]])[] = [
	['ELF', [0x7f, 0x45, 0x4c, 0x46]],
	['Mach-O', [0xfe, 0xed, 0xfa, 0xce]],
	['Mach-O', [0xfe, 0xed, 0xfa, 0xcf]],
	['Mach-O', [0xce, 0xfa, 0xed, 0xfe]],
	['Mach-O', [0xcf, 0xfa, 0xed, 0xfe]],
	['Mach-O or Java class', [0xca, 0xfe, 0xba, 0xbe]],
	['Windows', [0x4d, 0x5a]],
	['WebAssembly', [0x00, 0x61, 0x73, 0x6d]],
	['ar library', [0x21, 0x3c, 0x61, 0x72, 0x63, 0x68, 0x3e, 0x0a]],
];

/** What a machine would run of this file by itself, by its first bytes; undefined for everything else. */
export const findNativeKind = ({ bytes }: PackedFile): string | undefined =>
	MAGIC.find(([, start]) => start.every((byte, index) => bytes[index] === byte))?.[0];

const LONG_LINE = 5000;

/** Code in lines that nobody reads: minified, bundled or encoded. */
export const isUnreadable = ({ path, bytes }: PackedFile): boolean => {
	if (!/\.(?:[cm]?[jt]s|py|sh|rb|pl|php|lua)$/.test(path)) return false;
	let start = 0;
	for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
		if (end - start > LONG_LINE) return true;
		start = end + 1;
	}
	return bytes.length - start > LONG_LINE;
};
