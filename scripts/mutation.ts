// `npm run mutation [module…] [--file path]… [--known]`: changes the protocol modules in thousands of small ways (Stryker) and
// counts the changes that their tests notice. Works on a copy of the repository. A score below 85 % is an error. Results are
// kept in out/mutation, file by file, and hold for a file until it changes: `--known` prints them, `--file` renews one.
import { parseArgs } from 'node:util';
import { withClone } from './mutation/clone.ts';
import { type Group, MODULES } from './mutation/modules.ts';
import { addResults, readResults } from './mutation/results.ts';
import { runStryker } from './mutation/run-stryker.ts';
import { findUnexplained } from './mutation/survivors.ts';
import { hasPassed, MIN_SCORE, toRow, toTableText } from './mutation/table.ts';

const ROOT = process.cwd();

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		file: { type: 'string', multiple: true, default: [] },
		known: { type: 'boolean', default: false },
		concurrency: { type: 'string', default: '2' },
	},
});

const pick = (groups: readonly Group[]): readonly Group[] => {
	if (values.file.length === 0) return groups;
	const picked = groups.map((group) => ({
		...group,
		files: group.files.filter((path) => values.file.some((wanted) => path.endsWith(wanted))),
	}));
	return picked.filter(({ files }) => files.length > 0);
};

const unknown = positionals.filter((name) => !MODULES.has(name));
if (unknown.length > 0) throw new Error(`expected some of ${[...MODULES.keys()].join(', ')}, got ${unknown}`);
const modules = [...MODULES].filter(([name]) => positionals.length === 0 || positionals.includes(name));

const mutateAll = (groups: readonly Group[]): Promise<void> =>
	withClone(ROOT, async (copy) => {
		for (const group of groups) addResults(ROOT, await runStryker(copy, group, Number(values.concurrency)));
	});

if (!values.known) await mutateAll(modules.flatMap(([, groups]) => pick(groups)));

const results = readResults(ROOT);
const rows = modules.map(([name, groups]) =>
	toRow(
		name,
		groups.flatMap(({ files }) => files),
		results,
	),
);
const paths = new Set(modules.flatMap(([, groups]) => groups.flatMap(({ files }) => files)));
const unexplained = findUnexplained(
	Object.fromEntries(Object.entries(results).filter(([path]) => paths.has(path))),
);
for (const { path, line, was, now, isCovered } of unexplained)
	console.log(`${path}:${line} ${isCovered ? 'survived' : 'no test reaches it'}\n  - ${was}\n  + ${now}`);
console.log(`\n${toTableText(rows)}`);
console.log(`${unexplained.length} survivors without a reason in scripts/mutation/survivors.json`);
if (!rows.every(hasPassed)) {
	console.error(`expected a score of at least ${MIN_SCORE} % of every module, and results of all its files`);
	process.exitCode = 1;
}
