import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { toCanonicalJson } from '@slipway/core';
import { toLicenceReader } from '../licence/parse-licence.ts';
import { toNpmFinder } from '../npm/find-installed.ts';
import { type LockEntry, parseNpmLock } from '../npm/lock-schema.ts';
import { toPlacedGraph } from '../npm/read-npm-lock.ts';
import type { ProjectGraph } from '../project/read-graph.ts';
import { parseManifest } from './manifest.ts';
import { readPlainFile } from './read-installed.ts';
import { toEntry } from './to-entry.ts';
import { walkTree } from './walk-tree.ts';

const readRoot = (folder: string): LockEntry => {
	const bytes = readPlainFile(join(folder, 'package.json'));
	const manifest = bytes && parseManifest(bytes, 'package.json');
	return (manifest && toEntry({ version: '0.0.0', ...manifest })) ?? {};
};

/**
 * The graph of what is installed in a folder's node_modules: from the lockfile that npm hides there, which has digests,
 * else from the folders themselves.
 * @throws SlipwayError SBOM_*, JSON_*
 */
export const readInstalledTree = (folder: string, hiddenLockfile: string | undefined): ProjectGraph => {
	const root = realpathSync(folder);
	const source = hiddenLockfile ? 'node_modules/.package-lock.json' : 'node_modules';
	const readLicence = toLicenceReader();
	const bytes = hiddenLockfile === undefined ? undefined : readFileSync(hiddenLockfile);
	const placed = bytes ? parseNpmLock(bytes, source).packages : walkTree(root);
	const packages = { ...placed, '': readRoot(root) };
	const graph = toPlacedGraph({ packages }, { source, readLicence });
	return {
		graph,
		folder: root,
		bytes: bytes ?? Buffer.from(toCanonicalJson(packages)),
		find: toNpmFinder(root),
		readLicence,
	};
};
