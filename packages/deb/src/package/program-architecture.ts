/** e_machine of ELF (System V ABI, chapter 4; elf.h), with word size and byte order: Debian architectures it can be. */
const MACHINES: Readonly<Record<string, readonly string[]>> = {
	'3/32/LE': ['i386'],
	'8/32/LE': ['mipsel'],
	'8/64/LE': ['mips64el'],
	'21/64/BE': ['ppc64'],
	'21/64/LE': ['ppc64el'],
	'22/64/BE': ['s390x'],
	'40/32/LE': ['armhf', 'armel'],
	'62/32/LE': ['x32'],
	'62/64/LE': ['amd64'],
	'183/64/LE': ['arm64'],
	'243/64/LE': ['riscv64'],
	'258/64/LE': ['loong64'],
};
const HEADER_BYTES = 20;

/** The Debian architectures that can run a program or library; undefined where the file is none, or of an unknown machine. */
export const findProgramArchitectures = (bytes: Uint8Array): readonly string[] | undefined => {
	if (bytes.length < HEADER_BYTES) return undefined;
	const header = Buffer.from(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
	if (header.toString('latin1', 0, 4) !== '\u007fELF') return undefined;
	const isLittle = header[5] === 1;
	const machine = isLittle ? header.readUInt16LE(18) : header.readUInt16BE(18);
	return MACHINES[`${machine}/${header[4] === 2 ? 64 : 32}/${isLittle ? 'LE' : 'BE'}`];
};
