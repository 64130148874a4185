import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashBytes, hashFile, type Release, readStageRecords } from '@slipway/archive';
import type { Artifact, Descriptor } from '@slipway/core';

/** The endings of the two formats, in the order in which they are listed. */
export const SBOM_ENDINGS = ['.cdx.json', '.spdx.json'] as const;

/** Paths in the Release of all SBOMs that its artifacts have. */
export const toSbomPaths = (artifacts: readonly Artifact[]): string[] =>
	artifacts.flatMap(({ name }) => SBOM_ENDINGS.map((ending) => `sbom/${name}${ending}`)).sort();

const readIfThere = (path: string): Promise<Uint8Array | undefined> => readFile(path).catch(() => undefined);

export const toDescriptor = (name: string, sha256: string): Descriptor => ({ name, digest: { sha256 } });

/** Writes files whole, each with the time of the Release; what else lies in sbom/ belongs to no artifact and goes. */
export const writeSbomFiles = async (
	{ folder }: Release,
	files: ReadonlyMap<string, Uint8Array>,
	epoch: number,
): Promise<readonly Descriptor[]> => {
	await mkdir(join(folder, 'sbom'), { recursive: true });
	const written: Descriptor[] = [];
	for (const [path, bytes] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
		const target = join(folder, path);
		const old = await readIfThere(target);
		if (!old || Buffer.compare(old, bytes) !== 0) {
			const temporary = `${target}.${randomUUID()}.tmp`;
			await writeFile(temporary, bytes, { mode: 0o644 });
			await utimes(temporary, epoch, epoch);
			await rename(temporary, target);
		}
		written.push(toDescriptor(path, hashBytes(bytes).digest.sha256));
	}
	for (const name of await readdir(join(folder, 'sbom')))
		if (!files.has(`sbom/${name}`)) await rm(join(folder, 'sbom', name), { recursive: true, force: true });
	return written;
};

const toKey = (files: readonly Descriptor[]): string =>
	files
		.map(({ name, digest }) => `${name} ${digest.sha256}`)
		.sort()
		.join('\n');

/** True where a record of the sbom stage says that just these SBOMs were made of the artifacts as they are. */
export const hasSbomRecord = async (release: Release, outputs: readonly Descriptor[]): Promise<boolean> => {
	const records = await readStageRecords(release);
	return records.some(
		({ record }) =>
			record.stage === 'sbom' &&
			toKey(record.inputs) === toKey(release.manifest.artifacts) &&
			toKey(record.outputs) === toKey(outputs),
	);
};

/** The SBOMs that lie in a Release by digest; undefined where one is missing or is no plain file. */
export const hashSbomFiles = async ({
	folder,
	manifest,
}: Release): Promise<readonly Descriptor[] | undefined> => {
	const hashed = await Promise.all(
		toSbomPaths(manifest.artifacts).map(async (path) => {
			const found = await hashFile(join(folder, path)).catch(() => undefined);
			return found && toDescriptor(path, found.digest.sha256);
		}),
	);
	const files = hashed.filter((file) => file !== undefined);
	return files.length === hashed.length ? files : undefined;
};
