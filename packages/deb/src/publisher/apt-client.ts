import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Context, toPrintable } from '@slipway/core';
import { type Finished, findExecutable, run } from '@slipway/process';
import { parseDebianVersion } from '../package/debian-version.ts';
import { toAptError } from '../repository/error.ts';
import { toSha256 } from '../repository/packages-index.ts';
import type { RepositoryClient, Resolved, Sight, Source, Wanted } from './client.ts';
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

interface Root {
	readonly folder: string;
	readonly context: Context;
}

const failed = (what: string, { code, stderr }: Finished) =>
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

/** Runs one of apt's programs in the root; `cwd` is where it downloads to. */
const runApt = ({ folder, context }: Root, argv: readonly [string, ...string[]]): Promise<Finished> =>
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

const withRoot = async <T>(
	source: Source,
	context: Context,
	task: (root: Root) => Promise<T>,
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

const update = async (root: Root): Promise<void> => {
	const finished = await runApt(root, ['apt-get', 'update']);
	if (finished.code !== 0) throw failed('apt-get update', finished);
	for (const line of finished.stderr.split('\n').filter((text) => text.startsWith('W:')))
		root.context.log.warning(toPrintable(`apt-get update: ${line}`));
};

/** By name and architecture: `greet | 1.0.0-1 | http://… stable/main amd64 Packages` */
const readVersions = async (
	root: Root,
	wanted: readonly Wanted[],
): Promise<(wish: Wanted) => readonly string[]> => {
	const names = [...new Set(wanted.map(({ name }) => name))];
	const finished = await runApt(root, ['apt-cache', 'madison', ...names]);
	if (finished.code !== 0) throw failed('apt-cache madison', finished);
	const rows = finished.stdout.split('\n').flatMap((line) => {
		const [, name, version, architecture] = /^ *(\S+) \| *(\S+) \| .* (\S+) Packages$/.exec(line) ?? [];
		return name && version ? [{ name, version, architecture }] : [];
	});
	return ({ name, architecture }) => [
		...new Set(
			rows
				.filter((row) => row.name === name && row.architecture === architecture)
				.map(({ version }) => version),
		),
	];
};

/** apt names downloads `NAME_VERSION_ARCHITECTURE.deb`, with the epoch, its colon escaped. */
const findDownload = async (folder: string, wish: Wanted): Promise<Resolved | undefined> => {
	for (const file of await readdir(folder)) {
		const [, name, version = '', architecture] = /^([^_]+)_([^_]+)_([^_]+)\.deb$/.exec(file) ?? [];
		if (name !== wish.name || (architecture !== wish.architecture && architecture !== 'all')) continue;
		const text = version.replace('%3a', ':');
		parseDebianVersion(text);
		return { version: text, sha256: toSha256(await readFile(join(folder, file))) };
	}
	return undefined;
};

const download = async (root: Root, wanted: readonly Wanted[]): Promise<void> => {
	if (wanted.length === 0) return;
	const packages = wanted.map(({ name, architecture }) => `${name}:${architecture}`);
	const finished = await runApt(root, ['apt-get', 'download', ...packages]);
	if (finished.code !== 0) throw failed(`apt-get download ${packages.join(' ')}`, finished);
};

const look = (source: Source, wanted: readonly Wanted[], context: Context): Promise<readonly Sight[]> =>
	withRoot(source, context, async (root) => {
		await update(root);
		const toKnown = await readVersions(root, wanted);
		await download(
			root,
			wanted.filter((wish) => toKnown(wish).length > 0),
		);
		return Promise.all(
			wanted.map(async (wish) => ({
				versions: toKnown(wish),
				resolved: await findDownload(join(root.folder, 'download'), wish),
			})),
		);
	});

/** The machine's own apt, in a root of its own and without rights; undefined where there is none. */
export const findAptClient = async (context: Context): Promise<RepositoryClient | undefined> => {
	if (findExecutable('apt-get', process.env.PATH) === undefined) return undefined;
	const { stdout } = await run(['apt-get', '--version'], {
		cwd: context.tempDir,
		environment: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' },
		timeoutMs: TIMEOUT_MS,
		signal: context.signal,
	});
	return { name: `apt-get ${/^apt (\S+)/.exec(stdout)?.[1] ?? ''}`.trim(), look };
};
