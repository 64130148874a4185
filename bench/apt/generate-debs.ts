import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { toAr, toGzip, toTarBytes } from '@slipway/archive';

/** A .deb of the bench: its bytes and its stanza in an index. */
export interface MadeDeb {
	readonly file: string;
	readonly bytes: Buffer;
	readonly stanza: string;
}

const MTIME = 1_750_000_000;
/** Of the one file in each package: noise, so that nothing is gained by compressing it. */
const PAYLOAD = 256;

/** Bytes that do not compress, the same for the same seed: a chain of hashes. */
const toNoise = (seed: string, size: number): Buffer => {
	const parts: Buffer[] = [];
	let last = createHash('sha256').update(seed).digest();
	for (let length = 0; length < size; length += last.length) {
		parts.push(last);
		last = createHash('sha256').update(last).digest();
	}
	return Buffer.concat(parts).subarray(0, size);
};

const toControl = (name: string, version: string): string =>
	`Package: ${name}
Version: ${version}
Architecture: amd64
Maintainer: Ada Lovelace <ada@example.org>
Installed-Size: 4
Depends: libc6 (>= 2.36), ${name.slice(0, 10)}-common
Section: misc
Priority: optional
Homepage: https://example.org/${name}
Description: synthetic package ${name}
 Made to measure tools for repositories: it holds one file of noise and is
 as long as the descriptions of most packages are.
`;

const toMember = (name: string, content: Uint8Array): Uint8Array =>
	toGzip(
		toTarBytes(
			[
				{ type: 'directory', name: './', mode: 0o755 },
				{ type: 'file', name, mode: 0o644, content },
			],
			{ mtime: MTIME },
		),
	);

/** One small package, always with the same bytes. */
export const toDeb = (name: string, version: string): MadeDeb => {
	const control = toControl(name, version);
	const members = [
		{ name: 'debian-binary', content: [Buffer.from('2.0\n')] },
		{ name: 'control.tar.gz', content: [toMember('./control', Buffer.from(control))] },
		{ name: 'data.tar.gz', content: [toMember(`./${name}.bin`, toNoise(name + version, PAYLOAD))] },
	];
	const bytes = Buffer.concat([...toAr(members, { mtime: MTIME })]);
	const file = `${name}_${version}_amd64.deb`;
	const sha256 = createHash('sha256').update(bytes).digest('hex');
	const place = `Filename: pool/main/${name.slice(0, 1)}/${name}/${file}\nSize: ${bytes.length}\nSHA256: ${sha256}\n`;
	return { file, bytes, stanza: `${control}${place}\n` };
};

export const toName = (number: number): string => `synth-${String(number).padStart(5, '0')}`;

/** Writes `count` packages into a folder and returns the index of all of them, by name. */
export const writeDebs = (folder: string, count: number): string => {
	mkdirSync(folder, { recursive: true });
	const stanzas: string[] = [];
	for (let number = 0; number < count; number += 1) {
		const { file, bytes, stanza } = toDeb(toName(number), '1.0-1');
		const handle = openSync(join(folder, file), 'w');
		writeSync(handle, bytes);
		closeSync(handle);
		stanzas.push(stanza);
	}
	return stanzas.join('');
};

/** The index alone: what a repository that is edited by its index has to know of its packages. */
export const toIndexText = (count: number): string =>
	Array.from({ length: count }, (_, number) => toDeb(toName(number), '1.0-1').stanza).join('');
