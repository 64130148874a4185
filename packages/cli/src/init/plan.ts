import { posix, resolve } from 'node:path';
import { SlipwayError, toPrintable } from '@slipway/core';
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import * as v from 'valibot';
import { type Answers, Label, readAnswers } from './answers.ts';
import { type Clone, readClone } from './clone.ts';
import type { InitCode } from './code.ts';
import { detectProject } from './facts/detect.ts';
import type { Facts } from './facts/facts.ts';
import { readProjectFile } from './facts/read-file.ts';
import { findLibrary } from './find-library.ts';
import type { Library } from './library.ts';
import { addStamp, type FileState, readStamp, toFileState } from './stamp.ts';
import { DEFAULT_RUNNERS, type TargetType } from './starters/callers.ts';
import { type RenderOptions, toStarterFiles } from './starters/render.ts';
import { checkWay } from './write-files.ts';

export interface InitRequest {
	/** The project's folder. */
	readonly folder: string;
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** true: with this target; false: without it; undefined: as the files speak for it. */
	readonly targets: Readonly<Partial<Record<TargetType, boolean | undefined>>>;
	readonly library?: Library | undefined;
	readonly runners?: readonly string[] | undefined;
	readonly runner?: string | undefined;
	readonly approval?: string | undefined;
	readonly policy?: boolean | undefined;
	/** Paths of files that are overwritten whatever they hold. */
	readonly force: readonly string[];
	/** Paths of files that stay as they are, and are known to be so from now on. */
	readonly keep: readonly string[];
}

export interface PlannedFile {
	/** Relative to the root of the repository. */
	readonly path: string;
	readonly state: FileState | 'forced' | 'accepted';
	readonly about: readonly [string, string];
	/** Unified; empty where nothing would change. */
	readonly diff: string;
	/** What is written; undefined: nothing. */
	readonly text: string | undefined;
	/** What is there; undefined: nothing. */
	readonly seen: string | undefined;
}

/** What init would do. */
export interface InitPlan {
	readonly root: string;
	readonly facts: Facts;
	readonly options: RenderOptions;
	readonly files: readonly PlannedFile[];
}

const ALL: readonly TargetType[] = ['npm', 'apt', 'github'];

const refuse = (code: InitCode, message: string, hint: string): SlipwayError =>
	new SlipwayError<InitCode>(code, message, { hint });

/** @throws SlipwayError INIT_TARGET_IMPOSSIBLE, INIT_OPTION_INVALID */
const chooseTargets = ({ targets }: InitRequest, facts: Facts, answers: Answers): TargetType[] => {
	const before = answers.targets?.length ? answers.targets : facts.suggested;
	const chosen = ALL.filter((type) => targets[type] ?? before.includes(type));
	if (targets.npm && facts.npmNames.length === 0)
		throw refuse(
			'INIT_TARGET_IMPOSSIBLE',
			'expected a package.json with name and version that is not private, found none',
			'Leave --npm out, or correct package.json.',
		);
	if (targets.apt && facts.debs.length === 0 && !answers.targets?.includes('apt'))
		throw refuse(
			'INIT_TARGET_IMPOSSIBLE',
			'expected a program that a Debian package could install, found none',
			'Name it under `bin` in package.json, or leave --apt out and write `deb:` into slipway.yml by hand.',
		);
	if (chosen.length > 0) return chosen;
	throw refuse('INIT_OPTION_INVALID', 'expected a target, got none', 'Name one: --npm, --apt or --github.');
};

/** @throws SlipwayError INIT_OPTION_INVALID */
const checkLabels = ({ runners = [], runner, approval }: InitRequest): void => {
	const wrong = [...runners, ...[runner ?? [], approval ?? []].flat()].find((label) => !v.is(Label, label));
	if (wrong === undefined) return;
	throw refuse(
		'INIT_OPTION_INVALID',
		`expected the label of a runner or the name of an environment, got ${toPrintable(wrong, 100)}`,
		'Letters, digits, blanks and . _ - are allowed.',
	);
};

/** GitHub evaluates `${{` wherever it stands in a workflow. @throws SlipwayError INIT_OPTION_INVALID */
const checkFolder = ({ prefix }: Clone): void => {
	if (!prefix.includes('${{')) return;
	throw refuse(
		'INIT_OPTION_INVALID',
		`expected a folder that a workflow can name, got ${toPrintable(prefix, 200)}`,
		'Rename the folder: GitHub evaluates what stands behind ${{ in its name.',
	);
};

