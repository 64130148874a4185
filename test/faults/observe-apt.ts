import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** What an apt repository shows, read by this test's own eyes: the packages of each suite, and the pool. */
export interface AptView {
	/** "suite: package version architecture sha256", sorted. */
	readonly packages: readonly string[];
	/** "path sha256", sorted. */
	readonly pool: readonly string[];
	/** sha256 of each suite's InRelease: which signed state is shown. */
	readonly signed: readonly string[];
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const listFiles = async (folder: string): Promise<readonly string[]> => {
	if (!existsSync(folder)) return [];
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
};

/** The SHA256 section of a (clear-signed) Release file: path to digest. */
const toNamed = (
	release: string,
): ReadonlyMap<string, { readonly digest: string; readonly size: number }> => {
	const section = /^SHA256:\n((?: .*\n)+)/m.exec(release)?.[1] ?? '';
	const lines = section
		.trim()
		.split('\n')
		.map((line) => line.trim().split(/\s+/));
	return new Map(lines.map(([digest = '', size = '', path = '']) => [path, { digest, size: Number(size) }]));
};

/** Every index that is named: at its plain path where a file lies there, else under by-hash, and exactly the named bytes. */
const readIndexes = async (suite: string): Promise<readonly string[]> => {
	const texts: string[] = [];
	for (const [path, { digest, size }] of toNamed(await readFile(join(suite, 'InRelease'), 'utf8'))) {
		const byHash = join(suite, path, '..', 'by-hash', 'SHA256', digest);
		if (!existsSync(byHash)) {
			assert(
				path.endsWith('Packages') || path.endsWith('Release'),
				`InRelease names ${path}, which is not there`,
			);
			continue;
		}
		const bytes = await readFile(byHash);
		assert.deepEqual([sha256(bytes), bytes.length], [digest, size], `${path} by hash holds other bytes`);
		if (path.endsWith('/Packages.gz')) texts.push(gunzipSync(bytes).toString('utf8'));
	}
	return texts;
};

const toField = (stanza: string, name: string): string =>
	new RegExp(`^${name}: (.*)$`, 'm').exec(stanza)?.[1] ?? '';

const readPackage = async (root: string, stanza: string): Promise<string> => {
	const bytes = await readFile(join(root, toField(stanza, 'Filename')));
	assert.equal(sha256(bytes), toField(stanza, 'SHA256'), `${toField(stanza, 'Filename')} holds other bytes`);
	return ['Package', 'Version', 'Architecture', 'SHA256'].map((name) => toField(stanza, name)).join(' ');
};

/**
 * Reads a repository as apt does, from InRelease down, by hash.
 * @throws AssertionError where it shows anything that is not whole
 */
export const observeApt = async (root: string): Promise<AptView> => {
	const files = await listFiles(root);
	const suites = files.filter((path) => path.endsWith('/InRelease')).map((path) => join(path, '..'));
	const packages: string[] = [];
	for (const suite of suites) {
		const stanzas = (await readIndexes(suite)).flatMap((text) =>
			text.split(/\n\n+/).filter((part) => part.trim()),
		);
		const name = suite.slice(root.length + 1);
		for (const stanza of stanzas) packages.push(`${name}: ${await readPackage(root, stanza)}`);
	}
	const pool = files.filter((path) => path.startsWith(join(root, 'pool')));
	return {
		packages: [...new Set(packages)].sort(),
		pool: (
			await Promise.all(
				pool.map(async (path) => `${path.slice(root.length + 1)} ${sha256(await readFile(path))}`),
			)
		).sort(),
		signed: await Promise.all(suites.map(async (suite) => sha256(await readFile(join(suite, 'InRelease'))))),
	};
};
