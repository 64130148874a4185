import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { toSbomError } from '../code.ts';
import type { PackageGraph } from '../graph/graph.ts';
import { LIMITS } from '../graph/limits.ts';
import { type LicenceReader, toLicenceReader } from '../licence/parse-licence.ts';
import { toNpmFinder } from '../npm/find-installed.ts';
import { readNpmLock } from '../npm/read-npm-lock.ts';
import type { FolderFinder } from '../tree/read-installed.ts';

/** The packages of a project, from whatever it has. */
export interface ProjectGraph {
	readonly graph: PackageGraph;
	/** Absolute: the folder that importers are relative to. */
	readonly folder: string;
	/** The bytes that the graph was read from; what an SBOM without an artifact is bound to. */
	readonly bytes: Uint8Array;
	/** Where the packages lie on this disk. */
	readonly find: FolderFinder;
	readonly readLicence: LicenceReader;
}

/** In the order in which they win; npm's own shrinkwrap comes before its lockfile, as npm does it. */
const LOCKFILES = ['npm-shrinkwrap.json', 'package-lock.json', 'pnpm-lock.yaml', 'yarn.lock'] as const;
const HIDDEN = join('node_modules', '.package-lock.json');

/** @throws SlipwayError SBOM_SOURCE_MISSING, SBOM_TOO_LARGE */
const readSource = (file: string): Uint8Array => {
	try {
		const { size } = lstatSync(file);
		if (size > LIMITS.bytes)
			throw toSbomError('SBOM_TOO_LARGE', `${file}: expected at most ${LIMITS.bytes} bytes, got ${size}`);
		return readFileSync(file);
	} catch (cause) {
		if ((cause as NodeJS.ErrnoException).code?.startsWith('SBOM_')) throw cause;
		throw toSbomError('SBOM_SOURCE_MISSING', `cannot read ${file}`, cause);
	}
};

/**
 * Reads a lockfile by its name. The readers of other package managers are loaded when one of theirs is met.
 * @throws SlipwayError SBOM_*, JSON_*
 */
export const readLockfile = async (file: string): Promise<ProjectGraph> => {
	const bytes = readSource(file);
	const [source, folder] = [basename(file), dirname(file)];
	const readLicence = toLicenceReader();
	const options = { source, folder, readLicence };
	if (source.endsWith('.yaml')) {
		const { readPnpmLock, toPnpmFinder } = await import('../pnpm/index.ts');
		return { graph: readPnpmLock(bytes, options), folder, bytes, find: toPnpmFinder(folder), readLicence };
	}
	if (source === 'yarn.lock') {
		const { readYarnLock, toHoistedFinder } = await import('../yarn/index.ts');
		return { graph: readYarnLock(bytes, options), folder, bytes, find: toHoistedFinder(folder), readLicence };
	}
	return { graph: readNpmLock(bytes, options), folder, bytes, find: toNpmFinder(folder), readLicence };
};

/**
 * The packages of a folder: from its lockfile, else from what is installed in its node_modules.
 * @throws SlipwayError SBOM_SOURCE_MISSING where it has neither, SBOM_*, JSON_*
 */
export const readProjectGraph = async (folder: string): Promise<ProjectGraph> => {
	const lockfile = LOCKFILES.find((name) => existsSync(join(folder, name)));
	if (lockfile) return readLockfile(join(folder, lockfile));
	if (existsSync(join(folder, 'node_modules'))) {
		const { readInstalledTree } = await import('../tree/index.ts');
		return readInstalledTree(folder, existsSync(join(folder, HIDDEN)) ? join(folder, HIDDEN) : undefined);
	}
	throw toSbomError(
		'SBOM_SOURCE_MISSING',
		`expected one of ${LOCKFILES.join(', ')} or node_modules in ${folder}, found none`,
	);
};