const toOptions = async (
	request: InitRequest,
	{ facts, clone, answers }: { readonly facts: Facts; readonly clone: Clone; readonly answers: Answers },
): Promise<RenderOptions> => ({
	library: request.library ?? (await findLibrary(request.environment)),
	targets: chooseTargets(request, facts, answers),
	runners: request.runners ?? answers.runners ?? DEFAULT_RUNNERS,
	runner: request.runner ?? answers.runner,
	approval: request.approval ?? answers.approval,
	project: clone.prefix === '.' ? undefined : clone.prefix,
	repository: facts.repository,
	policy: request.policy ?? answers.policy,
});

/** Without the stamps, which say nothing to people. Control characters of a foreign file are shown, never obeyed. */
const toDiff = (path: string, present: string, wanted: string): string => {
	const options = { context: 3, timeout: 5000, headerOptions: FILE_HEADERS_ONLY };
	const patch = createTwoFilesPatch(path, path, readStamp(present).body, wanted, 'here', 'init', options);
	return (patch ?? `${path}: too different to be compared`)
		.split('\n')
		.map((line) => toPrintable(line, 500).replaceAll('\\u{9}', '\t'))
		.join('\n');
};

interface Wanted {
	readonly path: string;
	readonly text: string;
	readonly about: readonly [string, string];
}

const planFile = async (
	root: string,
	{ path, text, about }: Wanted,
	request: InitRequest,
): Promise<PlannedFile> => {
	await checkWay(root, path);
	const present = await readProjectFile(root, path);
	const state = toFileState(present, text);
	const stamped = addStamp(text);
	if (present !== undefined && state !== 'same' && request.keep.includes(path)) {
		const kept = addStamp(readStamp(present).body, text);
		const written = kept === present ? undefined : kept;
		return { path, state: 'accepted', about, diff: '', text: written, seen: present };
	}
	const isForced = present !== undefined && present !== stamped && request.force.includes(path);
	const diff = state === 'same' || (state === 'kept' && !isForced) ? '' : toDiff(path, present ?? '', text);
	const isWritten = isForced || state === 'new' || state === 'changed';
	const shown = isForced ? 'forced' : state;
	return { path, state: shown, about, diff, text: isWritten ? stamped : undefined, seen: present };
};

/** @throws SlipwayError INIT_OPTION_INVALID */
const checkNamed = (named: readonly string[], files: readonly Wanted[]): void => {
	const wrong = named.find((path) => !files.some((file) => file.path === path));
	if (wrong === undefined) return;
	throw refuse(
		'INIT_OPTION_INVALID',
		`expected a file that init writes, got ${toPrintable(wrong, 200)}`,
		`They are ${files.map(({ path }) => path).join(', ')}.`,
	);
};

/**
 * Detects the project and says, file by file, what init would write; changes nothing and asks no network.
 * @throws SlipwayError INIT_*
 */
export const planInit = async (request: InitRequest): Promise<InitPlan> => {
	checkLabels(request);
	const folder = resolve(request.folder);
	const clone = await readClone(folder, request.environment);
	checkFolder(clone);
	const [facts, answers] = await Promise.all([detectProject(folder, clone), readAnswers(folder, clone.root)]);
	const options = await toOptions(request, { facts, clone, answers });
	const wanted = toStarterFiles(facts, options).map((file) => ({
		...file,
		path: file.path.startsWith('.github/') ? file.path : posix.join(clone.prefix, file.path),
	}));
	const [force, keep] = [request.force, request.keep].map((paths) =>
		paths.map((path) => posix.normalize(path)),
	);
	const named = { ...request, force: force ?? [], keep: keep ?? [] };
	checkNamed([...named.force, ...named.keep], wanted);
	const files: PlannedFile[] = [];
	for (const file of wanted) files.push(await planFile(clone.root, file, named));
	return { root: clone.root, facts, options, files };
};

/** Files that somebody edited, or that are not of init, and that init has something new for. */
export const toConflicts = ({ files }: InitPlan): readonly PlannedFile[] =>
	files.filter(({ state }) => state === 'edited' || state === 'foreign');

/** Files that are there and would change. */
export const toChanges = ({ files }: InitPlan): readonly PlannedFile[] =>
	files.filter(({ state }) => state === 'changed');
