import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toDeb } from './generate-debs.ts';
import { prepareAptly, prepareReprepro, prepareSlipway, runProgram, writeAptlyConfig } from './prepare.ts';

export type Argv = readonly [string, ...string[]];

/** One tool on a repository of its own: the processes of adding one package, and of removing it again. */
export interface Contestant {
	readonly name: 'slipway' | 'reprepro' | 'aptly';
	readonly environment: NodeJS.ProcessEnv;
	readonly add: readonly Argv[];
	readonly remove: readonly Argv[];
}

export interface Ring {
	/** Empty; repositories are copied into it. */
	readonly folder: string;
	/** Of the key, as prepareKey made it. */
	readonly key: string;
	/** bin/slipway.js of the package as npm gets it. */
	readonly slipway: string;
}

const NAME = 'added';
const FILE = toDeb(NAME, '1.0-1');

const writeAdded = (folder: string): string => {
	const path = join(folder, FILE.file);
	writeFileSync(path, FILE.bytes);
	return path;
};

/** Hard links where the files are never written in place, else copies. */
const copy = (from: string, to: string): void => void runProgram(['cp', '-a', from, to], {});

export const openSlipway = async (count: number, { folder, key, slipway }: Ring): Promise<Contestant> => {
	const repository = join(folder, `slipway-${count}`);
	cpSync(await prepareSlipway(count, key), repository, { recursive: true });
	const options = ['--quiet', '--project', repository];
	return {
		name: 'slipway',
		environment: { HOME: folder },
		add: [[process.execPath, slipway, 'apt', 'add', writeAdded(folder), ...options]],
		remove: [[process.execPath, slipway, 'apt', 'remove', NAME, ...options]],
	};
};

export const openReprepro = async (count: number, { folder, key }: Ring): Promise<Contestant> => {
	const repository = join(folder, `reprepro-${count}`);
	copy(await prepareReprepro(count, key), repository);
	return {
		name: 'reprepro',
		environment: { GNUPGHOME: join(key, 'gnupg') },
		add: [['reprepro', '-b', repository, 'includedeb', 'stable', writeAdded(folder)]],
		remove: [['reprepro', '-b', repository, 'remove', 'stable', NAME]],
	};
};

export const openAptly = async (count: number, { folder, key }: Ring): Promise<Contestant> => {
	const repository = join(folder, `aptly-${count}`);
	copy(await prepareAptly(count, key), repository);
	writeAptlyConfig(repository);
	const fingerprint = readFileSync(join(key, 'fingerprint'), 'utf8');
	const aptly = (...args: string[]): Argv => ['aptly', `-config=${join(repository, 'aptly.conf')}`, ...args];
	const publish = aptly(
		'publish',
		'update',
		`-gpg-key=${fingerprint}`,
		'-batch',
		'-skip-contents',
		'-skip-bz2',
		'stable',
	);
	return {
		name: 'aptly',
		environment: { GNUPGHOME: join(key, 'gnupg'), HOME: repository },
		add: [aptly('repo', 'add', 'bench', writeAdded(folder)), publish],
		remove: [aptly('repo', 'remove', 'bench', NAME), publish],
	};
};
