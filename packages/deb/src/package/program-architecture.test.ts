import { readFileSync } from 'node:fs';
import { toDebianArchitecture } from './architecture.ts';
import { findProgramArchitectures } from './program-architecture.ts';

const toElf = (machine: number, bits: 32 | 64, isLittle = true): Buffer => {
	const header = Buffer.alloc(64);
	header.write('\u007fELF', 'latin1');
	header[4] = bits === 64 ? 2 : 1;
	header[5] = isLittle ? 1 : 2;
	if (isLittle) header.writeUInt16LE(machine, 18);
	else header.writeUInt16BE(machine, 18);
	return header;
};

test.each([
	['a script', Buffer.from('#!/bin/sh\necho hello to all\n'), undefined],
	['a short file', Buffer.from('\u007fELF'), undefined],
	['an unknown machine', toElf(9999, 64), undefined],
	['arm64', toElf(183, 64), ['arm64']],
	['armhf or armel', toElf(40, 32), ['armhf', 'armel']],
	['s390x', toElf(22, 64, false), ['s390x']],
])('%s', (_name, bytes, expected) => {
	expect(findProgramArchitectures(bytes)).toEqual(expected);
});

test('node itself is for this machine where programs are ELF, and for none elsewhere', () => {
	const expected = process.platform === 'linux' ? [toDebianArchitecture('native')] : undefined;
	const found = findProgramArchitectures(readFileSync(process.execPath));
	expect(found).toEqual(expected && expect.arrayContaining(expected));
});

test.each([
	['all', 'x64', 'all'],
	['native', 'x64', 'amd64'],
	['native', 'arm', 'armhf'],
	['riscv64', 'x64', 'riscv64'],
])('%s on %s is %s', (architecture, machine, expected) => {
	expect(toDebianArchitecture(architecture, machine)).toBe(expected);
});

test.each([
	['any', 'x64'],
	['source', 'x64'],
	['linux-any', 'x64'],
	['any-amd64', 'x64'],
	['amd64 arm64', 'x64'],
	['native', 'toaster'],
	['native', 'constructor'],
])('%s on %s is refused', (architecture, machine) => {
	expect(() => toDebianArchitecture(architecture, machine)).toThrow(
		expect.objectContaining({ code: 'DEB_ARCHITECTURE_INVALID' }),
	);
});
