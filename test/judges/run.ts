// Run by `npm run judges` where there is no network but loopback. Writes out/judges/{table.md,result.json} and leaves
// what was judged in out/judges/files.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { toCountsLine, writeCounts } from '../../scripts/counts.ts';
import { ISOLATED } from '../../scripts/judges/isolate.ts';
import { PYTHON_COMMANDS } from '../../scripts/judges/python-tools.ts';
import { toBinPath } from '../../scripts/judges/stamp.ts';
import { type Judges, openJudges } from './judge/open-judges.ts';
import { toCosignMaker } from './maker/cosign.ts';
import { toSigstorePythonMaker } from './maker/sigstore-python.ts';
import { toSlipwayMaker } from './maker/slipway.ts';
import { toTables } from './report/summary.ts';
import { toMarkdown, toProblems, toReasons, toTerminalTable } from './report/text.ts';
import { toBundleTrials, toStrangersTrials } from './section/bundles.ts';
import { type Result, runTrials, type Trial } from './trial.ts';
import { readVersions } from './versions.ts';
import { startWorld, type World } from './world.ts';

const OUT = join(import.meta.dirname, '..', '..', 'out', 'judges');
const FILES = join(OUT, 'files');

const collectTrials = async (world: World, judges: Judges): Promise<readonly Trial[]> => {
	const { strangers, slipway } = judges;
	const makers = [
		toCosignMaker(toBinPath('cosign'), world),
		toSigstorePythonMaker(PYTHON_COMMANDS.sigstore, world),
	];
	return [
		...(await toBundleTrials(toSlipwayMaker(world), world, [...strangers, slipway])),
		...(await toStrangersTrials(makers, world, slipway)),
	];
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

if (!process.env[ISOLATED]) throw new Error('expected to be started by `npm run judges`');
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
console.log(`\n${count('cannot judge')} questions that a judge cannot answer, each with its reason above`);
console.log(`${toCountsLine(counts)} in ${seconds} s`);
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
