// The package that npm gets, as a user has it: built twice, put into a registry, installed into an empty folder, run.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packNpm } from '@slipway/npm';
import { findNpmCli, run } from '@slipway/process';
import { startVerdaccio, type Verdaccio } from '@slipway/rehearsal/npm-registry';
import { ROOT } from './source-tree.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-package-'));
const epoch = 1_700_000_000;

/** Builds the package from a copy of the repository. */
const build = (from: string, name: string): string => {
	const out = join(folder, name);
	execFileSync(process.execPath, ['scripts/build-packages.ts', out], { cwd: from, stdio: 'pipe' });
	return out;
};

const SOURCES = [
	'scripts',
	'packages',
	'tsconfig.json',
	'package.json',
	'package-lock.json',
	'LICENSE',
	'README.md',
	'slipway.schema.json',
	'slipway.policy.schema.json',
];

/** Sources alone; git says where they come from, and dependencies are the installed ones. */
const copySources = (from: string, name: string): string => {
	const copy = join(folder, name);
	const isSource = (path: string): boolean => !path.includes('node_modules');
	for (const source of SOURCES)
		cpSync(join(from, source), join(copy, source), { recursive: true, filter: isSource });
	const own = readdirSync(join(ROOT, 'packages')).map((each) => join('packages', each, 'node_modules'));
	for (const each of ['node_modules', '.git', ...own.filter((path) => existsSync(join(ROOT, path)))])
		symlinkSync(join(ROOT, each), join(copy, each));
	return copy;
};

const toDigest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const npm = async (cwd: string, registry: Verdaccio, ...args: readonly string[]) => {
	const finished = await run([...findNpmCli(process.env), ...args], {
		cwd,
		environment: {
			PATH: process.env.PATH,
			HOME: folder,
			NODE_EXTRA_CA_CERTS: process.env.NODE_EXTRA_CA_CERTS,
			npm_config_registry: `${registry.origin}/`,
			npm_config_userconfig: join(folder, '.npmrc'),
			npm_config_cache: join(folder, 'npm-cache'),
			npm_config_update_notifier: 'false',
		},
		timeoutMs: 240_000,
	});
	return finished;
};

let built: string;
let tarball: { readonly fileName: string; readonly bytes: Uint8Array };
let registry: Verdaccio;
const project = join(folder, 'box');

beforeAll(async () => {
	built = build(copySources(ROOT, 'source'), 'once');
	tarball = await packNpm(built, { epoch });
	const uplink = execFileSync(
		process.execPath,
		[findNpmCli(process.env)[1] ?? '', 'config', 'get', 'registry'],
		{ encoding: 'utf8' },
	);
	registry = await startVerdaccio({
		folder: join(folder, 'registry'),
		uplink: uplink.trim(),
		neverProxy: ['slipway'],
	});
	const { host } = new URL(registry.origin);
	writeFileSync(join(folder, '.npmrc'), `//${host}/:_authToken=${registry.token}\n`);
	writeFileSync(join(folder, tarball.fileName), tarball.bytes);
	mkdirSync(project);
}, 900_000);

afterAll(async () => {
	await registry?.stop();
	rmSync(folder, { recursive: true, force: true });
});

test('has the same bytes from any folder', async () => {
	const again = await packNpm(build(copySources(join(folder, 'source'), join('another', 'place')), 'again'), {
		epoch,
	});
	expect(toDigest(again.bytes)).toBe(toDigest(tarball.bytes));
}, 900_000);

