import type { Publisher } from '@slipway/core';
import {
	abort,
	continueOperation,
	Journal,
	type Project,
	type ReleaseReport,
	release,
	restore,
	rollback,
} from '@slipway/release';
import type { Store } from '@slipway/store';
import { memoryStore } from './memory-store.ts';
import { type Fortune, Process } from './process.ts';
import { PROJECT } from './releases.ts';
import type { Command } from './scenario.ts';
import type { World } from './world.ts';

/** How one run of the command ended. */
export type Ending =
	| { readonly kind: 'killed' }
	| { readonly kind: 'report'; readonly report: ReleaseReport }
	| {
			readonly kind: 'error';
			readonly code: string;
			readonly message: string;
			readonly hint: string;
	  };

/** A defect of the product, as a test builds it in: what is put in the place of a publisher, a store or the journal. */
export interface Mutant {
	readonly name: string;
	readonly publisher?: (publisher: Publisher, process: Process, world: World) => Publisher;
	readonly store?: (store: Store, process: Process) => Store;
	readonly journal?: (journal: Journal) => Journal;
}

const start = (world: World, process: Process, command: Command, mutant?: Mutant): Promise<ReleaseReport> => {
	const { context } = process;
	const { version, operation, takeOver, repoint } = command;
	const store = memoryStore(world, process, world.files);
	const journal = new Journal(mutant?.store?.(store, process) ?? store, PROJECT);
	const publishers = world.publishers(process);
	const project: Project = {
		journal: mutant?.journal?.(journal) ?? journal,
		publishers: publishers.map((publisher) => mutant?.publisher?.(publisher, process, world) ?? publisher),
		run: { key: `${process.name}/1`, actor: 'tester' },
		takeOver,
	};
	const manifest = world.manifest(version);
	const { onFailure } = world.scenario;
	const undo = { ...project, version, reason: 'it is bad', act: true };
	switch (operation) {
		case 'release':
			return release({ ...project, manifest, onFailure, place: 'here', repoint }, context);
		case 'continue':
			return continueOperation({ ...project, version, manifest, onFailure, repoint }, context);
		case 'abort':
			return abort(undo, context);
		case 'rollback':
			return rollback(undo, context);
		case 'restore':
			return restore(undo, context);
	}
};

const toError = (thrown: unknown): Ending => {
	const { code = 'NONE', message, hint = '' } = thrown as Error & { code?: string; hint?: string };
	return { kind: 'error', code, message: message ?? String(thrown), hint };
};

export const toText = ({ operation, version, repoint, takeOver }: Command): string =>
	`slipway ${operation} ${version}${repoint ? ' --repoint' : ''}${takeOver ? ' --take-over' : ''}`;

/** Runs one command to its end, or until it is killed. */
export const execute = async (
	world: World,
	{ command, fortune, name }: { readonly command: Command; readonly fortune: Fortune; readonly name: string },
	mutant?: Mutant,
): Promise<Ending> => {
	const process = new Process(name, world, fortune);
	world.tell(() => `${name}: $ ${toText(command)}   ${JSON.stringify(fortune)}`);
	const run = start(world, process, command, mutant).then(
		(report): Ending => ({ kind: 'report', report }),
		toError,
	);
	const ending = await Promise.race([run, process.death.then((): Ending => ({ kind: 'killed' }))]);
	if (ending.kind === 'report') {
		const { state, reason, next } = ending.report;
		world.tell(() => `${name}: ${state}: ${reason} -> ${next} (${process.steps} steps)`);
	} else if (ending.kind === 'error')
		world.tell(() => `${name}: ${ending.code} ${ending.message} -> ${ending.hint}`);
	return ending;
};
