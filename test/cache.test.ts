// A release takes nothing from a cache: what a cache holds, others can write.
import { readWorkspaces, toPackageName } from './source-tree.ts';

const workspaces = readWorkspaces();
const CACHE = '@slipway/runner/cache';

const importsOf = (specifier: string): string[] =>
	workspaces.flatMap(({ folder, files }) =>
		files.filter(({ imports, isTest }) => !isTest && imports.includes(specifier)).map(() => folder),
	);

test('only plan, which looks at a proposal, opens a cache', () => {
	expect([...new Set(importsOf(CACHE))]).toEqual(['actions/plan']);
});

test("GitHub's client of the cache is behind that one door", () => {
	const importers = workspaces.flatMap(({ files }) =>
		files
			.filter(
				({ isTest, imports }) => !isTest && imports.some((each) => toPackageName(each) === '@actions/cache'),
			)
			.map(({ path }) => path),
	);
	expect(importers).toEqual(['packages/runner/src/cache.ts']);
});

test('no other file of the runner imports that one', () => {
	const files = workspaces.find(({ folder }) => folder === 'packages/runner')?.files ?? [];
	const importers = files.filter(({ isTest, imports }) => !isTest && imports.includes('./cache.ts'));
	expect(importers.map(({ path }) => path)).toEqual([]);
});
