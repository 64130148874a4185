import type { Tree } from './repository.ts';

/** Addresses of the services that a project is released to. */
export interface Addresses {
	readonly npm: string;
	readonly apt: string;
	/** Armored; what users of the apt repository trust. */
	readonly aptPublicKey: string;
	/** Documents of the local Sigstore; undefined: the project is not signed. */
	readonly sigstore?: { readonly services: object; readonly root: object } | undefined;
}

export type TargetName = 'npm' | 'apt' | 'github';

export interface ProjectOptions {
	readonly name: string;
	readonly version: string;
	readonly targets: readonly TargetName[];
	readonly npmMode?: 'tag' | 'stage' | undefined;
	/** Merged over slipway.yml. */
	readonly config?: object | undefined;
}

/** Branch of the apt repository, and of the journal. */
export const APT_BRANCH = 'slipway-apt';
export const JOURNAL_BRANCH = 'slipway';

const toTargets = ({ targets, name, npmMode = 'tag' }: ProjectOptions, addresses: Addresses): object => {
	const all = {
		npm: { type: 'npm', registry: addresses.npm, mode: npmMode },
		apt: {
			type: 'apt',
			store: { branch: APT_BRANCH },
			url: addresses.apt,
			suite: 'stable',
			origin: `${name} packages`,
			'signing-key': { environment: 'APT_SIGNING_KEY' },
			'trusted-keys': ['apt-key.asc'],
		},
		github: { type: 'github' },
	};
	return Object.fromEntries(targets.map((target) => [target, all[target]]));
};

const toDeb = ({ name }: ProjectOptions): object => ({
	name,
	architecture: 'all',
	maintainer: 'Ada Example <ada@example.org>',
	copyright: '2026 Ada Example',
	files: [{ source: 'main.js', target: `/usr/bin/${name}`, mode: '0755' }],
});

const toConfig = (project: ProjectOptions, addresses: Addresses): object => ({
	...(project.targets.includes('apt') && { deb: [toDeb(project)] }),
	...(addresses.sigstore && { sign: { services: 'services.json', 'trusted-root': 'root.json' } }),
	test: [[project.name]],
	targets: toTargets(project, addresses),
	journal: { branch: JOURNAL_BRANCH },
	...project.config,
});

const toPackageJson = ({ name, version }: ProjectOptions): object => ({
	name,
	version,
	description: 'says hello',
	license: 'MIT',
	homepage: 'https://example.org/greet',
	repository: { type: 'git', url: 'git+https://github.com/acme/greet.git' },
	bin: 'main.js',
	files: ['main.js'],
});

const toJson = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

/** A program that says its version, as an npm package and a Debian package. */
export const toProject = (project: ProjectOptions, addresses: Addresses): Tree => ({
	'package.json': toJson(toPackageJson(project)),
	LICENSE: 'MIT License\n\nPermission is hereby granted, free of charge, to any person obtaining a copy.\n',
	'main.js': `#!/usr/bin/env node\nconsole.log('hello from ${project.version}');\n`,
	'slipway.yml': toJson(toConfig(project, addresses)),
	'apt-key.asc': addresses.aptPublicKey,
	...(addresses.sigstore && {
		'services.json': toJson(addresses.sigstore.services),
		'root.json': toJson(addresses.sigstore.root),
	}),
});
