// The layers of the repository: bases <- packages <- (rehearsal, cli) <- actions. Read from every package.json and
// every import, so that a folder says what its code may know.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModuleItem } from '@swc/core';
import {
	measureSourceFiles,
	ROOT,
	readWorkspaces,
	type SourceFile,
	toLayerName,
	toPackageName,
	type Workspace,
} from './source-tree.ts';

const BASES = ['core', 'archive', 'http', 'process', 'store'];
const PACKAGES = [
	'build',
	'npm',
	'deb',
	'github',
	'release',
	'sbom',
	'sign',
	'verify',
	'gate',
	'report',
	'runner',
	'workflow',
];
const ADAPTERS_AND_STAGES = PACKAGES.filter((name) => name !== 'runner');

/** What the product code of each layer may import, besides itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
	core: [],
	archive: ['core'],
	http: ['core'],
	process: ['core'],
	store: ['core', 'http', 'process'],
	...Object.fromEntries(PACKAGES.map((name) => [name, BASES])),
	testing: BASES,
	rehearsal: [...BASES, ...ADAPTERS_AND_STAGES],
	cli: [...BASES, ...ADAPTERS_AND_STAGES, 'rehearsal'],
	actions: [...BASES, ...ADAPTERS_AND_STAGES, 'runner', 'cli'],
};

const workspaces = readWorkspaces();
const layerByPackage = new Map(
	workspaces.map((workspace) => [workspace.manifest.name, toLayerName(workspace)]),
);
const exportsByPackage = new Map(workspaces.map(({ manifest }) => [manifest.name, manifest.exports ?? {}]));
const rootTools = [
	'@jest/globals',
	'ajv',
	'ajv-formats',
	'ajv-formats-draft2019',
	'fast-check',
	'puppeteer-core',
	'verdaccio',
	'@valibot/to-json-schema',
];

const productFiles = (workspace: Workspace): readonly SourceFile[] =>
	workspace.files.filter(({ isTest }) => !isTest);

const toPackages = (files: readonly SourceFile[]): string[] => [
	...new Set(files.flatMap(({ imports }) => imports).flatMap((specifier) => toPackageName(specifier) ?? [])),
];

/** `file: specifier` of every import that `isAllowed` refuses, for a message that can be acted on. */
const findRefused = (files: readonly SourceFile[], isAllowed: (specifier: string) => boolean): string[] =>
	files.flatMap(({ path, imports }) =>
		imports.filter((specifier) => !isAllowed(specifier)).map((specifier) => `${path}: ${specifier}`),
	);

test('every folder has a layer', () => {
	expect(workspaces.map(toLayerName).filter((name) => !MAY_IMPORT[name])).toEqual([]);
});

describe.each(workspaces.map((workspace) => ({ workspace, folder: workspace.folder })))(
	'$folder',
	({ workspace }) => {
		const layer = toLayerName(workspace);
		const allowed = new Set([layer, ...(MAY_IMPORT[layer] ?? [])]);
		const isLayered = (specifier: string, extra: readonly string[] = []): boolean => {
			const target = layerByPackage.get(toPackageName(specifier) ?? '');
			return target === undefined || allowed.has(target) || extra.includes(target);
		};

		test('imports only the layers below', () => {
			expect(findRefused(productFiles(workspace), (specifier) => isLayered(specifier))).toEqual([]);
		});

		test('its tests add only what stands in for the world', () => {
			const tests = workspace.files.filter(({ isTest }) => isTest);
			const isAllowed = (specifier: string): boolean => {
				const name = toPackageName(specifier);
				const { dependencies, devDependencies } = workspace.manifest;
				const isDeclared = name === undefined || layerByPackage.has(name) || rootTools.includes(name);
				return (
					(isDeclared || Boolean({ ...dependencies, ...devDependencies }[name])) &&
					isLayered(specifier, ['testing', 'rehearsal'])
				);
			};
			expect(findRefused(tests, isAllowed)).toEqual([]);
		});

		test('declares exactly what it imports', () => {
			const files = productFiles(workspace);
			const declared = Object.keys(workspace.manifest.dependencies ?? {});
			const imported = toPackages(files).filter((name) => name !== workspace.manifest.name);
			const named = files.flatMap(({ strings }) => strings);
			const isNamed = (name: string): boolean =>
				named.some((text) => text === name || text.startsWith(`${name}/`));
			expect(imported.filter((name) => !declared.includes(name))).toEqual([]);
			expect(declared.filter((name) => !imported.includes(name) && !isNamed(name))).toEqual([]);
		});

		test('enters other packages only by what they export', () => {
			const isExported = (specifier: string): boolean => {
				const name = toPackageName(specifier);
				const exported = exportsByPackage.get(name ?? '');
				return !name || !exported || `.${specifier.slice(name.length)}` in exported;
			};
			expect(findRefused(workspace.files, isExported)).toEqual([]);
		});
	},
);

