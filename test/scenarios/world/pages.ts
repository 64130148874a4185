import { spawn } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { type LoopbackServer, serveLoopback } from '@slipway/http';
import type { Repository } from './repository.ts';

/** The bytes of a file of a branch; undefined where there is none. */
const readBlob = async (folder: string, object: string): Promise<Buffer | undefined> => {
	const child = spawn('git', ['-C', folder, 'cat-file', 'blob', object], {
		stdio: ['ignore', 'pipe', 'ignore'],
	});
	const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
	const bytes = await buffer(child.stdout);
	return (await ended) === 0 ? bytes : undefined;
};

/** A branch of a repository as GitHub Pages shows it to the world, without the minutes that Pages takes. */
export const servePages = (repository: Repository, branch: string): Promise<LoopbackServer> =>
	serveLoopback(async ({ url = '/' }, response) => {
		const path = decodeURIComponent((url.split('?')[0] ?? '/').slice(1));
		const found = await readBlob(repository.folder, `refs/heads/${branch}:${path}`);
		response.writeHead(found ? 200 : 404, { 'content-length': String(found?.length ?? 0) }).end(found);
	});
