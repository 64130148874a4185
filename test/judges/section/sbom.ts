import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Component, type Sbom, toCycloneDx, toSpdx } from '@slipway/sbom';
import { ACCEPTS, REFUSES } from '../judge/judge.ts';
import { askNtia, askSpdxTools, askSyft, readMissingSuppliers } from '../judge/sbom-tools.ts';
import { makeSbomOf, writeProject } from '../maker/sboms.ts';
import type { Expectation, Finding, Trial } from '../trial.ts';
import type { World } from '../world.ts';

const SECTION = 'SBOMs that Slipway wrote';
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

interface SpdxJson {
	packages: { supplier?: string; versionInfo?: string }[];
	relationships: { relatedSpdxElement: string }[];
}

/** What is done to an SPDX document, and who notices. */
const TAMPERINGS: readonly {
	readonly item: string;
	readonly change: (spdx: SpdxJson) => void;
	readonly ntia: Expectation;
	readonly tools: Expectation;
}[] = [
	{ item: 'as made', change: () => {}, ntia: ACCEPTS, tools: ACCEPTS },
	{
		item: 'suppliers left out',
		change: ({ packages }) => {
			for (const each of packages) delete each.supplier;
		},
		ntia: REFUSES,
		tools: { ...ACCEPTS, because: 'SPDX demands no supplier' },
	},
	{
		item: 'versions left out',
		change: ({ packages }) => {
			for (const each of packages) delete each.versionInfo;
		},
		ntia: REFUSES,
		tools: { ...ACCEPTS, because: 'SPDX demands no version' },
	},
	{
		item: 'a relationship to nothing',
		change: ({ relationships }) => {
			for (const each of relationships) each.relatedSpdxElement = 'SPDXRef-nothing';
		},
		ntia: REFUSES,
		tools: REFUSES,
	},
];

const toSpdxTrials = (folder: string, sbom: Sbom): Trial[] =>
	TAMPERINGS.flatMap(({ item, change, ntia, tools }, index) => {
		const spdx = JSON.parse(Buffer.from(toSpdx(sbom)).toString('utf8'));
		change(spdx);
		const file = join(folder, `${index}.spdx.json`);
		writeFileSync(file, JSON.stringify(spdx));
		const trial = { section: SECTION, row: `SPDX 2.3, ${item}`, item: 'project' };
		return [
			{ ...trial, judge: 'ntia-conformance-checker', expectation: ntia, look: () => askNtia(file) },
			{ ...trial, judge: 'pyspdxtools', expectation: tools, look: () => askSpdxTools(file) },
		];
	});

const toSyftTrials = (folder: string, sbom: Sbom): Trial[] =>
	Object.entries({ 'CycloneDX 1.6, as made': toCycloneDx(sbom), 'SPDX 2.3, as made': toSpdx(sbom) }).map(
		([row, bytes]) => {
			const file = join(folder, row.startsWith('SPDX') ? 'syft.spdx.json' : 'syft.cdx.json');
			writeFileSync(file, bytes);
			return {
				section: SECTION,
				row,
				item: 'project',
				judge: 'syft',
				expectation: ACCEPTS,
				look: () => askSyft(file),
			};
		},
	);

const toFullName = ({ group, name }: Component): string => (group === undefined ? name : `${group}/${name}`);

/**
 * Whether the checker misses the supplier of the same components as Slipway does. It passes over what is optional: it
 * follows DEPENDS_ON alone, and says how many elements are left.
 */
const compareSuppliers = async (folder: string, sbom: Sbom): Promise<Finding> => {
	const file = join(folder, 'own.spdx.json');
	writeFileSync(file, toSpdx(sbom));
	const theirs = new Set(await readMissingSuppliers(file));
	const judged = [sbom.root, ...sbom.components.filter(({ scope }) => scope === 'required')];
	const ours = new Set(judged.filter(({ supplier }) => !supplier).map(toFullName));
	const different = [...theirs, ...ours].filter((name) => theirs.has(name) !== ours.has(name));
	const said = `${theirs.size} by its list, ${ours.size} by ours; only one of both names ${different.join(', ')}`;
	return { verdict: theirs.size > 0 && different.length === 0 ? 'accepts' : 'refuses', said };
};

/** What Slipway writes in both formats, before those who check and read SBOMs. */
export const toSbomTrials = async ({ folder: parent }: World): Promise<readonly Trial[]> => {
	const folder = join(parent, 'sbom');
	mkdirSync(folder);
	const [small, own] = [await makeSbomOf(writeProject(join(folder, 'project'))), await makeSbomOf(ROOT)];
	const agreement: Trial = {
		section: SECTION,
		row: 'names of components without supplier, against ours',
		item: 'this project',
		judge: 'ntia-conformance-checker',
		expectation: ACCEPTS,
		look: () => compareSuppliers(folder, own),
	};
	return [...toSpdxTrials(folder, small), ...toSyftTrials(folder, small), agreement];
};
