// The gates: a whole run on the example greet without a network, and the database of vulnerabilities: made once, then asked.
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeOsvIndex } from '@slipway/gate';
import { makeDumpFiles } from '../packages/gate/src/osv/dump.fixture.ts';
import { VERDICTS } from '../packages/gate/src/osv/verdicts.fixture.ts';
import { toZip } from '../packages/gate/src/osv/zip.fixture.ts';
import { type BenchContext, type BenchRow, measure, toSpread } from './row.ts';

const ROOT = join(import.meta.dirname, '..');
const RECORDS = 220_000;
const COMPONENTS = 1500;

const spawn = (argv: readonly string[], cwd: string, HOME: string) =>
	spawnSync(argv[0] ?? '', argv.slice(1), {
		cwd,
		encoding: 'utf8',
		env: { HOME, PATH: process.env.PATH, NO_COLOR: '1' },
	});

/** Where user namespaces are forbidden nothing takes the network away; the gates ask nobody by default but the registry. */
const findCage = (folder: string): readonly string[] =>
	spawn(['unshare', '-rn', 'true'], folder, folder).status === 0 ? ['unshare', '-rn'] : [];

/** Milliseconds of `slipway gate` from start to exit. */
const measureGreet = async ({ tempDir, log }: BenchContext): Promise<readonly number[]> => {
	const folder = join(tempDir, 'greet');
	cpSync(join(ROOT, 'examples/greet'), folder, { recursive: true });
	rmSync(join(folder, '.slipway'), { recursive: true, force: true });
	const slipway = [process.execPath, join(ROOT, 'packages/cli/src/main.ts')];
	const built = spawn([...slipway, 'build', '--no-test', '--quiet'], folder, tempDir);
	if (built.status !== 0) throw new Error(built.stderr);
	const cage = findCage(tempDir);
	if (cage.length === 0) log('no user namespaces here: the network stays');
	return measure(5, () => {
		const { stdout, stderr } = spawn([...cage, ...slipway, 'gate', '--json', '--quiet'], folder, tempDir);
		const { verdicts } = JSON.parse(stdout) as { readonly verdicts?: readonly unknown[] };
		if (verdicts?.length !== 10) throw new Error(stderr);
	});
};

/** Package URLs of packages that are in the dump: every one of them costs a look into its records. */
const toPurls = (): string[] => {
	const purls = VERDICTS.map(([purl]) => purl);
	const every = Math.floor(RECORDS / COMPONENTS);
	let index = 0;
	for (const { bytes } of makeDumpFiles({ records: RECORDS })) {
		index += 1;
		if (index % every !== 0 || purls.length >= COMPONENTS) continue;
		const { affected } = JSON.parse(Buffer.from(bytes).toString()) as {
			readonly affected: readonly {
				readonly package: { readonly ecosystem: string; readonly name: string };
			}[];
		};
		const { ecosystem = '', name = '' } = affected[0]?.package ?? {};
		purls.push(
			ecosystem === 'npm' ? `pkg:npm/${name}@1.0.0` : `pkg:deb/debian/${name}@1.0.0-1?distro=debian-12`,
		);
	}
	return purls;
};

const measureLookUps = async (index: string, { tempDir, log }: BenchContext): Promise<readonly number[]> => {
	const list = join(tempDir, 'purls.json');
	const purls = toPurls();
	writeFileSync(list, JSON.stringify(purls));
	const argv = [process.execPath, '--no-warnings', join(import.meta.dirname, 'gate/look-up.ts'), index, list];
	const samples: number[] = [];
	for (let run = 0; run < 7; run += 1) {
		const { stdout, stderr, status } = spawn(argv, tempDir, tempDir);
		if (status !== 0) throw new Error(stderr);
		const { ms, matches } = JSON.parse(stdout) as { readonly ms: number; readonly matches: number };
		if (run === 0) log(`${purls.length} components, ${matches} advisories matched`);
		samples.push(ms);
	}
	return samples;
};

export const benchGate = async (bench: BenchContext): Promise<readonly BenchRow[]> => {
	const greet: BenchRow = {
		name: 'gate on examples/greet without a network, whole process',
		unit: 'ms',
		...toSpread(await measureGreet(bench)),
		wanted: { atMost: 2000 },
	};
	const dump = join(bench.tempDir, 'all.zip');
	const index = join(bench.tempDir, 'osv.index');
	bench.log(`making a dump of ${RECORDS} OSV records`);
	writeFileSync(dump, toZip(makeDumpFiles({ records: RECORDS })));
	const indexed: BenchRow = {
		name: `index a dump of ${RECORDS} OSV records, once`,
		unit: 'ms',
		...toSpread(await measure(1, () => writeOsvIndex(dump, index))),
	};
	bench.log(`${statSync(dump).size} bytes indexed into ${statSync(index).size}`);
	const lookUp: BenchRow = {
		name: `look up ${COMPONENTS} SBOM components in a fresh process`,
		unit: 'ms',
		...toSpread(await measureLookUps(index, bench)),
		wanted: { atMost: 200 },
	};
	return [greet, indexed, lookUp];
};
