import { copyFile, link, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Artifact, parseManifest, SlipwayError } from '@slipway/core';
import type { RehearsalCode } from '../code.ts';

const linkTree = async (from: string, to: string): Promise<void> => {
	await mkdir(to, { recursive: true });
	for (const entry of await readdir(from, { withFileTypes: true })) {
		const [source, target] = [join(from, entry.name), join(to, entry.name)];
		if (entry.isDirectory()) await linkTree(source, target);
		// Not every file system has hard links.
		else await link(source, target).catch(() => copyFile(source, target));
	}
};

/** A copy of a Release folder in which something is changed. Files that are not changed share their bytes with the original. */
export class ReleaseCopy {
	readonly folder: string;
	/** The folder it was copied from. */
	readonly origin: string;

	private constructor(folder: string, origin: string) {
		this.folder = folder;
		this.origin = origin;
	}

	/** Copies within one file system, whatever the size. */
	static async make(from: string, folder: string): Promise<ReleaseCopy> {
		await linkTree(from, folder);
		return new ReleaseCopy(folder, from);
	}

	/** Paths of files below a folder of the Release, sorted; none where there is no such folder. */
	async list(folder: string): Promise<readonly string[]> {
		const names = await readdir(join(this.folder, folder)).catch(() => []);
		return names.sort().map((name) => `${folder}/${name}`);
	}

	async has(path: string): Promise<boolean> {
		return (await this.list(dirname(path))).includes(path);
	}

	read(path: string): Promise<Buffer> {
		return readFile(join(this.folder, path));
	}

	async readText(path: string): Promise<string> {
		return (await this.read(path)).toString();
	}

	/** Never through the shared bytes: the file is a new one. */
	async write(path: string, bytes: Uint8Array | string): Promise<void> {
		await this.remove(path);
		await writeFile(join(this.folder, path), bytes);
	}

	async remove(path: string): Promise<void> {
		await rm(join(this.folder, path), { force: true });
	}

	/** Another file takes the place of this one. */
	async replace(path: string, other: string): Promise<void> {
		await this.write(path, await this.read(other));
	}

	/** A symbolic link to the same bytes in the original. */
	async linkAway(path: string): Promise<void> {
		await this.remove(path);
		await symlink(join(this.origin, path), join(this.folder, path));
	}

	/** @throws SlipwayError REHEARSAL_STATE_UNEXPECTED where the edit changes nothing */
	async edit(path: string, change: (text: string) => string): Promise<void> {
		const text = await this.readText(path);
		const changed = change(text);
		if (changed === text)
			throw new SlipwayError<RehearsalCode>(
				'REHEARSAL_STATE_UNEXPECTED',
				`expected ${path} to hold something to change`,
				{ hint: 'Please report this.' },
			);
		await this.write(path, changed);
	}

	async readArtifacts(): Promise<readonly Artifact[]> {
		return parseManifest(await this.read('manifest.json')).artifacts;
	}
}
