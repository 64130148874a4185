// `npm run check:dist`: bundles every action from scratch and compares, byte for byte, with what is committed.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { provideBundles } from './bundle-all.ts';
import { writeCounts } from './counts.ts';

const listFiles = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder).sort() : []);

const isSame = (a: string, b: string): boolean =>
	existsSync(a) && existsSync(b) && readFileSync(a).equals(readFileSync(b));

/** Files that are missing, too many or different in the committed folder. */
const findDifferences = (built: string, dist: string): string[] =>
	[...new Set([...listFiles(built), ...listFiles(dist)])].filter(
		(file) => !isSame(join(built, file), join(dist, file)),
	);

const results = [...(await provideBundles(true))].map(([name, folder]) => {
	const dist = join('actions', name, 'dist');
	const differences = findDifferences(folder, dist);
	const verdict = differences.length === 0 ? 'as committed' : `differs in ${differences.join(', ')}`;
	console.log(`${dist}: ${verdict}`);
	return differences.length === 0;
});
const failed = results.filter((same) => !same).length;
if (failed > 0) console.error('Run `npm run bundle` and commit actions/*/dist.');
writeCounts('check:dist', { passed: results.length - failed, failed, skipped: 0 });
process.exitCode = failed > 0 ? 1 : 0;
