import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Subject } from '@slipway/core';
import { toClearText } from '../repository/clear-text.ts';
import { parseRelease, type Release, toRelease } from '../repository/release-file.ts';
import { toSampleDeb } from '../repository/sample-deb.fixture.ts';
import { generateSigningKey, readSigningKey, type SigningKey } from '../repository/signing-key.ts';
import { type AptWorld, release, withAptWorld } from './apt-world.fixture.ts';

export const SECOND_MS = 1000;
export const DAY_MS = 86_400_000;

export const suitePath = ({ folder }: AptWorld, file: string): string => join(folder, 'dists/stable', file);

/** Every file of the index of amd64 in one form, plain or .gz, at its own path and by-hash. */
export const listCopies = async (
	world: AptWorld,
	isWanted: (bytes: Buffer) => boolean,
): Promise<string[]> => {
	const folder = suitePath(world, 'main/binary-amd64');
	const names = await readdir(folder, { recursive: true, withFileTypes: true });
	const paths = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
	const wanted = await Promise.all(paths.map(async (path) => isWanted(await readFile(path))));
	return paths.filter((_path, at) => wanted[at]);
};

export const edit = async (path: string, change: (bytes: Buffer) => Buffer): Promise<void> =>
	writeFile(path, change(await readFile(path)));

export const flip = (bytes: Buffer): Buffer => {
	const at = bytes.length - 12;
	return Buffer.from(bytes.map((byte, index) => (index === at ? byte ^ 1 : byte)));
};
export const lengthen = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.from('\0\0\0')]);

export const editIndexes = async (world: AptWorld, change: (bytes: Buffer) => Buffer): Promise<void> => {
	for (const path of await listCopies(world, ({ length }) => length > 0)) await edit(path, change);
};

/** Signs the served Release again as somebody could who has the key. */
export const signAgain = async (
	world: AptWorld,
	change: Partial<Release>,
	key?: SigningKey,
): Promise<void> => {
	const path = suitePath(world, 'InRelease');
	const served = parseRelease(toClearText(await readFile(path)));
	const signer = key ?? (await readSigningKey(world.key.privateKey));
	const next = { ...served, serial: served.serial + 1, ...change };
	await writeFile(path, await signer.clearSign(toRelease(next), Date.now()));
	// apt asks "changed since?" in whole seconds.
	const later = Date.now() / SECOND_MS + 5;
	await utimes(path, later, later);
};

export const otherKey = async (): Promise<SigningKey> =>
	readSigningKey((await generateSigningKey({ name: 'Eve', email: 'eve@example.org', days: 9 })).privateKey);

/** A world in which greet 1.0.0-1 is released. */
export const withRelease = (
	task: (world: AptWorld, subjects: readonly Subject[]) => Promise<void>,
): Promise<void> =>
	withAptWorld(async (world) => {
		await task(world, await release(world, await world.publisher(), [toSampleDeb('greet', '1.0.0-1')]));
	});
