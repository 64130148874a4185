import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MANIFEST_MEDIA_TYPE, type Manifest, STAGE_RECORD_MEDIA_TYPE, type StageRecord } from '@slipway/core';
import { hashBytes, hashFile } from './hash-file.ts';
import { readArtifact, readArtifactPath, readRelease, verifyRelease } from './read-release.ts';
import { writeRelease, writeStageRecord } from './write-release.ts';

const EPOCH = 1_700_000_000;
let temp: string;
let folder: string;

const toManifest = (contents: Record<string, string>): Manifest => ({
	mediaType: MANIFEST_MEDIA_TYPE,
	project: 'greet',
	version: '1.2.0',
	source: { repo: null, commit: null, ref: null },
	artifacts: Object.entries(contents).map(([name, text]) => ({
		name,
		path: `artifacts/${name}`,
		mediaType: 'application/octet-stream',
		...hashBytes(Buffer.from(text)),
		purl: `pkg:generic/${name}@1.2.0`,
	})),
});

const RECORD: StageRecord = {
	mediaType: STAGE_RECORD_MEDIA_TYPE,
	stage: 'build',
	tool: { name: 'slipway', version: '0.0.0' },
	platform: { os: 'linux', arch: 'x64', node: '24.0.0' },
	start: '2026-11-21T12:00:00Z',
	end: '2026-11-21T12:00:01Z',
	inputs: [],
	outputs: [],
	follows: [],
	notes: [],
};

const writeIt = async (contents: Record<string, string>) => {
	const files: Record<string, string> = {};
	for (const [name, text] of Object.entries(contents)) {
		files[name] = join(temp, `source-${name}`);
		await writeFile(files[name], text);
	}
	return writeRelease(folder, { manifest: toManifest(contents), files, records: [RECORD], epoch: EPOCH });
};
const code = (expected: string) => expect.objectContaining({ name: 'SlipwayError', code: expected });

beforeEach(async () => {
	temp = await mkdtemp(join(tmpdir(), 'slipway-release-'));
	folder = join(temp, 'release');
});
afterEach(() => rm(temp, { recursive: true }));

test('hashes a file in one pass as the standard tools do', async () => {
	const bytes = Buffer.alloc(3 * 1024 * 1024 + 7, 'slipway');
	await writeFile(join(temp, 'big'), bytes);
	const expected = hashBytes(bytes);
	expect(await hashFile(join(temp, 'big'))).toEqual(expected);
	const tool = spawnSync('sha256sum', [join(temp, 'big')], { encoding: 'utf8' });
	if (tool.status === 0) expect(tool.stdout.split(' ')[0]).toBe(expected.digest.sha256);
});

test('what is written is read again, with nothing else around and no time but the epoch', async () => {
	await writeIt({ 'a.tgz': 'A', 'b.deb': 'B' });
	const release = await readRelease(folder);
	expect(release.manifest.artifacts.map(({ name }) => name)).toEqual(['a.tgz', 'b.deb']);
	await verifyRelease(release);
	expect((await readdir(temp)).sort()).toEqual(['release', 'source-a.tgz', 'source-b.deb']);
	const files = await readdir(folder, { recursive: true });
	expect(files.sort()).toEqual(
		[
			'SHA256SUMS',
			'artifacts',
			'artifacts/a.tgz',
			'artifacts/b.deb',
			'manifest.json',
			'records',
			'records/build-linux-x64.json',
		].map((path) => join(path)),
	);
	for (const path of files) expect((await stat(join(folder, path))).mtimeMs).toBe(EPOCH * 1000);
});

test('SHA256SUMS is what sha256sum -c reads', async () => {
	await writeIt({ 'a.tgz': 'A' });
	const text = await readFile(join(folder, 'SHA256SUMS'), 'utf8');
	expect(text).toBe(`${hashBytes(Buffer.from('A')).digest.sha256}  artifacts/a.tgz\n`);
	const tool = spawnSync('sha256sum', ['-c', 'SHA256SUMS'], { cwd: folder });
	if (!tool.error) expect(tool.status).toBe(0);
});

test('gives bytes and paths that were hashed', async () => {
	const { manifest } = await writeIt({ 'a.tgz': 'A' });
	const [artifact] = manifest.artifacts;
	if (!artifact) throw new Error('no artifact');
	expect(Buffer.from(await readArtifact(folder, artifact)).toString()).toBe('A');
	expect(await readArtifactPath(folder, artifact)).toBe(join(folder, 'artifacts', 'a.tgz'));
});

