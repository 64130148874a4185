import { hash } from 'node:crypto';
import { withHashers } from '@slipway/archive';

/** MD5 of pieces of memory, each on its own: what dpkg's `--verify` uses. */
export type Md5Sums = (parts: readonly Uint8Array[]) => Promise<readonly string[]>;

/** From here on a thread of its own wins more than it costs to start. */
const THREAD_FROM_BYTES = 8 * 1024 * 1024;

const sumHere: Md5Sums = async (parts) => parts.map((part) => hash('md5', part));

/** Sums of a package of so many bytes are made beside reading and compressing it where that is worth a thread. */
export const withMd5Sums = <T>(bytes: number, task: (sums: Md5Sums) => Promise<T>): Promise<T> =>
	bytes < THREAD_FROM_BYTES
		? task(sumHere)
		: withHashers(1, ({ hashParts }) =>
				task(async (parts) => (await hashParts(parts, ['md5'])).map(([md5 = '']) => md5)),
			);
