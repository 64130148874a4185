import { basename } from 'node:path';
import { SlipwayError } from '@slipway/core';
import type { InitCode } from '../code.ts';
import type { TargetType } from '../starters/callers.ts';
import { findC } from './c.ts';
import type { Facts, Metadata } from './facts.ts';
import { findGo } from './go.ts';
import { findNpm } from './npm.ts';
import type { Part } from './part.ts';
import { findPython } from './python.ts';
import { findRust } from './rust.ts';
import { joinMetadata, toProjectName } from './words.ts';

/** What only the clone knows. */
export interface Surroundings {
	readonly repository: string | undefined;
	readonly version: string | undefined;
	readonly person: string | undefined;
}

/** make and CMake also build addons and bindings of the others: alone they are a project of their own. */
const findParts = async (folder: string): Promise<Part[]> => {
	const parts = await Promise.all([findNpm(folder), findRust(folder), findGo(folder), findPython(folder)]);
	const found = parts.filter((part) => part !== undefined);
	if (found.some(({ kind }) => kind !== undefined)) return found;
	const c = await findC(folder);
	return c ? [...found, c] : found;
};

const refuseUnknown = (folder: string, parts: readonly Part[]): SlipwayError =>
	new SlipwayError<InitCode>(
		'INIT_PROJECT_UNKNOWN',
		[
			'expected something to release, found nothing that init knows',
			...parts.flatMap(({ notes }) => notes),
		].join('\n'),
		{
			hint: `Run it in the folder with package.json, go.mod, Cargo.toml, pyproject.toml, CMakeLists.txt, meson.build or Makefile (here: ${basename(folder)}), or write slipway.yml by hand.`,
		},
	);

const collect = <T>(parts: readonly Part[], pick: (part: Part) => readonly T[]): T[] => parts.flatMap(pick);

const toSuggested = (parts: readonly Part[]): TargetType[] => {
	const found = new Set(collect(parts, ({ suggested }) => suggested));
	return (['npm', 'apt', 'github'] as const).filter((type) => found.has(type));
};

/** package.json is read at every release: only what it does not say, or says of something else, goes into slipway.yml. */
const toIdentity = (parts: readonly Part[], metadata: Metadata): Facts['identity'] => {
	const manifest = parts.find((part) => part.manifest)?.manifest;
	const { name, version } = metadata;
	return {
		project: manifest?.name === name ? undefined : name,
		version: manifest?.version === version ? undefined : version,
	};
};

const toRepositoryNotes = (named: string | undefined, cloned: string | undefined): string[] =>
	named === undefined || cloned === undefined || named.toLowerCase() === cloned.toLowerCase()
		? []
		: [
				`The project says that its repository is ${named}, the clone comes from ${cloned}: trusted publishing needs them equal.`,
			];

/**
 * Reads what a project is made of. Everything that the files say is one line of printable text or a checked word.
 * @throws SlipwayError INIT_PROJECT_UNKNOWN, INIT_FILE_*
 */
export const detectProject = async (folder: string, around: Surroundings): Promise<Facts> => {
	const parts = await findParts(folder);
	const released = parts.filter(({ kind }) => kind !== undefined);
	if (released.length === 0) throw refuseUnknown(folder, parts);
	const first = [...released, ...parts].map(({ metadata }) => metadata).reduce(joinMetadata);
	const metadata: Metadata = {
		...first,
		name: first.name ?? toProjectName(basename(folder)) ?? 'project',
		version: first.version ?? around.version ?? '0.1.0',
	};
	const npm = released.find((part) => part.npm)?.npm;
	const manifest = parts.find((part) => part.manifest)?.manifest;
	const named = parts.map(({ repository }) => repository).find((each) => each !== undefined);
	const notes =
		first.version || around.version
			? []
			: ['No file and no tag names a version: slipway.yml starts at 0.1.0.'];
	return {
		kinds: released.flatMap(({ kind }) => kind ?? []),
		metadata: { ...metadata, maintainer: metadata.maintainer ?? around.person },
		identity: toIdentity(parts, metadata),
		hasManifest: manifest !== undefined,
		hasMaintainer: manifest?.maintainer !== undefined,
		npmNames: npm?.names ?? [],
		npmPackages: npm?.packages,
		repository: around.repository ?? named,
		commands: collect(released, ({ commands }) => commands),
		outputs: collect(released, ({ outputs }) => outputs),
		debs: collect(released, ({ debs }) => debs),
		debCommands: collect(released, ({ debCommands }) => debCommands),
		plain: released.find(({ plain }) => plain)?.plain,
		suggested: toSuggested(released),
		notes: [
			...notes,
			...collect(released, (part) => part.notes),
			...toRepositoryNotes(named, around.repository),
		],
	};
};
