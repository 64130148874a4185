// Every reader of foreign text, fed with broken copies of real documents and of a kept corpus: it reads, or refuses with
// an error of ours, and what it reads becomes documents that are valid.
import { SlipwayError } from '@slipway/core';
import { CHARACTERS, isWhole, toCharacter, toCharacterIndex } from '@slipway/testing';
import fc from 'fast-check';
import { toRelationsPart } from './deb/relations.ts';
import { CORPUS } from './fuzz-corpus.fixture.ts';
import type { PackageGraph } from './graph/graph.ts';
import { toGraphPart } from './graph/to-part.ts';
import { toLicenceReader } from './licence/parse-licence.ts';
import { parseReadySbom } from './merge/parse-ready-sbom.ts';
import { GO_CYCLONEDX, SYFT_SPDX } from './merge/ready.fixture.ts';
import { makeSbom } from './model/make-sbom.ts';
import type { SbomPart } from './model/part.ts';
import { readNpmLock } from './npm/read-npm-lock.ts';
import { toCycloneDx } from './output/cyclonedx.ts';
import { toSpdx } from './output/spdx.ts';
import { PNPM_6, PNPM_9 } from './pnpm/pnpm.fixture.ts';
import { readPnpmLock } from './pnpm/read-pnpm-lock.ts';
import { NPM_LOCK } from './sample.fixture.ts';
import { parseManifest, toManifestFacts } from './tree/manifest.ts';
import { toEntry } from './tree/to-entry.ts';
import { findDanglingIds, findDanglingRefs } from './validate.fixture.ts';
import { readYarnLock } from './yarn/read-yarn-lock.ts';
import { YARN_1, YARN_BERRY } from './yarn/yarn.fixture.ts';

const MILLISECONDS = isWhole() ? 2500 : 500;

const readLicence = toLicenceReader();
const fromGraph = (graph: PackageGraph): SbomPart[] =>
	[...graph.importers.values()].slice(0, 1).map((id) => toGraphPart(graph, id, { development: true }));

interface Reader {
	readonly name: string;
	readonly seeds: readonly string[];
	read(text: string): readonly SbomPart[];
}

const READERS: readonly Reader[] = [
	{
		name: 'package-lock.json',
		seeds: [JSON.stringify(NPM_LOCK)],
		read: (text) => fromGraph(readNpmLock(text, { source: 'package-lock.json', readLicence })),
	},
	{
		name: 'pnpm-lock.yaml',
		seeds: [PNPM_6, PNPM_9],
		read: (text) => fromGraph(readPnpmLock(text, { source: 'pnpm-lock.yaml', folder: '/nowhere' })),
	},
	{
		name: 'yarn.lock',
		seeds: [YARN_1, YARN_BERRY],
		read: (text) => fromGraph(readYarnLock(text, { source: 'yarn.lock', folder: '/nowhere' })),
	},
	{
		name: 'a ready SBOM',
		seeds: [JSON.stringify(GO_CYCLONEDX), JSON.stringify(SYFT_SPDX)],
		read: (text) => [parseReadySbom(text, 'ready').part],
	},
	{
		name: 'Depends',
		seeds: ['libc6 (>= 2.34), perl:any, aa | bb (= 1:2.0-1) [amd64] <!nocheck>'],
		read: (text) => [toRelationsPart(new Map([['Depends', text]]))],
	},
	{
		name: 'package.json',
		seeds: [
			'{"name":"a","version":"1.0.0","license":["MIT",{"type":"ISC"}],"author":"Ada <ada@example.org> (https://example.org)","dependencies":{"b":"1"},"repository":{"url":"git+https://example.org/a.git"}}',
		],
		read: (text) => {
			const manifest = parseManifest(text, 'package.json');
			if (manifest) toManifestFacts({ ...manifest, ...toEntry(manifest) }, readLicence);
			return [];
		},
	},
];

const character = fc.nat(CHARACTERS - 1).map(toCharacter, toCharacterIndex);

/** A seed with a few pieces cut out, doubled or replaced. */
const broken = (seeds: readonly string[]): fc.Arbitrary<string> =>
	fc
		.tuple(
			fc.constantFrom(...seeds, ...CORPUS),
			fc.array(
				fc.tuple(
					fc.nat(10_000),
					fc.nat(40),
					fc.oneof(fc.constantFrom(...CORPUS), fc.string({ unit: character, maxLength: 8 })),
				),
				{ maxLength: 4 },
			),
		)
		.map(([seed, edits]) =>
			edits.reduce((text, [at, length, piece]) => {
				const start = text.length === 0 ? 0 : at % text.length;
				return text.slice(0, start) + piece + text.slice(start + length);
			}, seed),
		);

describe.each(READERS)('$name', ({ seeds, read }) => {
	test('is read or refused by name, whatever it holds', () => {
		fc.assert(
			fc.property(broken(seeds), (text) => {
				let parts: readonly SbomPart[];
				try {
					parts = read(text);
				} catch (error) {
					expect(error).toBeInstanceOf(SlipwayError);
					return;
				}
				const sbom = makeSbom({
					root: { type: 'application', name: 'root', hashes: [], links: [] },
					parts,
					digest: 'ab'.repeat(32),
					epoch: 1,
					tool: { name: 'slipway', version: '0' },
				});
				expect(findDanglingRefs(toCycloneDx(sbom))).toEqual([]);
				expect(findDanglingIds(toSpdx(sbom))).toEqual([]);
			}),
			{ interruptAfterTimeLimit: MILLISECONDS, numRuns: 3000 },
		);
	});

	test('its seeds are read, or the property would prove nothing', () => {
		for (const seed of seeds) expect(() => read(seed)).not.toThrow();
	});
});
