// What is committed in actions/*/dist, or would be: small, quick to start, whole, and the same on every machine.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBundle } from '@slipway/testing';
import { provideBundles } from '../scripts/bundle-all.ts';
import { ROOT } from './source-tree.ts';

const MAX_BYTES = 3_000_000;
/** Verifying is what others do, in every job that installs something; a third of it is the look through a consumer's eyes. */
const MAX_VERIFY_BYTES = 1_800_000;
/** Everything that every other action can do. */
const MAX_RELEASE_BYTES = 6_000_000;
const LIMITS: Readonly<Record<string, number>> = { verify: MAX_VERIFY_BYTES, release: MAX_RELEASE_BYTES };
/** What is loaded before an action knows what it has to do. */
const MAX_START_BYTES = 200_000;

const actions = readdirSync(join(ROOT, 'actions'));
const bundles = provideBundles(false);
const toFolder = async (action: string): Promise<string> =>
	join(ROOT, (await bundles).get(action) ?? `no bundle of ${action}`);
const listFiles = async (action: string): Promise<string[]> => {
	const folder = await toFolder(action);
	return readdirSync(folder).map((name) => join(folder, name));
};

/** What each does in a workspace with nothing in it, named in its annotation. */
const WITHOUT_PROJECT: Readonly<Record<string, string>> = {
	notice: 'NOTICE_JOBS_INVALID',
	verify: 'VERIFY_NOTHING_NAMED',
};
const REQUIRED = { version: '1.0.0', reason: 'none' };

let workspace: string;
beforeAll(() => {
	workspace = mkdtempSync(join(tmpdir(), 'slipway-bundle-'));
});
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

const toRequired = (action: string): Record<string, string> => {
	const yml = readFileSync(join(ROOT, 'actions', action, 'action.yml'), 'utf8');
	return Object.fromEntries(
		Object.entries(REQUIRED).filter(
			([name]) => yml.includes(`\n  ${name}:\n    description`) && yml.includes('required: true'),
		),
	);
};

describe.each(actions)('%s', (action) => {
	test('is small', async () => {
		const files = await listFiles(action);
		const size = files.reduce((sum, file) => sum + statSync(file).size, 0);
		const start = files.find((file) => file.endsWith('/index.js') || file.endsWith('\\index.js')) ?? '';
		process.stdout.write(
			`${action}: ${Math.round(size / 1000)} kB, starts with ${Math.round(statSync(start).size / 1000)} kB\n`,
		);
		expect(size).toBeLessThanOrEqual(LIMITS[action] ?? MAX_BYTES);
		expect(statSync(start).size).toBeLessThanOrEqual(MAX_START_BYTES);
	}, 900_000);

	test('runs: without a project it says what is missing', async () => {
		const paths = { action: join(ROOT, 'actions', action), dist: await toFolder(action) };
		const { code, errors } = await runBundle(paths, { workspace, inputs: toRequired(action) });
		expect(errors).toMatchObject([{ properties: { title: WITHOUT_PROJECT[action] ?? 'PROJECT_NOT_FOUND' } }]);
		expect(code).toBe(1);
	});

	test('names no path of the machine that made it', async () => {
		const texts = (await listFiles(action)).map((file) => readFileSync(file, 'utf8'));
		expect(texts.filter((text) => text.includes(ROOT) || /\/home\/|\/Users\//.test(text))).toEqual([]);
	});

	test('is an ES module with the licences of what is in it', async () => {
		const names = (await listFiles(action)).map((file) => file.replace(/^.*[\\/]/, ''));
		expect(names.filter((name) => !/^(\d+\.)?index\.js$/.test(name)).sort()).toEqual([
			'licenses.txt',
			'package.json',
		]);
	});
});

/** What an action may bring along: everything else in it came by an import that is not needed. */
const LOADS: Readonly<Record<string, readonly string[]>> = {
	'@secretlint/core': ['gate', 'plan', 'release'],
	'@cyclonedx/cyclonedx-library': ['sbom'],
	'@sigstore/sign': [
		'build-once',
		'claim',
		'expose',
		'gate',
		'notice',
		'plan',
		'publish-deb',
		'publish-github',
		'publish-npm',
		'record',
		'release',
		'rollback',
		'sign',
		'verify',
		'watch',
	],
	openpgp: [
		'build-once',
		'claim',
		'expose',
		'gate',
		'notice',
		'plan',
		'publish-deb',
		'publish-github',
		'publish-npm',
		'record',
		'release',
		'reproduce',
		'rollback',
		'sbom',
		'verify',
		'watch',
	],
	'make-fetch-happen': [],
	// A release uses no cache.
	'@actions/cache': ['plan'],
};

test.each(Object.entries(LOADS))('%s is in %j alone', async (name, allowed) => {
	const licences = await Promise.all(
		actions.map(async (action) => ({
			action,
			names: readFileSync(join(await toFolder(action), 'licenses.txt'), 'utf8').split('\n'),
		})),
	);
	const found = licences.filter(({ names }) => names.includes(name)).map(({ action }) => action);
	expect(found.filter((action) => !allowed.includes(action))).toEqual([]);
});

test('verify starts quickly', async () => {
	const main = join(await toFolder('verify'), 'index.js');
	const measure = (args: readonly string[]): number => {
		const start = performance.now();
		spawnSync(process.execPath, args, { env: { PATH: process.env.PATH, INPUT_PROJECT: '.' } });
		return performance.now() - start;
	};
	const toBest = (args: readonly string[]): number =>
		Math.min(...Array.from({ length: 7 }, () => measure(args)));
	const [bare, started] = [toBest(['-e', '0']), toBest([main])];
	process.stdout.write(
		`cold start of verify: ${Math.round(started)} ms, ${Math.round(started - bare)} ms over bare node\n`,
	);
	expect(started - bare).toBeLessThan(1000);
});