describe('an artifact that changed between jobs (F15)', () => {
	const damages: [string, string, () => Promise<unknown>][] = [
		['a byte', 'RELEASE_ARTIFACT_CHANGED', () => writeFile(join(folder, 'artifacts/a.tgz'), 'X')],
		['its length', 'RELEASE_ARTIFACT_CHANGED', () => writeFile(join(folder, 'artifacts/a.tgz'), 'AA')],
		['it is gone', 'RELEASE_ARTIFACT_MISSING', () => rm(join(folder, 'artifacts/a.tgz'))],
		[
			'two are swapped',
			'RELEASE_ARTIFACT_CHANGED',
			async () => {
				await rename(join(folder, 'artifacts/a.tgz'), join(folder, 'artifacts/x'));
				await rename(join(folder, 'artifacts/b.deb'), join(folder, 'artifacts/a.tgz'));
				await rename(join(folder, 'artifacts/x'), join(folder, 'artifacts/b.deb'));
			},
		],
		[
			'it is a link to the same bytes',
			'RELEASE_ARTIFACT_CHANGED',
			async () => {
				await rename(join(folder, 'artifacts/a.tgz'), join(temp, 'a.tgz'));
				await symlink(join(temp, 'a.tgz'), join(folder, 'artifacts/a.tgz'));
			},
		],
		['a file that nobody listed', 'RELEASE_UNKNOWN_FILE', () => writeFile(join(folder, 'artifacts/x'), '')],
		[
			'a listed name in another folder',
			'RELEASE_UNKNOWN_FILE',
			async () => {
				await mkdir(join(folder, 'artifacts/sub'));
				await writeFile(join(folder, 'artifacts/sub/a.tgz'), 'A');
			},
		],
		[
			'it was renamed',
			'RELEASE_UNKNOWN_FILE',
			() => rename(join(folder, 'artifacts/a.tgz'), join(folder, 'artifacts/A.tgz')),
		],
		['no manifest', 'RELEASE_MANIFEST_MISSING', () => rm(join(folder, 'manifest.json'))],
		['a broken manifest', 'JSON_INVALID', () => writeFile(join(folder, 'manifest.json'), '{')],
	];

	test.each(damages)('%s: %s', async (_name, expected, damage) => {
		await writeIt({ 'a.tgz': 'A', 'b.deb': 'B' });
		await damage();
		await expect(readRelease(folder).then(verifyRelease)).rejects.toEqual(code(expected));
	});
});

test('an older Release is replaced whole; other folders never make way', async () => {
	await writeIt({ 'a.tgz': 'A' });
	await writeIt({ 'b.deb': 'B' });
	expect((await readdir(join(folder, 'artifacts'))).sort()).toEqual(['b.deb']);
	await rm(folder, { recursive: true });
	await mkdir(folder);
	await writeFile(join(folder, 'thesis.txt'), 'years of work');
	await expect(writeIt({ 'a.tgz': 'A' })).rejects.toEqual(code('RELEASE_FOLDER_OCCUPIED'));
	expect(await readdir(folder)).toEqual(['thesis.txt']);
	await rm(folder, { recursive: true });
	await writeFile(folder, 'a file');
	await expect(writeIt({ 'a.tgz': 'A' })).rejects.toEqual(code('RELEASE_FOLDER_OCCUPIED'));
});

test('bytes that are not those of the manifest are never written, and the older Release stays', async () => {
	await writeIt({ 'a.tgz': 'A' });
	const draft = { manifest: toManifest({ 'b.deb': 'B' }), records: [], epoch: EPOCH };
	await writeFile(join(temp, 'other'), 'C');
	await expect(writeRelease(folder, { ...draft, files: { 'b.deb': join(temp, 'other') } })).rejects.toEqual(
		code('RELEASE_ARTIFACT_CHANGED'),
	);
	await expect(writeRelease(folder, { ...draft, files: {} })).rejects.toEqual(
		code('RELEASE_ARTIFACT_MISSING'),
	);
	await verifyRelease(await readRelease(folder));
	expect((await readdir(temp)).sort()).toEqual(['other', 'release', 'source-a.tgz']);
});

test('a later stage adds its record', async () => {
	await writeIt({ 'a.tgz': 'A' });
	expect(await writeStageRecord(folder, { ...RECORD, stage: 'test', notes: ['one'] })).toBe(
		'records/test-linux-x64.json',
	);
	await writeStageRecord(folder, { ...RECORD, stage: 'test', notes: ['two'] });
	expect((await readdir(join(folder, 'records'))).sort()).toEqual([
		'build-linux-x64.json',
		'test-linux-x64.json',
	]);
	expect(await readFile(join(folder, 'records', 'test-linux-x64.json'), 'utf8')).toContain('"two"');
	await readRelease(folder);
});

test.each<[string, Partial<StageRecord>]>([
	['os', { platform: { os: '../../../../tmp/evil', arch: 'x64', node: '24.0.0' } }],
	['arch', { platform: { os: 'linux', arch: '/../../../evil', node: '24.0.0' } }],
	['stage', { stage: '../../evil' }],
])('a record whose %s climbs is refused, and nothing is written', async (_field, change) => {
	const evil = { ...RECORD, ...change };
	const draft = { manifest: toManifest({}), files: {}, records: [evil], epoch: EPOCH };
	await expect(writeRelease(folder, draft)).rejects.toEqual(code('RELEASE_PATH_UNSAFE'));
	expect(await readdir(temp)).toEqual([]);
	await writeIt({ 'a.tgz': 'A' });
	await expect(writeStageRecord(folder, evil)).rejects.toEqual(code('RELEASE_PATH_UNSAFE'));
	expect(await readdir(join(folder, 'records'))).toEqual(['build-linux-x64.json']);
});
