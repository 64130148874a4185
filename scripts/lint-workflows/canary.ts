import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LintedFile } from './files.ts';

/** A workflow in which each linter has to find something: what finds nothing here says nothing by its silence. */
const TEXT = [
	'on: issues',
	'jobs:',
	'  a:',
	'    needs: nobody',
	'    runs-on: ubuntu-24.04',
	'    steps:',
	'      - uses: actions/checkout@main',
	`      - run: echo "$${'{{ github.event.issue.title }}'}"`,
	'',
].join('\n');

const PATH = '.cache/lint-workflows/.github/workflows/canary.yml';

export const writeCanary = (): LintedFile => {
	mkdirSync(dirname(PATH), { recursive: true });
	writeFileSync(PATH, TEXT);
	return { path: PATH, text: TEXT, kind: 'workflow' };
};
