import type { DebFacts, Facts } from '../facts/facts.ts';
import { PLACEHOLDER } from '../library.ts';
import { DEFAULT_RUNNERS } from './callers.ts';
import { type RenderOptions, type StarterFile, toStarterFiles, UNKNOWN_REPOSITORY } from './render.ts';

/** A ready set of files for one way to release. */
export interface Starter {
	readonly name: string;
	readonly title: string;
	readonly files: readonly StarterFile[];
}

const NPM: Facts = {
	kinds: ['npm'],
	metadata: { name: 'greet', maintainer: 'Ada Example <ada@example.org>', description: 'says hello' },
	identity: {},
	hasManifest: true,
	hasMaintainer: false,
	npmNames: ['greet'],
	npmPackages: undefined,
	repository: UNKNOWN_REPOSITORY,
	commands: [
		['npm', 'ci'],
		['npm', 'run', 'build'],
	],
	outputs: [],
	debs: [],
	debCommands: [],
	suggested: ['npm', 'github'],
	notes: [],
};

const GREET_DEB: DebFacts = {
	name: 'greet',
	architecture: 'all',
	depends: ['nodejs (>= 18)'],
	files: [
		{ source: 'package.json', target: '/usr/lib/greet/package.json' },
		{ source: 'dist', target: '/usr/lib/greet/dist' },
	],
	links: { '/usr/bin/greet': '../lib/greet/dist/main.js' },
};

const NATIVE: Facts = {
	...NPM,
	kinds: ['c'],
	metadata: {
		name: 'tally',
		version: '2.1.0',
		license: 'Apache-2.0',
		homepage: 'https://example.org/tally',
		maintainer: 'Ada Example <ada@example.org>',
		description: 'counts how often each line occurs',
	},
	identity: { project: 'tally', version: '2.1.0' },
	hasManifest: false,
	npmNames: [],
	commands: [['make'], ['make', 'install', 'DESTDIR=build/root', 'PREFIX=/usr']],
	debs: [
		{
			name: 'tally',
			architecture: 'native',
			depends: ['libc6'],
			files: [{ source: 'build/root/usr', target: '/usr' }],
			links: {},
		},
	],
};

const MONOREPO: Facts = { ...NPM, npmNames: ['@greet/core', '@greet/cli'], npmPackages: ['packages/*'] };

const DEFAULTS: RenderOptions = {
	library: PLACEHOLDER,
	targets: ['npm', 'apt', 'github'],
	runners: DEFAULT_RUNNERS,
	repository: UNKNOWN_REPOSITORY,
	policy: false,
};

interface Recipe {
	readonly title: string;
	readonly facts: Facts;
	readonly options: Partial<RenderOptions>;
}

const WITH_DEB: Facts = { ...NPM, debs: [GREET_DEB] };

const RECIPES: Readonly<Record<string, Recipe>> = {
	npm: { title: 'an npm package', facts: NPM, options: { targets: ['npm', 'github'] } },
	'npm-apt': { title: 'an npm package, also for apt', facts: WITH_DEB, options: {} },
	native: {
		title: 'a compiled program, built on a matrix of runners',
		facts: NATIVE,
		options: { targets: ['apt', 'github'], runners: ['ubuntu-24.04', 'ubuntu-24.04-arm'] },
	},
	monorepo: { title: 'a monorepo of npm packages', facts: MONOREPO, options: { targets: ['npm', 'github'] } },
	'private-sigstore': {
		title: 'signed at a Sigstore of your own, under a policy',
		facts: NPM,
		options: {
			targets: ['npm', 'github'],
			policy: true,
			sigstore: { services: 'sigstore/signing-config.json', trustedRoot: 'sigstore/trusted-root.json' },
		},
	},
	approval: {
		title: 'approval in two steps: uploaded unseen, visible once somebody approves',
		facts: WITH_DEB,
		options: { approval: 'release' },
	},
	'self-hosted': {
		title: 'built on a runner of your own, published from a runner of GitHub',
		facts: WITH_DEB,
		options: { runners: ['self-hosted'] },
	},
};

/** The starters by name, as docs/starters holds them; `library` pins them to a version. */
export const toStarters = (library = PLACEHOLDER): readonly Starter[] =>
	Object.entries(RECIPES).map(([name, { title, facts, options }]) => ({
		name,
		title,
		files: toStarterFiles(facts, { ...DEFAULTS, ...options, library }),
	}));
