// Hashes every file of a folder and prints the manifest's entries, as a process of its own. Arguments: folder of emitted
// packages, folder of files.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [, , packages = '', folder = ''] = process.argv;
const { hashFiles } = await import(pathToFileURL(join(packages, 'archive/src/release/hash-file.js')).href);
const names = readdirSync(folder).sort();
const hashed = await hashFiles(names.map((name) => ({ path: join(folder, name), sha512: false })));
const artifacts = names.map((name, index) => ({ name, path: `artifacts/${name}`, ...hashed[index] }));
console.log(JSON.stringify({ artifacts }));
