// GitHub's own clients of artifacts and caches, as one step that does what a workflow would do with them in a row.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DefaultArtifactClient } from '@actions/artifact';
import { restoreCache, saveCache } from '@actions/cache';
import { getInput, setOutput } from '@actions/core';

const folder = await mkdtemp(join(process.env.RUNNER_TEMP ?? tmpdir(), 'toolkit-'));
const client = new DefaultArtifactClient();

/** What a promise came to, as plain text. */
const toText = (task: Promise<unknown>): Promise<string> =>
	task.then(String, (error: Error) => `${error.name}: ${error.message}`);

const artifacts = async () => {
	const files = [join(folder, 'a.txt'), join(folder, 'b.txt')];
	await Promise.all(files.map((file) => writeFile(file, `content of ${file.slice(-5)}`)));
	const { id, digest } = await client.uploadArtifact('pair', files, folder);
	const again = await toText(client.uploadArtifact('pair', files, folder));
	const listed = (await client.listArtifacts()).artifacts;
	const place = join(folder, 'unpacked');
	const { digestMismatch } = await client.downloadArtifact(id ?? 0, {
		path: place,
		expectedHash: `sha256:${digest}`,
	});
	const names = (await readdir(place)).sort();
	const text = await readFile(join(place, 'a.txt'), 'utf8');
	await client.deleteArtifact('pair');
	const left = (await client.listArtifacts()).artifacts.length;
	return { id, again, listed, digestMismatch, names, text, left };
};

const caches = async () => {
	const place = join(folder, 'cached');
	await mkdir(place);
	await writeFile(join(place, 'x.txt'), 'cached bytes');
	const missed = await toText(restoreCache([place], 'key-1'));
	const saved = await toText(saveCache([place], 'key-1'));
	const again = await toText(saveCache([place], 'key-1'));
	await rm(place, { recursive: true });
	const hit = await toText(restoreCache([place], 'key-1'));
	const text = await readFile(join(place, 'x.txt'), 'utf8').catch(() => 'none');
	const byPrefix = await toText(restoreCache([place], 'key-2', ['other', 'key-']));
	return { missed, saved, again, hit, text, byPrefix };
};

setOutput('result', JSON.stringify(getInput('scene') === 'caches' ? await caches() : await artifacts()));
