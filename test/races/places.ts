import { execFile, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { type Handler, toFolderHandler } from '@slipway/http';
import { openStore, type Store } from '@slipway/store';
import { serveGit, startS3Server } from '@slipway/testing';
import type { Place } from './setting.ts';

/** A store of a race: where it lies, and how users are served from it. */
export interface RacePlace {
	readonly place: Place;
	/** What opening it needs besides the usual. */
	readonly environment: Readonly<Record<string, string>>;
	/** Serves what the store holds at the moment of the request. */
	readonly handler: Handler;
	stop(): Promise<void>;
}

export type PlaceName = 'directory' | 'git' | 'git-http' | 's3-versitygw' | 's3-minio' | 'no-comparison';

const nothing = async (): Promise<void> => {};

const openDirectory = async (base: string): Promise<RacePlace> => {
	const directory = join(base, 'repository');
	await mkdir(directory, { recursive: true });
	return { place: { directory }, environment: {}, handler: toFolderHandler(directory), stop: nothing };
};

const openWithoutComparison = async (base: string): Promise<RacePlace> => {
	const place = await openDirectory(base);
	return { ...place, place: { comparesNothing: join(base, 'repository') } };
};

/** Serves the newest commit of a branch, each request from the commit of its moment, as a host of pages may. */
const toBranchHandler =
	(repository: string, branch: string): Handler =>
	async (request, response) => {
		const path = decodeURIComponent((request.url ?? '/').slice(1).split('?')[0] ?? '');
		const git = spawn('git', ['-C', repository, 'cat-file', 'blob', `refs/heads/${branch}:${path}`], {
			stdio: ['ignore', 'pipe', 'ignore'],
		});
		const ended = new Promise<number | null>((resolve) => git.once('close', resolve));
		const bytes = await buffer(git.stdout);
		if ((await ended) !== 0) return response.writeHead(404).end();
		return response
			.writeHead(200, { 'Content-Length': bytes.length })
			.end(request.method === 'HEAD' ? undefined : bytes);
	};

const openRemote = async (base: string): Promise<string> => {
	const remote = join(base, 'remote.git');
	await promisify(execFile)('git', ['init', '--quiet', '--bare', remote]);
	await promisify(execFile)('git', ['-C', remote, 'config', 'http.receivepack', 'true']);
	return remote;
};

const GIT = { GIT_CONFIG_GLOBAL: '/dev/null' };

const openGit = async (base: string): Promise<RacePlace> => {
	const remote = await openRemote(base);
	return {
		place: { branch: 'apt', remote },
		environment: GIT,
		handler: toBranchHandler(remote, 'apt'),
		stop: nothing,
	};
};

const openGitHttp = async (base: string): Promise<RacePlace> => {
	const remote = await openRemote(base);
	const server = await serveGit({ folder: base });
	return {
		place: { branch: 'apt', remote: `${server.origin}/remote.git` },
		environment: GIT,
		handler: toBranchHandler(remote, 'apt'),
		stop: () => server.close(),
	};
};

/** Serves what a store holds, each file as it is at the moment of the request. */
const toStoreHandler =
	(store: Store): Handler =>
	async (request, response) => {
		const path = decodeURIComponent((request.url ?? '/').slice(1).split('?')[0] ?? '').replace(/\/$/, '');
		const found = path === '' ? null : await store.read(path);
		if (!found) return response.writeHead(404).end();
		const { bytes } = found;
		return response
			.writeHead(200, { 'Content-Length': bytes.length })
			.end(request.method === 'HEAD' ? undefined : bytes);
	};

const openBucket =
	(kind: 'versitygw' | 'minio') =>
	async (base: string): Promise<RacePlace> => {
		const folder = join(base, 's3');
		await mkdir(folder);
		const { endpoint, bucket, environment, stop } = await startS3Server(kind, folder);
		const place = { bucket, endpoint, region: 'us-east-1' };
		return {
			place,
			environment,
			handler: toStoreHandler(openStore(place, '/', { environment })),
			stop,
		};
	};

export const PLACES: Readonly<Record<PlaceName, (base: string) => Promise<RacePlace>>> = {
	directory: openDirectory,
	git: openGit,
	'git-http': openGitHttp,
	's3-versitygw': openBucket('versitygw'),
	's3-minio': openBucket('minio'),
	'no-comparison': openWithoutComparison,
};
