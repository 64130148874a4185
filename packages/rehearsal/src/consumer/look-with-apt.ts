import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SlipwayError } from '@slipway/core';
import { type Argv, type Finished, findExecutable, run } from '@slipway/process';
import type { RehearsalCode } from '../code.ts';
import type { Look, Place, Wanted } from './look.ts';

/** A repository as a user adds it. */
export interface AptRepository {
	readonly url: string;
	readonly component: string;
	/** Armored public key. */
	readonly publicKey: string;
}

const FOLDERS = [
	'etc/apt/sources.list.d',
	'etc/apt/preferences.d',
	'var/lib/apt/lists/partial',
	'var/cache/apt/archives/partial',
	'var/lib/dpkg',
	'download',
];

/** An apt of its own: the system's lists, keys and packages are neither read nor changed. */
const toAptConfig = (root: string, architecture: string): string => `Dir "${root}";
Dir::State "${root}/var/lib/apt";
Dir::State::status "${root}/var/lib/dpkg/status";
Dir::Cache "${root}/var/cache/apt";
Dir::Etc "${root}/etc/apt";
Dir::Etc::main "/dev/null";
Dir::Etc::parts "/dev/null";
Dir::Bin::methods "/usr/lib/apt/methods";
APT::Architecture "${architecture}";
APT::Architectures { "${architecture}"; };
APT::Sandbox::User "root";
Acquire::http::Proxy "DIRECT";
Acquire::Retries "0";
APT::Update::Error-Mode "any";
Acquire::Languages "none";
Acquire::Check-Date "true";
Acquire::Check-Valid-Until "true";
Debug::NoLocking "1";
`;

const toSources = ({ url, component, publicKey }: AptRepository, suite: string): string => {
	const key = publicKey
		.trim()
		.split(/\r?\n/)
		.map((line) => ` ${line === '' ? '.' : line}`);
	return `Types: deb\nURIs: ${url}\nSuites: ${suite}\nComponents: ${component}\nSigned-By:\n${key.join('\n')}\n`;
};

const prepare = async (root: string, repository: AptRepository, wanted: Wanted): Promise<void> => {
	await Promise.all(FOLDERS.map((folder) => mkdir(join(root, folder), { recursive: true })));
	await Promise.all([
		writeFile(join(root, 'apt.conf'), toAptConfig(root, wanted.architecture ?? 'amd64')),
		writeFile(join(root, 'var/lib/dpkg/status'), ''),
		writeFile(join(root, 'etc/apt/sources.list.d/rehearsal.sources'), toSources(repository, wanted.pointer)),
	]);
};

const check = ({ code, stderr }: Finished, what: string): void => {
	if (code === 0) return;
	throw new SlipwayError<RehearsalCode>(
		'REHEARSAL_CONSUMER_FAILED',
		`${what} failed: ${stderr.trim().slice(-600)}`,
		{ hint: 'Look at what apt says: users of this repository would see the same.' },
	);
};

/** Whether this machine has apt at all. */
export const hasAptGet = (path: string | undefined): boolean => findExecutable('apt-get', path) !== undefined;

/**
 * Lets apt itself, in an empty root and without rights, update, resolve a package and download it.
 * @throws SlipwayError REHEARSAL_CONSUMER_FAILED
 */
export const lookWithApt = async (wanted: Wanted, repository: AptRepository, place: Place): Promise<Look> => {
	const root = place.folder;
	await prepare(root, repository, wanted);
	const environment = { ...place.environment, APT_CONFIG: join(root, 'apt.conf'), LC_ALL: 'C' };
	const apt = (argv: Argv) =>
		run(argv, { cwd: join(root, 'download'), environment, signal: place.signal, timeoutMs: 120_000 });
	const [version, update] = await Promise.all([
		apt(['apt-get', '--version']),
		apt(['apt-get', 'update', '-q']),
	]);
	const client = `apt-get ${/^apt (\S+)/.exec(version.stdout)?.[1] ?? ''}`.trim();
	check(update, 'apt-get update');
	const policy = await apt(['apt-cache', 'policy', '--', wanted.name]);
	check(policy, `apt-cache policy ${wanted.name}`);
	const candidate = /^ +Candidate: (\S+)$/m.exec(policy.stdout)?.[1];
	if (candidate === undefined || candidate === '(none)')
		return { version: null, sha256: null, size: 0, client };
	check(await apt(['apt-get', 'download', '-q', '--', wanted.name]), `apt-get download ${wanted.name}`);
	const [file = ''] = await readdir(join(root, 'download'));
	const bytes = await readFile(join(root, 'download', file));
	const sha256 = createHash('sha256').update(bytes).digest('hex');
	return { version: candidate, sha256, size: bytes.length, client };
};
