import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Context, toPrintable } from '@slipway/core';
import { type Finished, run } from '@slipway/process';
import { toAptError } from '../repository/error.ts';
import type { Source } from './client.ts';
import { toSourcesText } from './sources-text.ts';

const TIMEOUT_MS = 120_000;
const FOLDERS = [
	'etc/apt/sources.list.d',
	'etc/apt/preferences.d',
	'etc/apt/trusted.gpg.d',
	'var/lib/apt/lists/partial',
	'var/cache/apt/archives/partial',
	'var/lib/dpkg',
	'tmp',
	'download',
];

/**
 * Nothing of the system is read or written: no sources, keys, proxies, lists or caches of its own. Both date checks are
 * on, which machine images may have switched off. Any failed file is an error, which by default is a warning only.
 */
const toConfiguration = (root: string, { architectures }: Source): string => `Dir "${root}";
Dir::State "${root}/var/lib/apt";
Dir::State::status "${root}/var/lib/dpkg/status";
Dir::Cache "${root}/var/cache/apt";
Dir::Etc "${root}/etc/apt";
Dir::Etc::main "/dev/null";
Dir::Etc::parts "/dev/null";
Dir::Log "${root}/tmp";
Dir::Bin::methods "/usr/lib/apt/methods";
APT::Architecture "${architectures[0]}";
APT::Architectures { ${architectures.map((name) => `"${name}"; `).join('')}};
APT::Sandbox::User "root";
APT::Update::Error-Mode "any";
APT::Get::AllowUnauthenticated "false";
Acquire::AllowInsecureRepositories "false";
Acquire::AllowWeakRepositories "false";
Acquire::Check-Date "true";
Acquire::Check-Valid-Until "true";
Acquire::Languages "none";
Acquire::Retries "0";
Acquire::http::Timeout "30";
Acquire::https::Timeout "30";
Acquire::http::Proxy "DIRECT";
Acquire::https::Proxy "DIRECT";
Debug::NoLocking "1";
`;

/** A place where apt has nothing but one source. */
export interface AptRoot {
	/** Absolute; downloads land in its folder `download`. */
	readonly folder: string;
	readonly context: Context;
}

export const toClientError = (what: string, { code, stderr }: Finished) =>
	toAptError(
		'APT_CLIENT_FAILED',
		`${what} ended with ${code ?? 'a signal'}: ${toPrintable(
			stderr
				.split('\n')
				.filter((line) => /^[EW]:/.test(line))
				.join(' ') || stderr.trim(),
			1500,
		)}`,
		'This is what users of the repository see now.',
	);

/** Runs one of apt's programs in the root. A non-zero exit is no error. */
export const runApt = (
	{ folder, context }: AptRoot,
	argv: readonly [string, ...string[]],
): Promise<Finished> =>
	run([...argv], {
		cwd: join(folder, 'download'),
		environment: {
			PATH: process.env.PATH,
			LC_ALL: 'C.UTF-8',
			TZ: 'UTC',
			HOME: join(folder, 'tmp'),
			TMPDIR: join(folder, 'tmp'),
			APT_CONFIG: join(folder, 'apt.conf'),
		},
		timeoutMs: TIMEOUT_MS,
		signal: context.signal,
	});

/** Makes a root with one source in `context.tempDir`, and removes it after the task. */
export const withAptRoot = async <T>(
	source: Source,
	context: Context,
	task: (root: AptRoot) => Promise<T>,
): Promise<T> => {
	const folder = await mkdtemp(join(context.tempDir, 'apt-'));
	try {
		await Promise.all(FOLDERS.map((name) => mkdir(join(folder, name), { recursive: true })));
		await Promise.all([
			writeFile(join(folder, 'apt.conf'), toConfiguration(folder, source)),
			writeFile(join(folder, 'var/lib/dpkg/status'), ''),
			writeFile(join(folder, 'etc/apt/sources.list.d/slipway.sources'), toSourcesText(source)),
		]);
		return await task({ folder, context });
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
};

/**
 * `apt-get update`: signature, dates and index hashes are checked by apt.
 * @throws SlipwayError APT_CLIENT_FAILED
 */
export const updateLists = async (root: AptRoot): Promise<void> => {
	const finished = await runApt(root, ['apt-get', 'update']);
	if (finished.code !== 0) throw toClientError('apt-get update', finished);
	for (const line of finished.stderr.split('\n').filter((text) => text.startsWith('W:')))
		root.context.log.warning(toPrintable(`apt-get update: ${line}`));
};