describe('in every file', () => {
	const all = workspaces.flatMap(({ files }) => files);
	const product = all.filter(({ path, isTest }) => !isTest && !path.startsWith('packages/testing/'));

	test('only runner imports the toolkit of GitHub', () => {
		const others = all.filter(({ path }) => !path.startsWith('packages/runner/'));
		expect(findRefused(others, (specifier) => !specifier.startsWith('@actions/'))).toEqual([]);
	});

	test('imports climb one folder at most and name the file with its ending', () => {
		const isNear = (specifier: string): boolean =>
			!specifier.startsWith('.') || /^\.\.?\/(?!\.\.).*\.ts$/.test(specifier);
		expect(findRefused(all, isNear)).toEqual([]);
	});

	test('imports are literal', () => {
		expect(findRefused(product, (specifier) => specifier !== '(computed)')).toEqual([]);
	});

	test('there is no default export', () => {
		const isDefault = ({ type }: { type: string }): boolean => type.startsWith('ExportDefault');
		expect(all.filter(({ body }) => body.some(isDefault)).map(({ path }) => path)).toEqual([]);
	});

	test('index.ts only re-exports', () => {
		const isReexport = (item: { type: string; source?: unknown; specifiers?: readonly unknown[] }): boolean =>
			item.type === 'ExportAllDeclaration' ||
			(item.type === 'ExportNamedDeclaration' && (Boolean(item.source) || item.specifiers?.length === 0));
		const indexes = all.filter(({ path }) => path.endsWith('/index.ts'));
		expect(indexes.filter(({ body }) => !body.every(isReexport)).map(({ path }) => path)).toEqual([]);
	});

	test('a module holds no variable', () => {
		const isVariable = (item: ModuleItem): boolean => {
			const declaration = item.type === 'ExportDeclaration' ? item.declaration : item;
			return declaration.type === 'VariableDeclaration' && declaration.kind !== 'const';
		};
		expect(product.filter(({ body }) => body.some(isVariable)).map(({ path }) => path)).toEqual([]);
	});

	test('maps from outside are read by what refuses a list (record of core)', () => {
		// What slipway.yml holds becomes a JSON Schema, which has no such check; its keys are checked there.
		const own = /^packages\/core\/src\/(schema|config\/[a-z-]+)\.ts$/;
		const others = product.filter(({ path }) => !own.test(path));
		const holds = ({ path }: SourceFile): boolean =>
			readFileSync(join(ROOT, path), 'utf8').includes('v.record(');
		expect(others.filter(holds).map(({ path }) => path)).toEqual([]);
	});

	test('files are named for what they hold', () => {
		const vague = /(^|[/-])(utils?|helpers?|common|types|misc)(\.test)?(\.ts|\/)/;
		expect(all.map(({ path }) => path).filter((path) => vague.test(path))).toEqual([]);
	});

	test('files stay short', () => {
		const everything = [...all, ...measureSourceFiles('scripts'), ...measureSourceFiles('test')];
		const isLong = ({ lines, isTest }: Pick<SourceFile, 'lines' | 'isTest'>): boolean =>
			lines > (isTest ? 500 : 250);
		expect(everything.filter(isLong).map(({ path, lines }) => `${path}: ${lines}`)).toEqual([]);
		const lines = product.map((file) => file.lines).sort((a, b) => a - b);
		const at = (share: number): number => lines[Math.floor(lines.length * share)] ?? 0;
		console.info(`${lines.length} files, median ${at(0.5)} lines, p90 ${at(0.9)}, longest ${lines.at(-1)}`);
	});
});

// A release takes nothing from a cache: what a cache holds, others can write.
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
