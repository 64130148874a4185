import { existsSync, readFileSync } from 'node:fs';
import { toFaultsPage, withoutCounts } from './page.ts';
import { FAULT_ROWS } from './rows.ts';

test('the page of faults has the rows that are tried (npm run faults -- --write-page writes it)', () => {
	const page = readFileSync('docs/explanation/faults.md', 'utf8');
	expect(withoutCounts(page)).toBe(withoutCounts(toFaultsPage(new Map(), 'all')));
});

test.each(FAULT_ROWS)(
	'$number is tried by something that is there, or says why not',
	({ suites, isIn, hasTrials, none }) => {
		for (const { file } of suites) expect(existsSync(file)).toBe(true);
		expect(suites.length > 0 || isIn !== undefined || hasTrials || none !== undefined).toBe(true);
	},
);
