// Turns src/*.ts into dist/*.js with nothing but Node: the types are stripped, the code stays as it was written.
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';

rmSync('dist', { recursive: true, force: true });
mkdirSync('dist');
for (const name of readdirSync('src')) {
	const source = readFileSync(join('src', name), 'utf8');
	const code = stripTypeScriptTypes(source).replaceAll(/(from '\.\/[^']+)\.ts'/g, "$1.js'");
	writeFileSync(join('dist', name.replace(/\.ts$/, '.js')), code);
}
// The file that people start.
chmodSync('dist/main.js', 0o755);
