import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { serveLoopback } from '@slipway/http';
import { findNpmCli, run } from '@slipway/process';
import { isWhole } from '@slipway/testing';
import { packNpm } from '../pack/pack-npm.ts';
import { readPackage } from '../read-package.ts';
import { toPublishDocument } from './publish-document.ts';

let root = '';
beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), 'publish-document-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const pack = async (files: Readonly<Record<string, string>>) => {
	for (const [path, text] of Object.entries(files)) {
		mkdirSync(dirname(join(root, 'project', path)), { recursive: true });
		writeFileSync(join(root, 'project', path), text);
	}
	const { fileName, bytes } = await packNpm(join(root, 'project'), { epoch: 0 });
	writeFileSync(join(root, fileName), bytes);
	return { file: join(root, fileName), bytes, facts: await readPackage(bytes, fileName) };
};

/** What the real npm sends when it publishes this tarball. */
const captureNpm = async (file: string): Promise<{ readonly document: unknown; readonly origin: string }> => {
	let sent = '';
	const server = await serveLoopback(async (request, response) => {
		for await (const chunk of request) sent += chunk;
		response
			.writeHead(request.method === 'PUT' ? 200 : 404, { 'content-type': 'application/json' })
			.end('{}');
	});
	const host = new URL(server.origin).host;
	writeFileSync(join(root, '.npmrc'), `//${host}/:_authToken=x\nregistry=${server.origin}/\n`);
	const args = [
		'publish',
		file,
		'--tag',
		'next',
		'--access',
		'public',
		'--ignore-scripts',
		'--loglevel=error',
	];
	const environment = { PATH: process.env.PATH, HOME: root, npm_config_cache: join(root, 'cache') };
	const { code, stderr } = await run([...findNpmCli(), ...args], { cwd: root, environment });
	await server.close();
	if (code !== 0) throw new Error(stderr);
	return { document: JSON.parse(sent), origin: server.origin };
};

/** Fields that say where npm and the tarball were, not what the package is. */
const OF_THE_MACHINE = ['_nodeVersion', '_npmVersion', '_integrity', '_resolved', '_from'];

const withoutMachine = (document: unknown): unknown =>
	JSON.parse(JSON.stringify(document), (key, value) => (OF_THE_MACHINE.includes(key) ? undefined : value));

const FILES = {
	'package.json': JSON.stringify({
		name: '@acme/greet',
		version: '1.2.3',
		description: 'Says hello',
		license: 'MIT',
		keywords: ['hello'],
		homepage: 'https://example.org/',
		repository: { type: 'git', url: 'git+https://github.com/acme/greet.git' },
		bugs: { url: 'https://github.com/acme/greet/issues' },
		author: { name: 'A', email: 'a@example.org' },
		type: 'module',
		main: './index.js',
		exports: { '.': './index.js' },
		bin: { greet: './cli.js' },
		engines: { node: '>=20' },
		scripts: { test: 'node --test' },
		dependencies: { semver: '^7.0.0' },
		peerDependencies: { react: '>=18' },
		peerDependenciesMeta: { react: { optional: true } },
		optionalDependencies: { fsevents: '^2.0.0' },
		devDependencies: { typescript: '^5.0.0' },
		publishConfig: { access: 'public' },
		funding: { url: 'https://example.org/fund' },
	}),
	'index.js': '1',
	'cli.js': '#!/usr/bin/env node',
	'README.md': '# Greet\n',
};

/** Fields that others leave out, and that npm fills with nothing. */
const PLAIN = { description: 'x', version: '1.0.0', name: '@acme/plain' };

const PACKAGES: readonly (readonly [string, object])[] = [
	['every field written out', JSON.parse(FILES['package.json'])],
	['as little as possible', PLAIN],
	[
		'shorthands',
		{
			...PLAIN,
			bin: './cli.js',
			repository: 'acme/greet',
			author: 'A <a@example.org> (https://a.example)',
			contributors: ['B <b@example.org>', { name: 'C' }],
			bugs: 'https://bugs.example/',
			keywords: 'a, b',
			funding: 'https://fund.example',
			man: 'greet.1',
			_private: 1,
		},
	],
	['bundled dependencies', { ...PLAIN, dependencies: { semver: '7' }, bundledDependencies: ['semver'] }],
	['a repository elsewhere', { ...PLAIN, repository: 'https://git.example/greet.git' }],
	[
		'a repository on a known host',
		{ ...PLAIN, repository: { type: 'git', url: 'https://gitlab.com/acme/greet', directory: 'a' } },
	],
	['a repository by prefix', { ...PLAIN, repository: 'bitbucket:acme/greet' }],
];

test.each(isWhole() ? PACKAGES : PACKAGES.slice(0, 3))(
	'is the document that npm sends: %s',
	async (_, packageJson) => {
		const { file, bytes, facts } = await pack({ ...FILES, 'package.json': JSON.stringify(packageJson) });
		const { document, origin } = await captureNpm(file);
		const ours = toPublishDocument({ facts, bytes, tag: 'next', access: 'public', registry: `${origin}/` });
		expect(withoutMachine(ours)).toEqual(withoutMachine(document));
	},
	900_000,
);

test('the same request gives the same document', async () => {
	const { bytes, facts } = await pack(FILES);
	const request = {
		facts,
		bytes,
		tag: 'x',
		access: 'public',
		registry: 'https://registry.example/',
	} as const;
	expect(JSON.stringify(toPublishDocument(request))).toBe(JSON.stringify(toPublishDocument(request)));
});

test('a native addon without an install script is built by its users', async () => {
	const { bytes, facts } = await pack({ ...FILES, 'binding.gyp': '{}' });
	const request = {
		facts,
		bytes,
		tag: 'x',
		access: 'public',
		registry: 'https://registry.example/',
	} as const;
	expect(toPublishDocument(request)).toMatchObject({
		versions: { '1.2.3': { gypfile: true, scripts: { install: 'node-gyp rebuild', test: 'node --test' } } },
	});
});