describe('its package.json', () => {
	const read = () => JSON.parse(readFileSync(join(built, 'package.json'), 'utf8'));

	test('has the version that slipway.yml and the records name', () => {
		const { version } = read();
		expect(readFileSync(join(ROOT, 'slipway.yml'), 'utf8')).toMatch(new RegExp(`^version: ${version} `, 'm'));
		expect(readFileSync(join(ROOT, 'packages/cli/src/join/tool.ts'), 'utf8')).toContain(
			`version: '${version}'`,
		);
	});

	test('is public, names nothing of the workspaces, and pins what it depends on', () => {
		const { dependencies, ...manifest } = read();
		expect(manifest.private).toBeUndefined();
		expect(Object.keys(dependencies).filter((name) => name.startsWith('@slipway/'))).toEqual([]);
		expect(
			Object.values(dependencies).filter((version) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(String(version))),
		).toEqual([]);
	});

	test('asks npm for what its declarations need and what has a licence of its own, and no more', () => {
		expect(Object.keys(read().dependencies)).toEqual([
			'@sigstore/bundle',
			'@sigstore/core',
			'@sigstore/verify',
			'openpgp',
			'valibot',
		]);
	});

	test('is joined by an SBOM of what is bundled in it, under the name that slipway.yml merges', async () => {
		const { name, version } = read();
		const file = `${built}-${version}.tgz.cdx.json`;
		expect(`${name}-${version}.tgz`).toBe(tarball.fileName);
		expect(readFileSync(join(ROOT, 'slipway.yml'), 'utf8')).toContain('out/packages/slipway-*.tgz.cdx.json');
		const { parseReadySbom } = await import('@slipway/sbom');
		const { root, part } = parseReadySbom(readFileSync(file), file);
		expect(root).toMatchObject({ name, version });
		const bundled = new Map(part.components.map((each) => [each.name, each]));
		for (const each of ['verdaccio', 'commander', 'yaml', 'tuf'])
			expect(bundled.get(each)).toMatchObject({
				bundled: true,
				licence: { kind: 'expression' },
				hashes: [{ algorithm: 'SHA-512' }],
			});
		expect(bundled.has('openpgp')).toBe(false);
		const texts = ['chunks', 'rehearsal/src/npm-registry'].map((place) =>
			readFileSync(join(built, 'lib', place, 'licenses.txt'), 'utf8'),
		);
		for (const [each, { version: its }] of bundled) expect(texts.join('\n')).toContain(`${each} ${its}\n`);
	});

	test('leads to files that are there, as code and as declarations', () => {
		const { exports, imports, bin } = read();
		const visit = (value: unknown): string[] =>
			typeof value === 'string' ? [value] : Object.values(value as object).flatMap(visit);
		const isPublic = (path: string): boolean => !path.endsWith('.d.ts');
		const paths = [...visit(exports), ...visit(imports).filter(isPublic), ...visit(bin)];
		expect(paths.filter((path) => !existsSync(join(built, path)))).toEqual([]);
	});

	test('holds no TypeScript, no test and no path of this machine', () => {
		const files = readdirSync(built, { recursive: true, encoding: 'utf8' });
		expect(files.filter((path) => /(?<!\.d)\.ts$|\.test\.|\.fixture\./.test(path))).toEqual([]);
		const texts = files.filter((path) => path.endsWith('.js') || path.endsWith('.json'));
		expect(texts.filter((path) => readFileSync(join(built, path), 'utf8').includes(ROOT))).toEqual([]);
		expect(texts.filter((path) => /['"]@slipway\//.test(readFileSync(join(built, path), 'utf8')))).toEqual(
			[],
		);
	});
});

describe('installed from a registry into an empty folder', () => {
	beforeAll(async () => {
		const published = await npm(folder, registry, 'publish', tarball.fileName);
		if (published.code !== 0) throw new Error(published.stderr);
		writeFileSync(
			join(project, 'package.json'),
			'{"name":"box","version":"1.2.0","license":"MIT","main":"index.js","repository":"acme/box"}\n',
		);
		writeFileSync(join(project, 'index.js'), 'export const box = 1;\n');
		const tools = join(folder, 'tools');
		mkdirSync(tools);
		const installed = await npm(tools, registry, 'install', '--no-audit', '--no-fund', 'slipway');
		if (installed.code !== 0) throw new Error(installed.stderr);
	}, 900_000);

	const slipway = (...args: readonly string[]) =>
		run([process.execPath, join(folder, 'tools', 'node_modules', '.bin', 'slipway'), ...args], {
			cwd: project,
			environment: { PATH: process.env.PATH, HOME: folder, npm_config_registry: `${registry.origin}/` },
			timeoutMs: 240_000,
		});

	test('npx runs it', async () => {
		const { code, stdout } = await npm(
			join(folder, 'tools'),
			registry,
			'exec',
			'--no',
			'--',
			'slipway',
			'--help',
		);
		expect({ code, first: stdout.split('\n')[0] }).toEqual({
			code: 0,
			first: 'Usage: slipway [options] [command]',
		});
	});

	test('what it exports can be imported, and its declarations can be read by a compiler that looks into all', async () => {
		const { exports } = JSON.parse(readFileSync(join(built, 'package.json'), 'utf8'));
		const names = Object.keys(exports).filter((name) => !name.endsWith('.json') && name !== './command');
		const lines = names.map((name, index) => `import * as e${index} from 'slipway${name.slice(1)}';`);
		const sum = names.map((_, index) => `Object.keys(e${index}).length > 0`).join(' && ');
		writeFileSync(join(folder, 'tools', 'use.mts'), `${lines.join('\n')}\nconsole.log(${sum});\n`);
		const options = ['--strict', '--module', 'nodenext', '--target', 'es2024', '--noEmit', '--types', 'node'];
		symlinkSync(join(ROOT, 'node_modules', '@types'), join(folder, 'tools', 'node_modules', '@types'));
		const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
		const look = { cwd: join(folder, 'tools'), environment: { PATH: process.env.PATH, HOME: folder } };
		const checked = await run([process.execPath, tsc, ...options, 'use.mts'], {
			...look,
			timeoutMs: 240_000,
		});
		// OpenPGP.js declares types of a package that it does not depend on.
		const errors = checked.stdout
			.split('\n')
			.filter((line) => line && !line.startsWith('node_modules/openpgp/'));
		expect(errors).toEqual([]);
		const used = await run([process.execPath, 'use.mts'], { ...look, timeoutMs: 240_000 });
		expect(used).toMatchObject({ code: 0, stdout: 'true\n' });
	}, 900_000);

	test('init, then a rehearsal: released, rolled back and restored without a file edited', async () => {
		const written = await slipway('init', '--json');
		expect(JSON.parse(written.stdout)).toMatchObject({ outcome: 'written', targets: ['npm', 'github'] });
		const { code, stderr } = await slipway('rehearse', '--quiet');
		expect({ code, stderr }).toMatchObject({ code: 0 });
	}, 900_000);
});
