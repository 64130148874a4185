// `npm run bundle`: actions/<name>/dist, the JavaScript that GitHub runs. `--cache-only` leaves dist as it is.
import { cpSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { provideBundles } from './bundle-all.ts';

const cacheOnly = process.argv.includes('--cache-only');

const toSize = (folder: string, file: string): number => statSync(join(folder, file)).size;

for (const [name, folder] of await provideBundles(false)) {
	const dist = join('actions', name, 'dist');
	if (!cacheOnly && folder !== dist) {
		rmSync(dist, { recursive: true, force: true });
		cpSync(folder, dist, { recursive: true });
	}
	const files = readdirSync(folder);
	const total = files.reduce((sum, file) => sum + toSize(folder, file), 0);
	console.log(
		`${name}: ${files.length} files, ${Math.round(total / 1000)} kB, index.js ${Math.round(toSize(folder, 'index.js') / 1000)} kB`,
	);
}
