import type { Tree } from '../world/repository.ts';

/** What a user brings to each starter: a project that its slipway.yml describes. */

const toJson = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;
const LICENSE =
	'MIT License\n\nPermission is hereby granted, free of charge, to any person obtaining a copy.\n';
const BUILD = "import { cpSync } from 'node:fs';\ncpSync('src', 'dist', { recursive: true });\n";

const GREET: Tree = {
	'package.json': toJson({
		name: 'greet',
		version: '1.0.0',
		description: 'says hello',
		license: 'MIT',
		author: 'Ada Example <ada@example.org>',
		homepage: 'https://example.org/greet',
		repository: 'github:acme/greet',
		type: 'module',
		bin: 'dist/main.js',
		files: ['dist'],
		scripts: { build: 'node build.mjs' },
	}),
	'package-lock.json': toJson({
		name: 'greet',
		version: '1.0.0',
		lockfileVersion: 3,
		packages: { '': { name: 'greet', version: '1.0.0', license: 'MIT', bin: { greet: 'dist/main.js' } } },
	}),
	'build.mjs': BUILD,
	'src/main.js': "#!/usr/bin/env node\nconsole.log('hello');\n",
	'.gitignore': 'dist\nnode_modules\n.slipway\n',
	LICENSE,
};

const TALLY: Tree = {
	'tally.c': '#include <stdio.h>\nint main(void) { return puts("1 line") < 0; }\n',
	Makefile: [
		'tally: tally.c',
		'\t$(CC) -O2 -o $@ $<',
		'install: tally',
		'\tinstall -D -m 0755 tally $(DESTDIR)$(PREFIX)/bin/tally',
		'',
	].join('\n'),
	'.gitignore': 'tally\nbuild\n.slipway\n',
	LICENSE,
};

const toPackage = (name: string): string =>
	toJson({
		name: `@greet/${name}`,
		version: '1.0.0',
		description: `${name} of greet`,
		license: 'MIT',
		repository: { type: 'git', url: 'git+https://github.com/acme/greet.git', directory: `packages/${name}` },
		files: ['main.js'],
		publishConfig: { access: 'public' },
	});

const MONOREPO: Tree = {
	'package.json': toJson({
		name: 'greet',
		version: '1.0.0',
		private: true,
		workspaces: ['packages/*'],
		scripts: { build: 'node -e 0' },
	}),
	'package-lock.json': toJson({
		name: 'greet',
		version: '1.0.0',
		lockfileVersion: 3,
		packages: {
			'': { name: 'greet', version: '1.0.0', workspaces: ['packages/*'] },
			...Object.fromEntries(
				['cli', 'core'].flatMap((name) => [
					[`node_modules/@greet/${name}`, { resolved: `packages/${name}`, link: true }],
					[`packages/${name}`, { name: `@greet/${name}`, version: '1.0.0', license: 'MIT' }],
				]),
			),
		},
	}),
	'.gitignore': 'node_modules\n.slipway\n',
	...Object.fromEntries(
		['cli', 'core'].flatMap((name) => [
			[`packages/${name}/package.json`, toPackage(name)],
			[`packages/${name}/main.js`, `export const name = '${name}';\n`],
			[`packages/${name}/LICENSE`, LICENSE],
		]),
	),
	LICENSE,
};

export interface StarterProject {
	readonly files: Tree;
	/** The tag that releases it. */
	readonly tag: string;
	readonly npmNames: readonly string[];
	/** Name of the Debian package; undefined: none. */
	readonly deb?: string | undefined;
}

const GREETING: StarterProject = { files: GREET, tag: 'v1.0.0', npmNames: ['greet'] };

export const STARTER_PROJECTS: Readonly<Record<string, StarterProject>> = {
	npm: GREETING,
	'npm-apt': { ...GREETING, deb: 'greet' },
	native: { files: TALLY, tag: 'v2.1.0', npmNames: [], deb: 'tally' },
	monorepo: { files: MONOREPO, tag: 'v1.0.0', npmNames: ['@greet/cli', '@greet/core'] },
	'private-sigstore': GREETING,
	approval: { ...GREETING, deb: 'greet' },
	'self-hosted': { ...GREETING, deb: 'greet' },
};
