import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reader } from './target.ts';

const FOLDER = join(import.meta.dirname, 'corpus');

/** What once broke a reader, and real files: kept below corpus/NAME/. */
const readKept = (name: string): readonly Uint8Array[] => {
	const folder = join(FOLDER, name);
	if (!existsSync(folder)) return [];
	return readdirSync(folder)
		.sort()
		.map((file) => readFileSync(join(folder, file)));
};

/** All inputs that a reader starts from; nothing at all is always one of them. */
export const readCorpus = (name: string, { seeds }: Reader): readonly Uint8Array[] => [
	...seeds.map((seed) => (typeof seed === 'string' ? Buffer.from(seed) : seed)),
	...readKept(name),
	new Uint8Array(),
];
