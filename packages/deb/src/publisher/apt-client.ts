import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '@slipway/core';
import { findExecutable, run } from '@slipway/process';
import { parseDebianVersion } from '../package/debian-version.ts';
import { toSha256 } from '../repository/packages-index.ts';
import { type AptRoot, runApt, toClientError, updateLists, withAptRoot } from './apt-root.ts';
import type { RepositoryClient, Resolved, Sight, Source, Wanted } from './client.ts';

const toQualified = ({ name, architecture }: Wanted): string => `${name}:${architecture}`;

/** Lines such as `greet:arm64 | 1.0.0-1 | http://… stable/main arm64 Packages`; the name is bare for the machine's own. */
const readVersions = async (
	root: AptRoot,
	wanted: readonly Wanted[],
): Promise<(wish: Wanted) => readonly string[]> => {
	const finished = await runApt(root, ['apt-cache', 'madison', ...wanted.map(toQualified)]);
	if (finished.code !== 0) throw toClientError('apt-cache madison', finished);
	const rows = finished.stdout.split('\n').flatMap((line) => {
		const [, name, version, architecture] = /^ *([^ :]+)\S* \| *(\S+) \| .* (\S+) Packages$/.exec(line) ?? [];
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

const download = async (root: AptRoot, wanted: readonly Wanted[]): Promise<void> => {
	if (wanted.length === 0) return;
	const packages = wanted.map(toQualified);
	const finished = await runApt(root, ['apt-get', 'download', ...packages]);
	if (finished.code !== 0) throw toClientError(`apt-get download ${packages.join(' ')}`, finished);
};

const look = (source: Source, wanted: readonly Wanted[], context: Context): Promise<readonly Sight[]> =>
	withAptRoot(source, context, async (root) => {
		await updateLists(root);
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
		timeoutMs: 10_000,
		signal: context.signal,
	});
	return { name: `apt-get ${/^apt (\S+)/.exec(stdout)?.[1] ?? ''}`.trim(), look };
};
