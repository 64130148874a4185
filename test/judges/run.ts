// Run by `npm run judges` where there is no network but loopback. Writes out/judges/{table.md,result.json} and leaves
// what was judged in out/judges/files. Arguments: names of sections (bundles, strangers, release, apt, sbom, merge); default: all.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { toCountsLine, writeCounts } from '../../scripts/counts.ts';
import { PYTHON_COMMANDS } from '../../scripts/judges/python-tools.ts';
import { toBinPath } from '../../scripts/judges/stamp.ts';
import { type Judges, openJudges } from './judge/open-judges.ts';
import { toCosignMaker } from './maker/cosign.ts';
import { toSigstorePythonMaker } from './maker/sigstore-python.ts';
import { toSlipwayMaker } from './maker/slipway.ts';
import { makeRelease } from './maker/slipway-release.ts';
import { toTables } from './report/summary.ts';
import { toMarkdown, toProblems, toReasons, toTerminalTable, toUnjudgedText } from './report/text.ts';
import { toAptTrials } from './section/apt.ts';
import { toBundleTrials, toStrangersTrials } from './section/bundles.ts';
import { toMergeTrials } from './section/merge.ts';
import { toReleaseTrials } from './section/release.ts';
import { toSbomTrials } from './section/sbom.ts';
import { type Result, runTrials, type Trial } from './trial.ts';
import { readVersions } from './versions.ts';
import { startWorld, type World } from './world.ts';

const OUT = join(import.meta.dirname, '..', '..', 'out', 'judges');
const FILES = join(OUT, 'files');

/** Makes what is judged, and says who is asked what about it. */
type Section = (world: World, judges: Judges) => Promise<readonly Trial[]>;

const SECTIONS: Readonly<Record<string, Section>> = {
	bundles: (world, { strangers, slipway }) =>
		toBundleTrials(toSlipwayMaker(world), world, [...strangers, slipway]),
	strangers: (world, { slipway }) => {
		const cosign = toCosignMaker(toBinPath('cosign'), world);
		return toStrangersTrials(
			[cosign, toSigstorePythonMaker(PYTHON_COMMANDS.sigstore, world)],
			world,
			slipway,
		);
	},
	release: async (world, { strangers, slipway }) =>
		toReleaseTrials(await makeRelease(world), world, [...strangers, slipway]),
	apt: toAptTrials,
	sbom: toSbomTrials,
	merge: toMergeTrials,
};

/** What could not even be made is a failure of its own, and the others are judged nevertheless. */
const toMakingTrial = (name: string, error: unknown): Trial => ({
	section: 'What could not be made',
	row: name,
	item: name,
	judge: 'slipway',
	expectation: { verdict: 'accepts' },
	look: () => Promise.reject(error),
});

const collectTrials = async (world: World, judges: Judges): Promise<readonly Trial[]> => {
	const asked = process.argv.slice(2);
	const trials: Trial[] = [];
	for (const [name, section] of Object.entries(SECTIONS)) {
		if (asked.length > 0 && !asked.includes(name)) continue;
		const made = await section(world, judges).catch((error: unknown) => [toMakingTrial(name, error)]);
		trials.push(...made);
	}
	return trials;
};

const judgeAll = async (): Promise<readonly Result[]> => {
	const world = await startWorld(FILES, toBinPath);
	const judges = await openJudges(world.sigstore, FILES);
	try {
		const trials = await collectTrials(world, judges);
		console.log(`${trials.length} questions to judges`);
		return await runTrials(trials, availableParallelism());
	} finally {
		judges.close();
		await world.stop();
	}
};

const print = (results: readonly Result[]): void => {
	for (const table of toTables(results)) {
		console.log(`\n${toTerminalTable(table)}`);
		for (const reason of toReasons(table)) console.log(`  ${reason}`);
	}
	for (const problem of toProblems(results).slice(0, 100)) console.log(`FAILED  ${problem}`);
};

const beyond = Object.keys(networkInterfaces()).filter((name) => name !== 'lo');
if (beyond.length > 0)
	throw new Error(`expected no network but loopback (npm run judges), got ${beyond.join(', ')}`);
const started = performance.now();
rmSync(OUT, { recursive: true, force: true });
mkdirSync(FILES, { recursive: true });
const results = await judgeAll();
const versions = readVersions();
print(results);
writeFileSync(join(OUT, 'table.md'), toMarkdown(results, versions));
writeFileSync(join(OUT, 'result.json'), `${JSON.stringify({ versions, results }, null, '\t')}\n`);
const count = (outcome: Result['outcome']): number =>
	results.filter((result) => result.outcome === outcome).length;
const counts = { passed: count('as expected'), failed: count('failed'), skipped: 0 };
writeCounts('judges', counts);
const seconds = Math.round((performance.now() - started) / 1000);
console.log(`\n${toUnjudgedText(results)}`);
console.log(`${count('cannot judge')} questions that a judge cannot answer, each with its reason above`);
console.log(`${toCountsLine(counts)} in ${seconds} s`);
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
