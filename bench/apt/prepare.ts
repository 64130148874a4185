import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toBlocks, toGzipIndex } from '../../packages/deb/src/repository/gzip-blocks.ts';
import { toByHashPath, toHistoryPath } from '../../packages/deb/src/repository/paths.ts';
import { type Release, toRelease } from '../../packages/deb/src/repository/release-file.ts';
import { generateSigningKey, readSigningKey } from '../../packages/deb/src/repository/signing-key.ts';
import { toIndexText, writeDebs } from './generate-debs.ts';

// Repositories of N packages, made once outside of what is timed, and kept: reprepro and aptly take minutes to take in 50,000.

const CACHE = join(import.meta.dirname, '..', '..', 'out', 'bench', 'apt');
/** Of the key and of what the repositories begin with: before every publish that is timed. */
const MADE_AT = Date.parse('2026-01-01T00:00:00Z');
const SUITE = 'stable';
const FOLDER = 'main/binary-amd64';

/** Another generator or another layout: other repositories. */
const toVersion = (): string =>
	createHash('sha256')
		.update(
			['generate-debs.ts', 'prepare.ts']
				.map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
				.join(''),
		)
		.digest('hex')
		.slice(0, 12);

/** Runs a program to its end. @throws Error with what it said */
export const runProgram = (argv: readonly [string, ...string[]], environment: NodeJS.ProcessEnv): string => {
	const [program, ...rest] = argv;
	const done = spawnSync(program, rest, {
		encoding: 'utf8',
		env: { PATH: process.env.PATH, ...environment },
	});
	if (done.status === 0) return done.stdout;
	throw new Error(
		`${argv.slice(0, 4).join(' ')}: ${done.status} ${done.error ?? done.stderr.trim().slice(-400)}`,
	);
};

/** A folder under the cache, made by `make` where it is not there yet; half-made ones never get the name. */
const cached = async (name: string, make: (folder: string) => Promise<void> | void): Promise<string> => {
	const folder = join(CACHE, toVersion(), name);
	if (existsSync(folder)) return folder;
	const unfinished = `${folder}.unfinished`;
	rmSync(unfinished, { recursive: true, force: true });
	mkdirSync(unfinished, { recursive: true });
	await make(unfinished);
	renameSync(unfinished, folder);
	return folder;
};

/** One key for all: ours signs by it, gpg has it imported. */
export const prepareKey = (): Promise<string> =>
	cached('key', async (folder) => {
		const name = { name: 'Bench', email: 'bench@example.org' };
		const key = await generateSigningKey({ ...name, days: 3650, createdAt: MADE_AT });
		writeFileSync(join(folder, 'signing-key.asc'), key.privateKey);
		writeFileSync(join(folder, 'fingerprint'), key.fingerprint);
		mkdirSync(join(folder, 'gnupg'), { mode: 0o700 });
		runProgram(['gpg', '--batch', '--quiet', '--import', join(folder, 'signing-key.asc')], {
			GNUPGHOME: join(folder, 'gnupg'),
		});
		stopAgent(folder);
	});

/** gpg leaves its agent running; it would hold the folder. */
export const stopAgent = (key: string): void => {
	spawnSync('gpgconf', ['--kill', 'all'], { env: { PATH: process.env.PATH, GNUPGHOME: join(key, 'gnupg') } });
};

const CONFIG = `project: bench
version: 1.0.0
targets:
  apt:
    type: apt
    store: { directory: public }
    url: http://127.0.0.1:9/
    architectures: [amd64]
    origin: Bench
    label: Bench
    signing-key: { file: signing-key.asc }
`;

const toFirstRelease = (plain: Buffer, gzip: Buffer): Release => {
	const toListed = (bytes: Buffer) => ({
		size: bytes.length,
		sha256: createHash('sha256').update(bytes).digest('hex'),
	});
	return {
		suite: SUITE,
		codename: SUITE,
		origin: 'Bench',
		label: 'Bench',
		date: MADE_AT,
		validUntil: null,
		serial: 1,
		architectures: ['amd64'],
		components: ['main'],
		files: new Map([
			[`${FOLDER}/Packages`, toListed(plain)],
			[`${FOLDER}/Packages.gz`, toListed(gzip)],
		]),
		removed: [],
		others: [],
	};
};

