// Makes one .deb as a process of its own, like its peers. Arguments: folder of emitted packages, project folder,
// compression, file to write.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [, , packages = '', projectFolder = '', compression, out = ''] = process.argv;
const { makeDeb } = await import(pathToFileURL(join(packages, 'deb/src/package/make-deb.js')).href);
const definition = {
	name: 'tree',
	architecture: 'amd64',
	revision: '1',
	section: 'utils',
	priority: 'optional',
	compression,
	files: [{ source: 'usr', target: '/usr' }],
	links: {},
	scripts: {},
	...Object.fromEntries(
		['depends', 'pre-depends', 'recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'provides'].map(
			(field) => [field, []],
		),
	),
};
const context = {
	tempDir: projectFolder,
	signal: new AbortController().signal,
	log: { debug: () => {}, info: () => {}, warning: () => {} },
	clock: { now: () => Date.now(), sleep: async () => {} },
};
const request = { definition, projectFolder, version: '1.0.0', sourceDateEpoch: 1_700_000_000 };
writeFileSync(out, (await makeDeb(request, context)).bytes);
