import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Context, SlipwayError, toMessage } from '@slipway/core';
import type { Argv } from '@slipway/process';
import { type RehearsalFailure, type RehearsalResult, toReportHtml } from '@slipway/report';
import { findFault } from './faults/catalog.ts';
import type { FaultDefinition } from './faults/fault.ts';
import { areVerified, type Draft, toDraft, toProjectRecord, toTargets } from './flow/draft.ts';
import { openPart, toPartFolder } from './flow/part.ts';
import { rehearseProject } from './flow/rehearse-project.ts';
import type { World } from './flow/world.ts';
import { type Project, readProject } from './project/read-project.ts';
import { openFolder } from './result/open-folder.ts';
import { readJournal } from './result/read-journal.ts';
import { readTools } from './result/read-tools.ts';
import { readConfiguredRegistry } from './services/configured-registry.ts';
import { startServices } from './services/start-services.ts';
import { type StepEvent, Steps } from './steps.ts';

export interface RehearsalOptions {
	/** Project folders; at least one. */
	readonly projects: readonly string[];
	/** Everything is written below it, and it is emptied first. Default: `out/rehearsal` here. */
	readonly out?: string | undefined;
	/** One of FAULT_NAMES. */
	readonly fault?: string | undefined;
	/** How the command `slipway` is started. Default: the one of this code base. */
	readonly command?: Argv | undefined;
	/** The user's environment; of it only what programs need to be found and trusted is passed on. Default: process.env. */
	readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
	readonly onStep?: ((event: StepEvent) => void) | undefined;
}

/** By its name: in the published package other files than here stand around this code. */
const OWN_COMMAND = fileURLToPath(import.meta.resolve('slipway/command'));

const toFailure = (project: string | null, step: string, thrown: unknown): RehearsalFailure => ({
	project,
	step,
	code: thrown instanceof SlipwayError ? thrown.code : 'UNEXPECTED',
	message: toMessage(thrown),
	hint: thrown instanceof SlipwayError ? thrown.hint : 'Please report this.',
});

/** A folder name for each project: the number makes it unique, readProject has seen to it that the name is a word. */
const toKeys = (projects: readonly Project[]): readonly string[] =>
	projects.map(({ name }, index) => `${index + 1}-${name}`);

const toRepositories = ({ config }: Project): readonly string[] =>
	Object.values(config.targets).flatMap((target) =>
		target.type === 'github' && target.repository ? [target.repository] : [],
	);

const openWorld = (
	folder: string,
	projects: readonly Project[],
	{ options, context, steps, fault }: Opened,
): World => {
	const { environment = process.env, command = [process.execPath, OWN_COMMAND] } = options;
	const registry = readConfiguredRegistry(projects[0]?.folder ?? folder, environment);
	const aptFolder = join(folder, 'apt');
	const compileCache = environment.NODE_COMPILE_CACHE ?? join(folder, 'compile-cache');
	const names = projects.flatMap(({ npmPackages }) => npmPackages.map(({ name }) => name));
	const services = steps.run(null, 'start services', async () =>
		startServices({
			folder: join(folder, 'services'),
			aptFolder,
			compileCache,
			uplink: await registry,
			names,
			repositories: projects.flatMap(toRepositories),
			path: environment.PATH,
		}),
	);
	services.catch(() => undefined); // each project waits for it and says so
	return {
		folder,
		aptFolder,
		compileCache,
		command,
		environment,
		context,
		steps,
		services,
		registry,
		fault,
		failures: [],
	};
};

interface Opened {
	readonly options: RehearsalOptions;
	readonly context: Context;
	readonly steps: Steps;
	readonly fault: FaultDefinition | undefined;
}

const runParts = async (drafts: readonly Draft[], keys: readonly string[], world: World): Promise<void> => {
	const run = async (draft: Draft, index: number) => {
		try {
			await rehearseProject(await openPart(draft, keys[index] ?? '', world));
		} catch (thrown) {
			const step = world.steps.findStep(thrown);
			world.failures.push(toFailure(draft.project.name, step, thrown));
		}
	};
	try {
		await Promise.all(drafts.map(run));
	} finally {
		const services = await world.services.catch(() => undefined);
		await services?.stop();
	}
};

const toResult = async (
	drafts: readonly Draft[],
	keys: readonly string[],
	world: World & { readonly startedAt: string },
): Promise<RehearsalResult> => {
	const { steps, failures, fault } = world;
	const targets = drafts.flatMap(toTargets);
	const passed = failures.length === 0 && areVerified(drafts);
	const journals = drafts.map(({ project }, index) =>
		readJournal(project.name, join(toPartFolder(world, keys[index] ?? ''), 'journal')),
	);
	const events = drafts.flatMap(({ project, events }) =>
		events.map((text) => ({ project: project.name, text })),
	);
	return {
		outcome: passed ? 'passed' : 'failed',
		seconds: Math.round(steps.seconds * 1000) / 1000,
		steps: steps.all,
		targets,
		projects: drafts.map(toProjectRecord),
		chains: drafts.flatMap(({ chain }) => chain ?? []),
		tampering: drafts.flatMap(({ tampering }) => tampering),
		failures,
		fault: fault ? { name: fault.name, description: fault.description, events } : null,
		journal: (await Promise.all(journals)).flat(),
		startedAt: world.startedAt,
		tools: readTools(targets),
	};
};

/**
 * Rehearses the release of projects on embedded registries: seeds a previous version, releases with the real command,
 * looks as a user does, rolls back, restores. Writes `result.json` and `index.html` into the folder. A rehearsal that
 * does not go well is a result, not an error.
 * @throws SlipwayError REHEARSAL_FAULT_UNKNOWN, REHEARSAL_FOLDER_FOREIGN, REHEARSAL_PROJECT_INVALID, CONFIG_*, JSON_*;
 * the signal's reason
 */
export const rehearse = async (options: RehearsalOptions, context: Context): Promise<RehearsalResult> => {
	const fault = options.fault === undefined ? undefined : findFault(options.fault);
	const folder = resolve(options.out ?? join('out', 'rehearsal'));
	const startedAt = new Date(context.clock.now()).toISOString();
	const steps = new Steps(context.clock, options.onStep);
	const projects = await Promise.all(options.projects.map(readProject));
	const keys = toKeys(projects);
	await openFolder(folder);
	const world = openWorld(folder, projects, { options, context, steps, fault });
	const drafts = projects.map(toDraft);
	await runParts(drafts, keys, world);
	// What failed since somebody stopped the run says nothing of the projects.
	context.signal.throwIfAborted();
	const result = await toResult(drafts, keys, { ...world, startedAt });
	await writeFile(join(folder, 'result.json'), `${JSON.stringify(result, null, '\t')}\n`);
	await writeFile(join(folder, 'index.html'), toReportHtml(result));
	return result;
};
