import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { readRelease } from '@slipway/archive';
import type { ReleaseCopy } from './release-copy.ts';
import type { Means, Tampering } from './tampering.ts';

const flip = async (copy: ReleaseCopy, path: string): Promise<void> => {
	const bytes = await copy.read(path);
	const middle = bytes.length >> 1;
	bytes[middle] = (bytes[middle] ?? 0) ^ 1;
	await copy.write(path, bytes);
};

const toDigest = (name: string, bytes: Uint8Array): string => createHash(name).update(bytes).digest('hex');

/** Other bytes, with a manifest that fits them: only what is signed can tell. */
const fitManifest = async (copy: ReleaseCopy, { artifact }: Means, bytes: Uint8Array): Promise<void> => {
	await copy.write(artifact.path, bytes);
	await copy.edit('manifest.json', (text) =>
		text
			.replaceAll(artifact.digest.sha256, toDigest('sha256', bytes))
			.replaceAll(artifact.digest.sha512 ?? '-', toDigest('sha512', bytes))
			.replaceAll(`"size":${artifact.size}`, `"size":${bytes.length}`),
	);
};

const CHANGED: readonly Tampering[] = [
	{
		id: 'artifact-bit',
		what: 'one bit of an artifact was flipped',
		apply: async (copy, { artifact }) => {
			await flip(copy, artifact.path);
			return [artifact.path];
		},
	},
	{
		id: 'artifact-gone',
		what: 'an artifact was taken out',
		apply: async (copy, { artifact }) => {
			await copy.remove(artifact.path);
			return [artifact.path];
		},
	},
	{
		id: 'artifact-added',
		what: 'a file was put beside the artifacts',
		apply: async (copy) => {
			await copy.write('artifacts/added.tgz', 'added');
			return ['artifacts/added.tgz'];
		},
	},
	{
		id: 'artifact-link',
		what: 'an artifact became a symbolic link to its bytes elsewhere',
		apply: async (copy, { artifact }) => {
			await copy.linkAway(artifact.path);
			return [artifact.path];
		},
	},
	{
		id: 'artifact-other',
		what: 'an artifact was exchanged, and the manifest made to fit',
		apply: async (copy, means) => {
			const bytes = Buffer.concat([await copy.read(means.artifact.path), Buffer.from('more')]);
			await fitManifest(copy, means, bytes);
			return [means.artifact.path];
		},
	},
	{
		id: 'artifact-older',
		what: 'an artifact was exchanged for that of the previous version, and the manifest made to fit',
		apply: async (copy, means) => {
			if (means.older === undefined) return undefined;
			const { folder, manifest } = await readRelease(means.older);
			const same = manifest.artifacts.find(({ mediaType }) => mediaType === means.artifact.mediaType);
			// A program that does not know its version is the same file in both.
			if (!same || same.digest.sha256 === means.artifact.digest.sha256) return undefined;
			await fitManifest(copy, means, await readFile(`${folder}/${same.path}`));
			return [means.artifact.path];
		},
	},
];

const MANIFEST: readonly Tampering[] = [
	{
		id: 'manifest-version',
		what: 'the manifest names another version',
		apply: async (copy) => {
			await copy.edit('manifest.json', (text) => text.replace(/"version":"(?=\d)/g, '$&9'));
			return ['manifest.json'];
		},
	},
	{
		id: 'manifest-source',
		what: 'the manifest names another source commit',
		apply: async (copy) => {
			const other = `"commit":"${'1'.repeat(40)}"`;
			await copy.edit('manifest.json', (text) => text.replace(/"commit":(null|"[0-9a-f]+")/, other));
			return ['manifest.json'];
		},
	},
	{
		id: 'manifest-older',
		what: 'the manifest of the previous version took the place of this one',
		apply: async (copy, { older }) => {
			if (older === undefined) return undefined;
			await copy.write('manifest.json', await readFile(`${older}/manifest.json`));
			return ['manifest.json', 'artifacts/'];
		},
	},
];

/** Artifacts and the manifest. */
export const BYTES: readonly Tampering[] = [...CHANGED, ...MANIFEST];
