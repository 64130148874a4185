import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { listActions } from '../bundle-action.ts';

/** What Node compiled once is kept: a job starts many actions. */
const toLoader = (main: string): string =>
	[
		"import { enableCompileCache } from 'node:module';",
		`enableCompileCache(${JSON.stringify(resolve('.cache', 'compiled'))});`,
		`await import(${JSON.stringify(main)});\n`,
	].join('\n');

/**
 * Stands in for the bundles while actions are being written: each runs from its source, which takes no minutes to make.
 * What only a bundle can get wrong is not seen.
 */
export const writeSourceBundles = (folder: string): ReadonlyMap<string, string> =>
	new Map(
		listActions().map((action) => {
			const place = join(folder, action);
			mkdirSync(place, { recursive: true });
			writeFileSync(join(place, 'package.json'), '{"type":"module"}\n');
			const main = resolve('actions', action, 'src', 'main.ts');
			writeFileSync(join(place, 'index.js'), toLoader(main));
			return [action, place];
		}),
	);
