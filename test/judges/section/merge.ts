import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '@slipway/process';
import { makeSbom, parseReadySbom, type Sbom, toSpdx } from '@slipway/sbom';
import { toBinPath } from '../../../scripts/judges/stamp.ts';
import { askInside } from '../judge/ask.ts';
import { ACCEPTS, REFUSES } from '../judge/judge.ts';
import { askSpdxTools } from '../judge/sbom-tools.ts';
import type { Trial } from '../trial.ts';
import type { World } from '../world.ts';

const SECTION = 'SBOMs that syft made of a Go program, merged into ours';
const FORMATS = { 'CycloneDX 1.6': 'cyclonedx-json@1.6', 'SPDX 2.3': 'spdx-json@2.3' } as const;

const scan = async (program: string, folder: string, format: string): Promise<string> => {
	const file = join(folder, `${format.replaceAll(/\W/g, '-')}.json`);
	const argv = [
		toBinPath('syft'),
		'scan',
		`file:${program}`,
		'--quiet',
		'--output',
		`${format}=${file}`,
	] as const;
	const environment = { PATH: process.env.PATH, HOME: folder, SYFT_CHECK_FOR_APP_UPDATE: 'false' };
	const { code, stderr } = await run(argv, { cwd: folder, environment });
	if (code !== 0) throw new Error(`syft scan: ${stderr}`);
	return file;
};

const merge = (file: string): Sbom => {
	const { part, epoch } = parseReadySbom(readFileSync(file), file);
	return makeSbom({
		root: {
			type: 'application',
			name: 'memlog',
			version: '1.0.0',
			purl: 'pkg:generic/memlog@1.0.0',
			hashes: [],
			links: [],
		},
		parts: [part],
		digest: 'e'.repeat(64),
		epoch,
		tool: { name: 'slipway', version: '0.0.0' },
	});
};

/** Every Go module that the program was linked from has to be in the merged SBOM, by purl. */
const checkMerged = (file: string): void => {
	const text = readFileSync(file, 'utf8');
	const theirs = new Set(text.match(/pkg:golang\/[^"?#]+/g));
	const ours = new Set(merge(file).components.flatMap(({ purl }) => purl?.replace(/[?#].*/, '') ?? []));
	const lost = [...theirs].filter((purl) => !ours.has(purl));
	if (theirs.size < 20) throw new Error(`expected syft to find modules, it found ${theirs.size}`);
	if (lost.length > 0) throw new Error(`${lost.length} of ${theirs.size} are lost, for example ${lost[0]}`);
};

/** The last quarter of the document is not there. */
const writeTorn = (file: string): string => {
	const bytes = readFileSync(file);
	writeFileSync(`${file}.torn`, bytes.subarray(0, (bytes.length * 3) >> 2));
	return `${file}.torn`;
};

const toTrials = (row: string, file: string): Trial[] => {
	const merged = `${file}.merged.spdx.json`;
	const trial = { section: SECTION, row };
	const askAboutMerged = () => {
		writeFileSync(merged, toSpdx(merge(file)));
		return askSpdxTools(merged);
	};
	const askSlipway = (input: string) => async () => askInside(() => checkMerged(input));
	return [
		{ ...trial, item: 'as syft made it', judge: 'slipway', expectation: ACCEPTS, look: askSlipway(file) },
		{ ...trial, item: 'torn', judge: 'slipway', expectation: REFUSES, look: askSlipway(writeTorn(file)) },
		{
			...trial,
			item: 'merged and written',
			judge: 'pyspdxtools',
			expectation: ACCEPTS,
			look: askAboutMerged,
		},
	];
};

/** A program of Go that we did not write down ourselves: its SBOM is made by syft, in both formats, and merged. */
export const toMergeTrials = async ({ folder: parent }: World): Promise<readonly Trial[]> => {
	const folder = join(parent, 'merge');
	mkdirSync(folder);
	const trials: Trial[] = [];
	for (const [row, format] of Object.entries(FORMATS))
		trials.push(...toTrials(row, await scan(toBinPath('memlog'), folder, format)));
	return trials;
};
