import { createHash } from 'node:crypto';
import type { DebIdentity } from './paths.ts';

/** One stanza of our package in an index: what it names, and its bytes with the empty line after them. */
export interface IndexStanza extends DebIdentity {
	/** Lower-case hexadecimal; empty where the index has none. */
	readonly sha256: string;
	/** Relative to the repository. */
	readonly filename: string;
	readonly bytes: Uint8Array;
}

/** Where in a text. */
export interface PlacedStanza extends IndexStanza {
	readonly start: number;
	readonly end: number;
}

export const toSha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const findFieldText = (stanza: string, name: string): string =>
	new RegExp(`^${name}[ \\t]*:(.*)$`, 'im').exec(stanza)?.[1]?.trim() ?? '';

/** Reads the fields that Slipway edits by; everything else in a stanza is only carried. */
export const toIndexStanza = (bytes: Uint8Array): IndexStanza => {
	const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
	return {
		name: findFieldText(text, 'Package'),
		version: findFieldText(text, 'Version'),
		architecture: findFieldText(text, 'Architecture'),
		sha256: findFieldText(text, 'SHA256').toLowerCase(),
		filename: findFieldText(text, 'Filename'),
		bytes,
	};
};

const toStart = (index: Buffer, at: number): number => {
	const before = at === 0 ? -1 : index.lastIndexOf('\n\n', at - 1);
	return before === -1 ? 0 : before + 2;
};

const toEnd = (index: Buffer, at: number): number => {
	const after = index.indexOf('\n\n', at);
	return after === -1 ? index.length : after + 2;
};

/** The stanzas of one package, in their order. A search, not a parse: what it costs hardly grows with the index. */
export const findStanzas = (index: Buffer, name: string): PlacedStanza[] => {
	const line = Buffer.from(`Package: ${name}\n`);
	const found: PlacedStanza[] = [];
	for (let at = index.indexOf(line); at !== -1; at = index.indexOf(line, at + line.length)) {
		if (at !== 0 && index[at - 1] !== 0x0a) continue;
		const [start, end] = [toStart(index, at), toEnd(index, at)];
		found.push({ ...toIndexStanza(index.subarray(start, end)), start, end });
	}
	return found;
};
