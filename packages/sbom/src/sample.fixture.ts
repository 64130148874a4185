import { createHash } from 'node:crypto';
import { toGraphPart } from './graph/to-part.ts';
import { toLicenceReader } from './licence/parse-licence.ts';
import type { SbomRequest } from './model/make-sbom.ts';
import { makeSbom } from './model/make-sbom.ts';
import type { Sbom } from './model/sbom.ts';
import { readNpmLock } from './npm/read-npm-lock.ts';

/** A sha512 integrity made of a name. */
export const toIntegrity = (name: string): string =>
	`sha512-${createHash('sha512').update(name).digest('base64')}`;

export const toHex = (name: string): string => createHash('sha512').update(name).digest('hex');

/** The address of a tarball at a registry that does not exist. */
export const toTarball = (name: string, version: string): string =>
	`https://registry.example/${name}/-/${name.split('/').at(-1)}-${version}.tgz`;

const locked = (name: string, version: string, more: object = {}): object => ({
	version,
	resolved: toTarball(name, version),
	integrity: toIntegrity(`${name}@${version}`),
	license: 'MIT',
	...more,
});

/** One lockfile with everything that npm knows: workspaces, links, aliases, bundles, git, files, peers, overrides, cycles. */
export const NPM_LOCK = {
	name: '@acme/app',
	version: '1.2.0',
	lockfileVersion: 3,
	requires: true,
	packages: {
		'': {
			name: '@acme/app',
			version: '1.2.0',
			license: 'Apache-2.0',
			workspaces: ['packages/*'],
			dependencies: {
				a: '^1.0.0',
				alias: 'npm:real@^2.0.0',
				fromgit: 'github:acme/fromgit',
				'@acme/scoped': '*',
			},
			optionalDependencies: { opt: '^1.0.0', 'not-on-this-platform': '^9.0.0' },
			devDependencies: { tool: '^3.0.0' },
		},
		'node_modules/@acme/member': { resolved: 'packages/member', link: true },
		'packages/member': {
			name: '@acme/member',
			version: '0.1.0',
			license: 'SEE LICENSE IN LICENSE.txt',
			dependencies: { b: '^2.0.0' },
			devDependencies: { 'member-tool': '1.0.0' },
		},
		'node_modules/a': locked('a', '1.0.0', {
			dependencies: { b: '^1.0.0', cycle: '*' },
			peerDependencies: { peer: '*', 'lost-peer': '*' },
		}),
		'node_modules/peer': locked('peer', '1.0.0', { peer: true }),
		'node_modules/cycle': locked('cycle', '1.0.0', { dependencies: { a: '*' } }),
		'node_modules/b': locked('b', '1.0.0', { license: 'Apache 2.0' }),
		'packages/member/node_modules/b': locked('b', '2.0.0', { license: 'UNLICENSED' }),
		'node_modules/alias': { ...locked('real', '2.1.0'), name: 'real' },
		'node_modules/fromgit': {
			version: '0.0.1',
			resolved: 'git+ssh://git@github.com/acme/fromgit.git#0123456789012345678901234567890123456789',
			license: 'ISC',
			dependencies: {
				fromfile: 'file:vendor/fromfile.tgz',
				tarball: 'https://user:secret@example.org/t.tgz',
			},
		},
		'node_modules/fromfile': {
			version: '1.0.0',
			resolved: 'file:vendor/fromfile.tgz',
			integrity: toIntegrity('fromfile'),
		},
		'node_modules/tarball': {
			version: '4.0.0',
			resolved: 'https://user:secret@example.org/downloads/t.tgz?token=secret',
			integrity: toIntegrity('tarball'),
			license: '(MIT OR LicenseRef-own)',
		},
		'node_modules/@acme/scoped': locked('@acme/scoped', '1.0.0-rc.1+build.5', {
			dependencies: { bundled: '1.0.0' },
			bundleDependencies: ['bundled'],
		}),
		'node_modules/@acme/scoped/node_modules/bundled': { version: '1.0.0', inBundle: true, license: 'MIT' },
		'node_modules/opt': locked('opt', '1.0.0', { optional: true, dependencies: { deep: '*' } }),
		'node_modules/deep': locked('deep', '1.0.0', { optional: true, license: 'BSD' }),
		'node_modules/tool': locked('tool', '3.0.0', {
			dev: true,
			dependencies: { b: '^1.0.0', 'only-dev': '*' },
		}),
		'node_modules/only-dev': locked('only-dev', '1.0.0', { dev: true }),
		'node_modules/member-tool': locked('member-tool', '1.0.0', { dev: true }),
	},
};

const ROOT: SbomRequest['root'] = {
	type: 'application',
	group: '@acme',
	name: 'app',
	version: '1.2.0',
	purl: 'pkg:npm/%40acme/app@1.2.0',
	hashes: [
		{ algorithm: 'SHA-256', value: 'ab'.repeat(32) },
		{ algorithm: 'SHA-512', value: 'cd'.repeat(64) },
	],
	supplier: { kind: 'person', name: 'Ada Example', email: 'ada@example.org' },
	licence: { kind: 'expression', expression: 'Apache-2.0' },
	links: [{ type: 'vcs', url: 'https://github.com/acme/app' }],
	file: { name: 'acme-app-1.2.0.tgz', executable: false, archive: true, structured: true },
};

/** The SBOM of NPM_LOCK's root, with everything in it. */
export const toSampleSbom = (change: Partial<SbomRequest> = {}): Sbom => {
	const graph = readNpmLock(JSON.stringify(NPM_LOCK), {
		source: 'package-lock.json',
		readLicence: toLicenceReader(),
	});
	return makeSbom({
		root: ROOT,
		parts: [toGraphPart(graph, '', { development: true })],
		digest: 'ab'.repeat(32),
		epoch: 1_700_000_000,
		tool: { name: 'slipway', version: '0.1.0' },
		...change,
	});
};