/** Of the packages only the index: nothing else is looked at when one more is added, and a pool would cost minutes to copy. */
export const prepareSlipway = async (count: number, key: string): Promise<string> =>
	cached(`slipway-${count}`, async (folder) => {
		const plain = Buffer.from(toIndexText(count));
		const gzip = toGzipIndex(toBlocks(plain));
		const release = toFirstRelease(plain, gzip);
		const signer = await readSigningKey(readFileSync(join(key, 'signing-key.asc'), 'utf8'));
		const text = toRelease(release);
		const at = release.date;
		const inRelease = Buffer.from(await signer.clearSign(text, at));
		const put = (path: string, bytes: Uint8Array | string): void => {
			mkdirSync(join(folder, 'public', path, '..'), { recursive: true });
			writeFileSync(join(folder, 'public', path), bytes);
		};
		for (const [path, { sha256 }] of release.files) {
			if (!path.endsWith('.gz')) continue;
			put(`dists/${SUITE}/${path}`, gzip);
			put(toByHashPath(SUITE, FOLDER, sha256), gzip);
		}
		put(`dists/${SUITE}/Release`, text);
		put(`dists/${SUITE}/Release.gpg`, await signer.detachSign(text, at));
		put(`dists/${SUITE}/InRelease`, inRelease);
		put(toHistoryPath(SUITE, 1, createHash('sha256').update(inRelease).digest('hex')), inRelease);
		writeFileSync(join(folder, 'slipway.yml'), CONFIG);
		cpSync(join(key, 'signing-key.asc'), join(folder, 'signing-key.asc'));
	});

const prepareDebs = (count: number): Promise<string> =>
	cached(`debs-${count}`, (folder) => void writeDebs(folder, count));

const DISTRIBUTIONS = (fingerprint: string): string => `Origin: Bench
Label: Bench
Codename: ${SUITE}
Suite: ${SUITE}
Architectures: amd64
Components: main
DebIndices: Packages Release . .gz
SignWith: ${fingerprint}
`;

/** reprepro writes Packages and Packages.gz, as Slipway and aptly do here. */
export const prepareReprepro = async (count: number, key: string): Promise<string> => {
	const debs = await prepareDebs(count);
	return cached(`reprepro-${count}`, (folder) => {
		mkdirSync(join(folder, 'conf'));
		writeFileSync(
			join(folder, 'conf/distributions'),
			DISTRIBUTIONS(readFileSync(join(key, 'fingerprint'), 'utf8')),
		);
		const files = Array.from({ length: Math.ceil(count / 1000) }, (_, part) => part);
		const names = spawnSync('ls', [debs], { encoding: 'utf8' }).stdout.trim().split('\n');
		for (const part of files) {
			const some = names.slice(part * 1000, part * 1000 + 1000).map((name) => join(debs, name));
			const exporting = part === files.length - 1 ? '--export=changed' : '--export=never';
			runProgram(['reprepro', '-b', folder, exporting, 'includedeb', SUITE, ...some], {
				GNUPGHOME: join(key, 'gnupg'),
			});
		}
	});
};

/** What aptly is told: its folder, and no index that the others do not write. The folder follows the repository. */
export const writeAptlyConfig = (folder: string): void =>
	writeFileSync(
		join(folder, 'aptly.conf'),
		JSON.stringify({
			rootDir: folder,
			architectures: ['amd64'],
			skipContentsPublishing: true,
			skipBz2Publishing: true,
		}),
	);

export const prepareAptly = async (count: number, key: string): Promise<string> => {
	const debs = await prepareDebs(count);
	const fingerprint = readFileSync(join(key, 'fingerprint'), 'utf8');
	return cached(`aptly-${count}`, (folder) => {
		writeAptlyConfig(folder);
		const environment = { GNUPGHOME: join(key, 'gnupg'), HOME: folder };
		const aptly = (...args: string[]): string =>
			runProgram(['aptly', `-config=${join(folder, 'aptly.conf')}`, ...args], environment);
		aptly('repo', 'create', '-distribution=stable', '-component=main', 'bench');
		aptly('repo', 'add', 'bench', debs);
		aptly(
			...['publish', 'repo', '-architectures=amd64', '-acquire-by-hash', '-skip-contents', '-skip-bz2'],
			...['-origin=Bench', '-label=Bench', `-gpg-key=${fingerprint}`, '-batch', 'bench'],
		);
	});
};
