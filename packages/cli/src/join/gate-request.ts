import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashBytes, type Release } from '@slipway/archive';
import { type Context, parseJson } from '@slipway/core';
import { type Policy, parsePolicy } from '@slipway/core/policy';
import type { Emergency, GateRequest, SbomFile } from '@slipway/gate';
import * as v from 'valibot';
import { toPreviousReader } from './gate-previous.ts';
import { findNpmFolders } from './npm-packages.ts';
import type { OpenedPolicy } from './policy.ts';
import type { OpenProject } from './project.ts';

const FORMATS = [
	['cyclonedx', '.cdx.json'],
	['spdx', '.spdx.json'],
] as const;

const readIfThere = async (path: string): Promise<Uint8Array | undefined> =>
	readFile(path).catch((cause: NodeJS.ErrnoException) => {
		if (cause.code === 'ENOENT') return undefined;
		throw cause;
	});

/** The SBOMs that lie in a Release, those of each artifact. */
export const readSbomFiles = async ({ folder, manifest }: Release): Promise<SbomFile[]> => {
	const wanted = manifest.artifacts.flatMap(({ name }) =>
		FORMATS.map(([format, ending]) => ({ artifact: name, format, path: `sbom/${name}${ending}` })),
	);
	const read = await Promise.all(
		wanted.map(async (file) => ({ ...file, bytes: await readIfThere(join(folder, file.path)) })),
	);
	return read.flatMap(({ bytes, ...file }) =>
		bytes ? [{ ...file, bytes, digest: { sha256: hashBytes(bytes).digest.sha256 } }] : [],
	);
};

const Named = v.object({ name: v.string() });

const readPackageFolders = async (project: OpenProject): Promise<Map<string, string>> => {
	const folders = new Map<string, string>();
	for (const folder of await findNpmFolders(project)) {
		const bytes = await readFile(join(folder, 'package.json'));
		const parsed = v.safeParse(Named, parseJson(bytes, 'package.json'));
		if (parsed.success) folders.set(parsed.output.name, folder);
	}
	return folders;
};

/** What holds where a project has no policy: the defaults of every gate. */
export const toDefaultPolicy = (): Policy => parsePolicy(Buffer.from('policy: 1\n'), 'the defaults').policy;

interface GatePlace {
	readonly release: Release;
	readonly policy: OpenedPolicy | undefined;
	readonly emergency?: Emergency | undefined;
}

/** Everything that gates are given to look at. */
export const toGateRequest = async (
	project: OpenProject,
	{ release, policy, emergency }: GatePlace,
	context: Context,
): Promise<GateRequest> => ({
	release,
	policy: policy?.policy ?? toDefaultPolicy(),
	policyDigest: policy?.digest.sha256,
	documents: policy?.documents ?? new Map(),
	sboms: await readSbomFiles(release),
	previous: toPreviousReader(project, context),
	packageFolders: await readPackageFolders(project),
	unxz: async (bytes, maxBytes) => {
		const { unxzLimited } = await import('@slipway/deb');
		return unxzLimited(bytes, maxBytes, { tempDir: context.tempDir, signal: context.signal });
	},
	emergency,
});
