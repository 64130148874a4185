import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Group, SLOW_TESTS } from './modules.ts';

/** Of the mutation testing report schema: what is read of it. */
export interface Mutant {
	readonly mutatorName: string;
	readonly replacement?: string;
	readonly status:
		| 'Killed'
		| 'Survived'
		| 'NoCoverage'
		| 'Timeout'
		| 'RuntimeError'
		| 'CompileError'
		| 'Ignored'
		| 'Pending';
	readonly location: { readonly start: Position; readonly end: Position };
}

interface Position {
	/** From 1 on, both. */
	readonly line: number;
	readonly column: number;
}

export type Report = Readonly<
	Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>
>;

const REPORT = 'out/mutation.json';

const toConfig = ({ files, suites }: Group, concurrency: number): object => ({
	plugins: ['./scripts/mutation/test-runner.ts', './scripts/mutation/ignore-texts.mjs'],
	mutate: files,
	ignorers: ['texts'],
	inPlace: true,
	testRunner: 'circus',
	suites: suites.map((suite) => `${suite}.test.ts`),
	without: SLOW_TESTS.source,
	testRunnerNodeArgs: ['--no-warnings'],
	coverageAnalysis: 'perTest',
	concurrency,
	// Loops without an end are found by counting, tests that wait by the limit of each test; this is for what is left.
	timeoutMS: 8_000,
	timeoutFactor: 2,
	maxTestRunnerReuse: 500,
	reporters: ['json', 'progress-append-only'],
	jsonReporter: { fileName: REPORT },
	allowEmpty: false,
	allowConsoleColors: false,
	cleanTempDir: 'always',
	warnings: { unknownOptions: false },
});

const execute = (copy: string, config: string): Promise<number | null> =>
	new Promise((resolve, reject) => {
		const stryker = 'node_modules/@stryker-mutator/core/bin/stryker.js';
		const TMPDIR = join(copy, 'out', 'temp');
		mkdirSync(TMPDIR, { recursive: true });
		spawn(process.execPath, [stryker, 'run', config], {
			cwd: copy,
			stdio: 'inherit',
			env: { ...process.env, TMPDIR },
		})
			.on('error', reject)
			.on('exit', resolve);
	});

/** Mutates the files of a group in a copy of the repository. @throws Error where Stryker could not do its work */
export const runStryker = async (copy: string, group: Group, concurrency: number): Promise<Report> => {
	const config = 'stryker.generated.json';
	writeFileSync(join(copy, config), JSON.stringify(toConfig(group, concurrency)));
	const code = await execute(copy, config);
	if (code !== 0)
		throw new Error(`expected Stryker to mutate ${group.files.join(', ')}, got exit code ${code}`);
	return JSON.parse(readFileSync(join(copy, REPORT), 'utf8')).files;
};
