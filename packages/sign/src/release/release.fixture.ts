import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashBytes, type Release, writeRelease, writeStage } from '@slipway/archive';
import { type Artifact, MANIFEST_MEDIA_TYPE, MEDIA_TYPES } from '@slipway/core';
import { parseStatement } from '@slipway/core/attestation';
import { type LocalSigstore, RUN_CLAIMS } from '@slipway/rehearsal/sigstore';
import { parseIdToken } from '../identity/id-token.ts';
import { toPlatform } from '../predicate/platform.ts';
import { openKeyless, toJson } from '../sigstore.fixture.ts';
import type { SignReleaseOptions } from './sign-release.ts';

export const TOOL = { name: 'slipway', version: '0.0.0' };
const EPOCH = 1_700_000_000;

/** A Release of an npm package and a .deb, built and with SBOMs. */
export const makeRelease = async (root: string, { artifacts: count = 2 } = {}): Promise<Release> => {
	const files: Record<string, string> = {};
	const artifacts: Artifact[] = [];
	for (let number = 1; number <= count; number += 1) {
		const isNpm = number === 1;
		const name = isNpm ? 'greet-1.0.0.tgz' : `greet-${number}_1.0.0-1_amd64.deb`;
		const bytes = Buffer.from(`the bytes of ${name}`);
		files[name] = join(root, name);
		await writeFile(join(root, name), bytes);
		artifacts.push({
			name,
			path: `artifacts/${name}`,
			mediaType: isNpm ? MEDIA_TYPES.npm : MEDIA_TYPES.deb,
			...hashBytes(bytes),
			purl: isNpm ? 'pkg:npm/greet@1.0.0' : `pkg:deb/greet-${number}@1.0.0-1?arch=amd64`,
		});
	}
	const manifest = {
		mediaType: MANIFEST_MEDIA_TYPE,
		project: 'greet',
		version: '1.0.0',
		source: { repo: null, commit: String(RUN_CLAIMS.sha), ref: null },
		artifacts,
	} as const;
	const release = await writeRelease(join(root, 'release'), {
		manifest: { ...manifest, artifacts },
		files,
		records: [],
		epoch: EPOCH,
	});
	await addStage(release, 'build', { outputs: artifacts });
	await mkdir(join(release.folder, 'sbom'));
	for (const { name } of artifacts)
		for (const ending of ['cdx', 'spdx'])
			await writeFile(
				join(release.folder, 'sbom', `${name}.${ending}.json`),
				JSON.stringify({ of: name, ending }),
			);
	await addStage(release, 'sbom', { inputs: artifacts });
	return release;
};

export const addStage = (
	release: Release,
	stage: Parameters<typeof writeStage>[1],
	more: Partial<Parameters<typeof writeStage>[2]> = {},
): Promise<string> => writeStage(release, stage, { tool: TOOL, start: 0, end: 0, notes: [], ...more });

/** Keyless at a local Sigstore, in the run that its tokens describe. */
export const toOptions = (
	sigstore: LocalSigstore,
	more: Partial<SignReleaseOptions> = {},
): SignReleaseOptions => {
	const { claims } = parseIdToken(sigstore.token());
	return {
		openSigner: () => openKeyless(sigstore),
		expected: { kind: 'certificate', identity: `https://github.com/${claims.job_workflow_ref}` },
		platform: toPlatform(claims, {}),
		npm: true,
		tool: TOOL,
		...more,
	};
};

/** Every file of a folder with its bytes, by path. */
export const readAll = async (folder: string): Promise<ReadonlyMap<string, string>> => {
	const all = new Map<string, string>();
	for (const path of (await readdir(folder, { recursive: true })).sort())
		if ((await stat(join(folder, path))).isFile())
			all.set(path, await readFile(join(folder, path), 'latin1'));
	return all;
};

export const readStatement = async ({ folder }: Release, name: string) => {
	const bytes = await readFile(join(folder, 'attestations', `${name}.sigstore.json`));
	return parseStatement(Buffer.from(toJson(bytes).dsseEnvelope.payload, 'base64'));
};

export const listBundles = async ({ folder }: Release): Promise<string[]> =>
	(await readdir(join(folder, 'attestations')).catch(() => []))
		.map((name) => name.replace('.sigstore.json', ''))
		.sort();
