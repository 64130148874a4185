import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashBytes, toStageRecord, verifyRelease, writeRelease } from '@slipway/archive';
import { MANIFEST_MEDIA_TYPE, type Manifest } from '@slipway/core';
import { joinReleases } from './join-releases.ts';

let temp: string;
beforeEach(async () => {
	temp = await mkdtemp(join(tmpdir(), 'slipway-join-'));
});
afterEach(() => rm(temp, { recursive: true }));

/** A Release of one runner: the artifacts' texts by name; the purl is the name unless given. */
const make = async (
	runner: string,
	contents: Record<string, string>,
	facts: Partial<Manifest> = {},
	purl?: string,
): Promise<string> => {
	const files: Record<string, string> = {};
	for (const [name, text] of Object.entries(contents)) {
		files[name] = join(temp, `${runner}-${name}`);
		await writeFile(files[name], text);
	}
	const artifacts = Object.entries(contents).map(([name, text]) => ({
		name,
		path: `artifacts/${name}`,
		mediaType: 'application/octet-stream',
		purl: purl ?? `pkg:generic/${name}@1.0.0`,
		...hashBytes(Buffer.from(text)),
	}));
	const record = toStageRecord('build', {
		tool: { name: 't', version: '0' },
		start: 0,
		end: 1,
		notes: [runner],
	});
	const manifest: Manifest = {
		mediaType: MANIFEST_MEDIA_TYPE,
		project: 'p',
		version: '1.0.0',
		source: { repo: null, commit: 'a'.repeat(40), ref: null },
		artifacts,
		...facts,
	};
	await writeRelease(join(temp, runner), { manifest, files, records: [record], epoch: 1_700_000_000 });
	return join(temp, runner);
};

test('the artifacts and records of all runners, sorted by name', async () => {
	const folders = [
		await make('one', { 'b.deb': 'B', 'all.deb': 'same' }),
		await make('two', { 'a.deb': 'A', 'all.deb': 'same' }),
	];
	const joined = await joinReleases(folders, join(temp, 'out'));
	expect(joined.manifest.artifacts.map(({ name }) => name)).toEqual(['a.deb', 'all.deb', 'b.deb']);
	await verifyRelease(joined);
	const platform = `${process.platform}-${process.arch}`;
	expect((await readdir(join(joined.folder, 'records'))).sort()).toEqual(
		[`build-${platform}-2.json`, `build-${platform}.json`].sort(),
	);
});

test('one Release alone, in place', async () => {
	const folder = await make('one', { a: 'A' });
	expect((await joinReleases([folder], folder)).manifest.artifacts).toHaveLength(1);
});

const OTHER = { repo: null, commit: 'b'.repeat(40), ref: null };
const clashes: readonly [name: string, second: () => Promise<string>, both: readonly RegExp[]][] = [
	[
		'a name with other bytes',
		() => make('two', { a: 'X' }),
		[/a, pkg:generic\/a@1\.0\.0, sha256 559aead0/, /sha256 4b68ab38/],
	],
	['a name in other case', () => make('two', { A: 'A' }), [/ a, /, / A, /]],
	[
		'a package under two names',
		() => make('two', { b: 'A' }, {}, 'pkg:generic/a@1.0.0'),
		[/ a, pkg/, / b, pkg/],
	],
	['the version', () => make('two', { b: 'B' }, { version: '1.0.1' }), [/"1\.0\.0"/, /"1\.0\.1"/]],
	['the project', () => make('two', { b: 'B' }, { project: 'q' }), [/"p"/, /"q"/]],
	['the source', () => make('two', { b: 'B' }, { source: OTHER }), [/aaaa/, /bbbb/]],
];

test.each(clashes)('a clash of %s shows both', async (_name, second, both) => {
	const folders = [await make('one', { a: 'A' }), await second()];
	const error = await joinReleases(folders, join(temp, 'out')).catch((thrown: unknown) => thrown);
	expect(error).toMatchObject({ name: 'SlipwayError', code: 'BUILD_JOIN_CLASH' });
	for (const pattern of [...both, /one\)/, /two\)/]) expect((error as Error).message).toMatch(pattern);
	expect(await readdir(temp)).not.toContain('out');
});

test('an artifact that changed on the way is refused', async () => {
	const folders = [await make('one', { a: 'A' }), await make('two', { b: 'B' })];
	await writeFile(join(temp, 'two', 'artifacts', 'b'), 'X');
	await expect(joinReleases(folders, join(temp, 'out'))).rejects.toMatchObject({
		code: 'RELEASE_ARTIFACT_CHANGED',
	});
});

test('a record that is none is refused, and so is nothing at all', async () => {
	const folder = await make('one', { a: 'A' });
	await writeFile(join(folder, 'records', 'build-x.json'), '{}');
	await expect(joinReleases([folder], join(temp, 'out'))).rejects.toMatchObject({
		code: 'STAGE_RECORD_INVALID',
	});
	await expect(joinReleases([], join(temp, 'out'))).rejects.toMatchObject({ code: 'BUILD_NOTHING_BUILT' });
});
