import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultTarget } from './fault.ts';

const INTERVAL_MS = 3;

const listFiles = (folder: string): readonly string[] => {
	try {
		return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) =>
			path.replaceAll('\\', '/'),
		);
	} catch {
		return []; // it does not exist yet, or changes while it is read: the next look tells
	}
};

const readIndexes = (folder: string): string =>
	listFiles(folder)
		.filter((path) => path.endsWith('InRelease'))
		.map((path) => readFileSync(join(folder, path), 'latin1'))
		.join('\n');

/**
 * Calls back once, as soon as a file that `isAwaited` lies in one of the repositories' folders and none of their
 * InRelease files has changed: the upload is under way and not yet visible.
 */
export const watchUpload = (
	{ repositories, signal }: FaultTarget,
	isAwaited: (path: string) => boolean,
	strike: (path: string) => void,
): void => {
	const before = repositories.map(({ folder }) => ({
		folder,
		files: new Set(listFiles(folder)),
		index: readIndexes(folder),
	}));
	const timer = setInterval(() => {
		for (const { folder, files, index } of before) {
			const found = listFiles(folder).find((path) => !files.has(path) && isAwaited(path));
			if (found === undefined || readIndexes(folder) !== index) continue;
			clearInterval(timer);
			strike(found);
			return;
		}
	}, INTERVAL_MS);
	signal.addEventListener('abort', () => clearInterval(timer), { once: true });
};
