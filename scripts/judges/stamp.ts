import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where the judges are installed: git ignores it, and an install of the npm dependencies leaves it alone. */
export const JUDGES_FOLDER = join(import.meta.dirname, '..', '..', '.cache', 'judges');

export const toBinPath = (name: string): string => join(JUDGES_FOLDER, 'bin', name);

const toStampPath = (name: string): string => join(JUDGES_FOLDER, 'stamps', name);

export const toStamp = (...content: readonly (string | Uint8Array)[]): string => {
	const hash = createHash('sha256');
	for (const part of content) hash.update(part).update('\0');
	return hash.digest('hex');
};

/** True where `product` lies and was made from exactly this content. */
export const isStamped = (name: string, { stamp, product }: { stamp: string; product: string }): boolean =>
	existsSync(product) && existsSync(toStampPath(name)) && readFileSync(toStampPath(name), 'utf8') === stamp;

export const clearStamp = (name: string): void => rmSync(toStampPath(name), { force: true });

export const writeStamp = (name: string, stamp: string): void => {
	mkdirSync(dirname(toStampPath(name)), { recursive: true });
	writeFileSync(toStampPath(name), stamp);
};
