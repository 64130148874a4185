import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@slipway/process';
import type { SigstoreLogEntry } from '@slipway/rehearsal/sigstore';
import { VERSION, type World } from './world.ts';

const toFolder = ({ folders }: World): string => join(folders.project, '.slipway', 'releases');

/** Every file below the folder of Releases, half-written ones included: path to sha256. */
export const observeReleases = async (world: World): Promise<ReadonlyMap<string, string>> => {
	const folder = toFolder(world);
	const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
	const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
	const digests = files.sort().map(async (file): Promise<[string, string]> => {
		const digest = createHash('sha256')
			.update(await readFile(file))
			.digest('hex');
		return [file.slice(folder.length + 1), digest];
	});
	return new Map(await Promise.all(digests));
};

/** Of observed files: the bundles of the Release that were put in their places. */
export const toBundles = (files: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
	new Map([...files].filter(([path]) => path.startsWith(`${VERSION}/attestations/`)));

/** Whatever bears its own name is whole, also right after a crash. @throws AssertionError */
export const checkWhole = async (world: World, files: ReadonlyMap<string, string>): Promise<void> => {
	const named = [...files.keys()].filter((path) => path.startsWith(`${VERSION}/`) && path.endsWith('.json'));
	for (const path of named) {
		const text = await readFile(join(toFolder(world), path), 'utf8');
		assert.doesNotThrow(() => JSON.parse(text), `${path} is half a file`);
	}
};

/** Verifies the Release with the real command, as a user does who was given it and the policy. */
export const verifyAsUser = async (
	world: World,
): Promise<{ readonly code: number | null; readonly said: string }> => {
	const { cwd, environment, folders, signing } = world;
	const argv = world.toArgv([
		'verify',
		join(toFolder(world), VERSION),
		'--policy',
		join(folders.project, 'slipway.policy.yml'),
		'--trusted-root',
		signing.trustedRootFile,
	]);
	const { code, stdout, stderr } = await run(argv, { cwd, environment, timeoutMs: 120_000 });
	return { code, said: stdout + stderr };
};

/** The requests to the signing services since `mark`, which was the latest one then. */
export const toRequestsSince = (
	{ signing: { sigstore } }: World,
	mark: SigstoreLogEntry | undefined,
): readonly SigstoreLogEntry[] => sigstore.log.slice(mark ? sigstore.log.lastIndexOf(mark) + 1 : 0);

/** Entries that the transparency log has taken, whether or not the reply came; the same entry again is no new one. */
export const countEntries = (requests: readonly SigstoreLogEntry[]): number =>
	requests.filter(
		({ service, method, status, fault }) =>
			service === 'rekor' && method === 'POST' && (status === 201 || fault === 'reset'),
	).length;
