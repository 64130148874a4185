// In a process of its own: looks up every component of a list in an index of OSV records, once. Arguments: index, file
// with package URLs. Prints the milliseconds and how many advisories matched.
import { readFileSync } from 'node:fs';
import { indexSource } from '@slipway/gate';

const [, , index = '', list = ''] = process.argv;
const purls = JSON.parse(readFileSync(list, 'utf8')) as readonly string[];
const components = purls.map((purl) => ({
	purl,
	label: purl,
	licences: [],
	isDevelopment: false,
	isOwn: false,
	artifacts: ['a'],
	sbom: 'sbom/a.cdx.json',
}));
const context = {
	log: { debug: () => {}, info: () => {}, warning: () => {} },
	clock: { now: () => Date.now(), sleep: async () => {} },
	tempDir: '',
	signal: new AbortController().signal,
};
const started = performance.now();
const { matches } = await indexSource({ file: index, name: 'index', maxAgeHours: 8760 }).lookUp(
	components,
	context,
);
console.log(JSON.stringify({ ms: performance.now() - started, matches: matches.length }));
