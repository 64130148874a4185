import { lstatSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type TarEntry, toGzip, toTarBytes } from '@slipway/archive';
import { SlipwayError } from '@slipway/core';
import type { NpmCode } from '../code.ts';
import { type PackageJson, parsePackageJson, toBin } from '../package-json.ts';
import { toFileStem } from '../package-name.ts';
import { verifyPublishable } from '../publish-check.ts';
import { listFiles } from './list-files.ts';

export interface PackFacts {
	/** Modification time of every member, seconds since 1970 (SOURCE_DATE_EPOCH). */
	readonly epoch: number;
	/** Configured registry; a package.json that names another host is refused. */
	readonly registry?: string | undefined;
}

export interface PackedNpm {
	/** `name-1.2.3.tgz`, `scope-name-1.2.3.tgz` */
	readonly fileName: string;
	readonly bytes: Uint8Array;
}

/** Readable by all, executable where it is a command or its owner may execute it: the umask plays no part. */
const toMode = (isCommand: boolean, mode: number): number => (isCommand || mode & 0o100 ? 0o755 : 0o644);

const toEntries = (
	folder: string,
	packageJson: PackageJson,
	files: readonly string[],
): readonly TarEntry[] => {
	const commands = new Set(Object.values(toBin(packageJson) ?? {}));
	return files.map((path) => {
		const { mode, size } = lstatSync(join(folder, path));
		return {
			type: 'file',
			name: `package/${path}`,
			mode: toMode(commands.has(path), mode),
			content: { size, read: () => readFileSync(join(folder, path)) },
		};
	});
};

const readPackageJson = (folder: string): PackageJson => {
	const path = join(folder, 'package.json');
	try {
		return parsePackageJson(readFileSync(path), path);
	} catch (cause) {
		if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
		throw new SlipwayError<NpmCode>('NPM_PACK_FAILED', `expected ${path}, found no such file`, {
			hint: 'Name the folder that holds the package in `npm.packages`.',
			cause,
		});
	}
};

/**
 * Packs a package as `npm pack` does, with the same bytes on every run: npm's file list in npm's order, fixed time,
 * owner and modes. No script of the package is run.
 * @throws SlipwayError NPM_*
 */
export const packNpm = async (folder: string, { epoch, registry }: PackFacts): Promise<PackedNpm> => {
	const root = resolve(folder);
	const packageJson = readPackageJson(root);
	verifyPublishable(packageJson, registry);
	const files = await listFiles(root, packageJson);
	const tar = toTarBytes(toEntries(root, packageJson, files), { mtime: epoch, owner: '' });
	return {
		fileName: `${toFileStem(packageJson.name)}-${packageJson.version}.tgz`,
		bytes: toGzip(tar),
	};
};
