import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export type Files = Readonly<Record<string, string>>;

/** A folder with these files, for one test. */
export const makeProject = async (files: Files): Promise<string> => {
	const folder = join(await mkdtemp(join(tmpdir(), 'slipway-init-')), 'box');
	await mkdir(folder);
	for (const [path, text] of Object.entries(files)) {
		await mkdir(dirname(join(folder, path)), { recursive: true });
		await writeFile(join(folder, path), text);
	}
	return folder;
};

export const toJson = (value: object): string => JSON.stringify(value);

export const BOX = {
	name: 'box',
	version: '1.2.0',
	license: 'MIT',
	repository: 'acme/box',
	main: 'index.js',
} as const;

/** One of each kind, as small as real ones begin. */
export const PROJECTS: Readonly<Record<string, Files>> = {
	npm: { 'package.json': toJson(BOX), 'index.js': '' },
	'npm with a build': {
		'package.json': toJson({ ...BOX, main: 'dist/index.js', scripts: { build: 'tsc' } }),
		'package-lock.json': '{}',
	},
	'npm with a program': {
		'package.json': toJson({
			...BOX,
			bin: { box: './cli.js' },
			files: ['lib'],
			description: 'a box',
			author: 'Ada Example <ada@example.org>',
			engines: { node: '>=18' },
			dependencies: { semver: '^7' },
		}),
		'index.js': '',
		'cli.js': '',
		'lib/box.js': '',
	},
	workspaces: {
		'package.json': toJson({ private: true, workspaces: ['packages/*', '!packages/private'] }),
		'package-lock.json': '{}',
		'packages/one/package.json': toJson({ name: '@acme/one', version: '2.0.0', scripts: { build: 'tsc' } }),
		'packages/two/package.json': toJson({ name: '@acme/two', version: '2.1.0' }),
		'packages/site/package.json': toJson({ name: 'site', private: true }),
	},
	pnpm: {
		'package.json': toJson({
			name: 'mono',
			version: '3.0.0',
			private: true,
			packageManager: 'pnpm@9.1.0',
			scripts: { build: 'x' },
		}),
		'pnpm-lock.yaml': '',
		'pnpm-workspace.yaml': 'packages:\n  - "libs/*"\n',
		'libs/one/package.json': toJson({ name: 'one', version: '3.0.0' }),
	},
	go: {
		'go.mod': 'module github.com/acme/box/v2\n\ngo 1.22\n',
		'main.go': 'package main\n\nfunc main() {}\n',
		'cmd/boxd/main.go': '// a daemon\npackage main\n',
	},
	rust: {
		'Cargo.toml':
			'[package]\nname = "box"\nversion = "0.3.1"\nlicense = "MIT"\nauthors = ["Ada Example <ada@example.org>"]\nrepository = "https://github.com/acme/box"\n',
		'Cargo.lock': '',
		'src/main.rs': 'fn main() {}',
	},
	'rust workspace': {
		'Cargo.toml': '[workspace]\nmembers = ["crates/*"]\n[workspace.package]\nversion = "1.0.0"\n',
		'crates/tool/Cargo.toml': '[package]\nname = "tool"\nversion.workspace = true\n',
		'crates/tool/src/main.rs': '',
		'crates/lib/Cargo.toml': '[package]\nname = "lib"\n',
	},
	python: {
		'pyproject.toml':
			'[project]\nname = "box"\nversion = "1.0"\nauthors = [{name = "Ada", email = "ada@example.org"}]\n[project.urls]\nHomepage = "https://example.org"\nSource = "https://github.com/acme/box"\n',
	},
	make: { Makefile: 'all:\n\tcc -o box box.c\ninstall:\n\ttrue\n', 'box.c': '' },
	cmake: { 'CMakeLists.txt': 'project(box VERSION 4.5 DESCRIPTION "a box" LANGUAGES C)\n' },
	debian: {
		'meson.build': "project('box', 'c', version: '1.1.0', license: 'MIT')\n",
		'debian/control':
			'Source: box\nMaintainer: Ada Example <ada@example.org>\nHomepage: https://example.org\n\nPackage: box\nArchitecture: any\nDescription: a box\n for things\n',
		'debian/changelog': 'box (1.2.0-3) unstable; urgency=low\n',
	},
	'npm and rust': {
		'package.json': toJson(BOX),
		'index.js': '',
		'Cargo.toml': '[package]\nname = "box-native"\nversion = "1.2.0"\n',
		'src/main.rs': '',
	},
};
