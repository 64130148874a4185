// `npm run lint:workflows`: strangers read every workflow and action that is shipped or written for users, and must have
// nothing to say: GitHub's own parser, zizmor and actionlint. A test is one file before one of them. With the argument
// `parser` only the first is asked, which needs nothing installed.
import { findTool } from '@slipway/testing';
import { addCounts, type Counts, toCountsLine, writeCounts } from './counts.ts';
import { installTools } from './judges/install.ts';
import { writeCanary } from './lint-workflows/canary.ts';
import { type LintedFile, readLintedFiles } from './lint-workflows/files.ts';
import { githubParser } from './lint-workflows/github-parser.ts';
import type { Linter } from './lint-workflows/linter.ts';
import { actionlint, LINTER_TOOLS, zizmor } from './lint-workflows/programs.ts';

/** undefined: they are there now. */
const installPrograms = async (): Promise<string | undefined> => {
	if (findTool('python3') === undefined) return 'that needs python3';
	return installTools(LINTER_TOOLS).then(
		() => undefined,
		(error: Error) => `they could not be installed: ${error.message}`,
	);
};

const lint = async (linter: Linter, files: readonly LintedFile[], canary: LintedFile): Promise<Counts> => {
	if ((await linter.lint([canary])).length === 0)
		throw new Error(`expected ${linter.name} to see what is wrong in ${canary.path}, it saw nothing`);
	const complaints = await linter.lint(files);
	for (const { path, line, message } of complaints)
		console.error(`${path}:${line} ${linter.name}: ${message}`);
	const failed = new Set(complaints.map(({ path }) => path)).size;
	const counts = { passed: Math.max(0, files.length - failed), failed, skipped: 0 };
	console.log(`${linter.name}: ${toCountsLine(counts)}`);
	return counts;
};

const lintAll = async (): Promise<Counts> => {
	const files = readLintedFiles();
	const canary = writeCanary();
	const parsed = await lint(githubParser, files, canary);
	if (process.argv[2] === 'parser') return parsed;
	const missing = await installPrograms();
	if (missing === undefined)
		return addCounts([parsed, await lint(actionlint, files, canary), await lint(zizmor, files, canary)]);
	console.error(`SKIPPED: zizmor and actionlint read nothing: ${missing}`);
	const [failed, skipped] = process.env.CI ? [2, 0] : [0, 2];
	return addCounts([parsed, { passed: 0, failed, skipped }]);
};

const counts = await lintAll();
if (process.argv[2] === undefined) writeCounts('lint:workflows', counts);
console.log(toCountsLine(counts));
process.exitCode = counts.failed > 0 ? 1 : 0;
