import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashBytes, readRelease, writeRelease } from '@slipway/archive';
import { MANIFEST_MEDIA_TYPE, type Manifest } from '@slipway/core';
import { ReleaseCopy } from './release-copy.ts';
import { BYTES } from './tamper-bytes.ts';
import type { Means } from './tampering.ts';

let root: string;
beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'tamper-bytes-'));
});
afterEach(() => rm(root, { recursive: true }));

/** A release whose one file does not know its version. */
const make = async (version: string): Promise<string> => {
	const source = join(root, `${version}.bin`);
	await writeFile(source, 'the same program');
	const artifact = {
		name: 'tool',
		path: 'artifacts/tool',
		mediaType: 'application/octet-stream',
		...hashBytes(Buffer.from('the same program')),
		purl: `pkg:generic/tool@${version}`,
	};
	const manifest: Manifest = {
		mediaType: MANIFEST_MEDIA_TYPE,
		project: 'tool',
		version,
		source: { repo: null, commit: null, ref: null },
		artifacts: [artifact],
	};
	const folder = join(root, version);
	await writeRelease(folder, { manifest, files: { tool: source }, records: [], epoch: 0 });
	return folder;
};

const tamper = async (id: string, version: string) => {
	const [from, older] = [await make(version), await make('0.0.1')];
	const copy = await ReleaseCopy.make(from, join(root, 'copy'));
	const [artifact] = await copy.readArtifacts();
	const means: Partial<Means> = { ...(artifact && { artifact }), older };
	const tampering = BYTES.find((each) => each.id === id);
	return { copy, done: await tampering?.apply(copy, means as Means) };
};

test.each([
	['0.4.0', '90.4.0'],
	['2.1.0', '92.1.0'],
])('the other version that the manifest of %s names is one that could be', async (version, expected) => {
	const { copy, done } = await tamper('manifest-version', version);
	expect(done).toEqual(['manifest.json']);
	const { manifest } = await readRelease(copy.folder);
	expect(manifest.version).toBe(expected);
});

test('the same file in the previous version is nothing to exchange', async () => {
	const { done } = await tamper('artifact-older', '0.4.0');
	expect(done).toBeUndefined();
});
