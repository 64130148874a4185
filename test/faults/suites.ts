import { existsSync, readFileSync } from 'node:fs';
import type { Tried } from './page.ts';
import type { Suite } from './rows.ts';

interface SuiteResult {
	readonly name: string;
	readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
}

/** What the last `npm test` and `npm run test:whole` on this machine left; empty where they have not run. */
const readResults = (): readonly SuiteResult[] =>
	['.cache/results/jest-test.json', '.cache/results/jest-test-whole.json'].flatMap((path) =>
		existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')).testResults as SuiteResult[]) : [],
	);

/** Counts tests of suites, in what their last run left. */
export const countSuites = (suites: readonly Suite[]): Tried => {
	const results = readResults();
	const states = suites.flatMap(({ file, names }) =>
		results
			.filter(({ name }) => name.endsWith(`/${file}`))
			.flatMap(({ assertionResults }) => assertionResults)
			.filter(({ fullName }) => names?.test(fullName) ?? true)
			.map(({ status }) => status)
			.filter((status) => status === 'passed' || status === 'failed'),
	);
	return { tried: states.length, passed: states.filter((status) => status === 'passed').length };
};
