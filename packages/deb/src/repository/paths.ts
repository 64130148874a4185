import { toDebFileName } from '../package/deb-name.ts';

/** Which .deb: what its control file and its purl say. */
export interface DebIdentity {
	readonly name: string;
	readonly version: string;
	/** "all" or one Debian architecture. */
	readonly architecture: string;
}

export const toSuitePath = (suite: string, path: string): string => `dists/${suite}/${path}`;

/** The folder of one index, relative to the suite's. */
export const toIndexFolder = (component: string, architecture: string): string =>
	`${component}/binary-${architecture}`;

export const toByHashPath = (suite: string, indexFolder: string, sha256: string): string =>
	toSuitePath(suite, `${indexFolder}/by-hash/SHA256/${sha256}`);

/**
 * Where a .deb lies, relative to the repository: under its own name (not its source's), so that the place follows
 * from its purl alone.
 */
export const toPoolPath = (component: string, { name, version, architecture }: DebIdentity): string => {
	const letter = name.startsWith('lib') && name.length > 3 ? name.slice(0, 4) : name.slice(0, 1);
	return `pool/${component}/${letter}/${name}/${toDebFileName(name, version, architecture)}`;
};

/** Every Release that was served, for audit and to recognise a replayed one: `history/stable/00000012-<16 digits>`. */
export const toHistoryFolder = (suite: string): string => `history/${suite}`;

export const toHistoryPath = (suite: string, serial: number, sha256: string): string =>
	`${toHistoryFolder(suite)}/${String(serial).padStart(8, '0')}-${sha256.slice(0, 16)}`;

/** The serial in the path of an archived Release. */
export const toSerial = (historyPath: string): number =>
	Number(/(\d+)-[0-9a-f]{16}$/.exec(historyPath)?.[1] ?? 0);
