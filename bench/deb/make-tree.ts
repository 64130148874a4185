import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const MEBIBYTE = 1024 * 1024;
const WORDS =
	'release package version target registry digest artifact of the and with that is for each when where which publish verify install remove upgrade system library configuration default option value returns error message file folder path name time size hash signature key index'.split(
		' ',
	);

/** Numbers below 2^32 that look random and are the same on every machine (xorshift32). */
const makeNumbers = (seed: number) => {
	let state = seed;
	return (): number => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return state >>> 0;
	};
};

type Numbers = ReturnType<typeof makeNumbers>;

const toText = (size: number, next: Numbers): Buffer => {
	const parts: string[] = [];
	for (let length = 0; length < size; ) {
		const end = next() % 12 === 0 ? `, ${next() % 10_000}.\n` : ' ';
		const word = `${WORDS[next() % WORDS.length]}${end}`;
		parts.push(word);
		length += word.length;
	}
	return Buffer.from(parts.join('').slice(0, size));
};

/** As machine code compresses: a small vocabulary of words of eight bytes, constants between them, and runs of zeros. */
const toProgram = (size: number, next: Numbers): Buffer => {
	const bytes = Buffer.alloc(size);
	const vocabulary = Array.from({ length: 4096 }, () => next());
	for (let offset = 0; offset + 8 <= size; offset += 8) {
		const kind = next() % 16;
		if (kind === 0) offset += 8 * (next() % 32);
		if (offset + 8 > size) break;
		bytes.writeUInt32LE(vocabulary[(next() >>> 4) % (kind < 8 ? 256 : 4096)] ?? 0, offset);
		bytes.writeUInt32LE(kind < 5 ? next() : next() % 4096, offset + 4);
	}
	return bytes;
};

const toNoise = (size: number, next: Numbers): Buffer => {
	const bytes = Buffer.alloc(size);
	for (let offset = 0; offset + 4 <= size; offset += 4) bytes.writeUInt32LE(next(), offset);
	return bytes;
};

/** [folder, files, bytes of each, how]: 100 MiB in 4,296 files. */
const KINDS = [
	['lib', 12, 4 * MEBIBYTE, toProgram],
	['share/text', 20, MEBIBYTE, toText],
	['share/modules', 4000, 4096, toText],
	['share/images', 264, 64 * 1024, toNoise],
] as const;

/** Writes the same 100 MiB below a folder on every machine: programs, texts, many small files, images that do not compress. */
export const makeTree = (folder: string): void => {
	const next = makeNumbers(20_261_121);
	for (const [name, count, size, make] of KINDS) {
		for (let number = 0; number < count; number += 1) {
			const path = join(folder, name, String(number % 40), `file-${number}`);
			mkdirSync(dirname(path), { recursive: true });
			writeFileSync(path, make(size, next), { mode: name === 'lib' ? 0o755 : 0o644 });
		}
	}
};
