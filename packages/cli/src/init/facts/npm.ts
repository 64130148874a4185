import { compareVersions } from '@slipway/core';
import type { Command } from '@slipway/core/config';
import type { Metadata } from './facts.ts';
import { findNpmBuild, type NpmBuild } from './npm-build.ts';
import { findNpmDeb } from './npm-deb.ts';
import { type PackageJson, readPackageJson, verifyVersion } from './package-json.ts';
import type { Part } from './part.ts';
import { toAddress, toLine, toMaintainer, toProjectName, toRepository, toVersion } from './words.ts';
import { findWorkspaces, type Workspaces } from './workspaces.ts';

const toMetadata = (manifest: PackageJson): Metadata => ({
	name: toProjectName(manifest.name),
	version: toVersion(manifest.version),
	license: toLine(manifest.license),
	homepage: toAddress(manifest.homepage),
	description: toLine(manifest.description),
	maintainer: toMaintainer(manifest.author),
});

/** Packages of one monorepo that have one version release under it; of several, under the highest. */
const toCommonVersion = ({ packages }: Workspaces): string | undefined =>
	packages
		.flatMap(({ version }) => toVersion(version) ?? [])
		.sort(compareVersions)
		.at(-1);

const toBuildCommands = (build: NpmBuild, workspaces: Workspaces | undefined): readonly Command[] => {
	const [install] = build.commands;
	if (install !== undefined || workspaces === undefined || !workspaces.hasBuild) return build.commands;
	return [
		['npm', 'ci'],
		['npm', 'run', 'build', '--workspaces', '--if-present'],
	];
};

const toNotes = (manifest: PackageJson, packages: readonly PackageJson[]): string[] => {
	const unnamed = packages.filter(({ repository }) => repository === undefined).length;
	return unnamed === 0 || manifest.name === undefined
		? []
		: [
				'package.json names no `repository`: npm refuses provenance without it; set it to the address of this repository.',
			];
};

/**
 * What package.json and the workspaces say: packages for npm, how they are built, a Debian package of their programs.
 * undefined: no package.json.
 * @throws SlipwayError INIT_FILE_*
 */
export const findNpm = async (folder: string): Promise<Part | undefined> => {
	const manifest = await readPackageJson(folder);
	if (manifest === undefined) return undefined;
	verifyVersion(manifest);
	const workspaces = await findWorkspaces(folder, manifest);
	const own = manifest.private !== true && manifest.name !== undefined && manifest.version !== undefined;
	const packages = workspaces?.packages ?? (own ? [manifest] : []);
	const build = await findNpmBuild(folder, manifest);
	const isNpm = packages.length > 0;
	const deb = isNpm && workspaces === undefined ? await findNpmDeb(folder, manifest, build) : undefined;
	const metadata = toMetadata(manifest);
	const { repository } = manifest;
	return {
		kind: isNpm ? 'npm' : undefined,
		metadata:
			workspaces && !metadata.version ? { ...metadata, version: toCommonVersion(workspaces) } : metadata,
		manifest: {
			name: toProjectName(manifest.name),
			version: toVersion(manifest.version),
			maintainer: metadata.maintainer,
		},
		repository: toRepository(typeof repository === 'string' ? repository : repository?.url),
		npm: { names: packages.flatMap(({ name }) => name ?? []), packages: workspaces?.patterns },
		commands: isNpm ? toBuildCommands(build, workspaces) : [],
		outputs: [],
		debs: deb ? [deb.deb] : [],
		debCommands: deb?.commands ?? [],
		suggested: isNpm ? ['npm', 'github'] : [],
		notes: isNpm ? [...build.notes, ...(workspaces?.notes ?? []), ...toNotes(manifest, packages)] : [],
	};
};
