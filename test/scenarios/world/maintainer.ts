import { toCheckCaller } from '../../../packages/cli/src/init/starters/check-caller.ts';
import { toPolicyFile } from '../../../packages/cli/src/init/starters/policy-file.ts';
import { toReleaseCaller } from '../../../packages/cli/src/init/starters/release-caller.ts';
import { toWatchCaller } from '../../../packages/cli/src/init/starters/watch-caller.ts';
import { publishByHand } from './by-hand.ts';
import { type ProjectOptions, type TargetName, toProject } from './project.ts';
import type { Tree } from './repository.ts';
import type { Trigger } from './run-environment.ts';
import type { World, WorldRun } from './world.ts';

/** How the project is set up. */
export interface Setup {
	readonly targets?: readonly TargetName[];
	readonly isSigned?: boolean;
	readonly npmMode?: 'tag' | 'stage';
	readonly approval?: string;
	/** The policy that `slipway init` writes; releases are signed under it. */
	readonly hasPolicy?: boolean;
	/** Merged over slipway.yml. */
	readonly config?: object;
	readonly files?: Tree;
}

export const RELEASE = '.github/workflows/release.yml';
export const CHECK = '.github/workflows/check.yml';
export const WATCH = '.github/workflows/watch.yml';

const ALL: readonly TargetName[] = ['npm', 'apt', 'github'];

/** Whoever looks after the project: writes versions, pushes tags, dispatches operations. */
export class Maintainer {
	readonly #world: World;
	readonly #setup: Setup;

	constructor(world: World, setup: Setup = {}) {
		this.#world = world;
		this.#setup = setup;
	}

	/** A project with callers, and one version that was published before; npm trusts the release workflow. */
	async adopt(previous = '0.9.0'): Promise<void> {
		const { repository } = this.#world.services;
		await repository.commit({ ...this.#toFiles(previous), ...this.#toCallers() }, 'Adopt Slipway');
		await publishByHand(this.#world, 'greet', previous);
	}

	/** Writes a version into the project. */
	commit(version: string, files: Tree = {}): Promise<string> {
		const { repository } = this.#world.services;
		return repository.commit({ ...this.#toFiles(version), ...files }, `Version ${version}`);
	}

	/** Commits a version and tags it. */
	async tag(version: string, files: Tree = {}): Promise<void> {
		const { repository } = this.#world.services;
		await repository.tag(`v${version}`, await this.commit(version, files));
	}

	/** Tags a version and lets the workflow run that this starts. */
	async release(version: string, files: Tree = {}): Promise<WorldRun> {
		await this.tag(version, files);
		return this.#world.run(toTagPush(version));
	}

	/** Starts an operation by hand, from the main branch. */
	dispatch(
		operation: string,
		version: string,
		inputs: Readonly<Record<string, string>> = {},
	): Promise<WorldRun> {
		return this.#world.run({
			workflow: RELEASE,
			event: 'workflow_dispatch',
			ref: 'refs/heads/main',
			inputs: { operation, tag: `v${version}`, ...inputs },
		});
	}

	#toFiles(version: string): Tree {
		const { npm, apt, aptPublicKey, sigstore } = this.#world.services;
		const { targets = ALL, isSigned = true, npmMode, config, files } = this.#setup;
		const project: ProjectOptions = { name: 'greet', version, targets, npmMode, config };
		const documents = { services: sigstore.signingConfig, root: sigstore.trustedRoot };
		return {
			...(this.#setup.hasPolicy && { 'slipway.policy.yml': this.#toPolicy() }),
			...toProject(project, {
				npm: npm.origin,
				apt: apt.origin,
				aptPublicKey,
				sigstore: isSigned ? documents : undefined,
			}),
			...files,
		};
	}

	#toPolicy(): string {
		return toPolicyFile({
			library: this.#toLibrary(),
			repository: this.#world.services.repository.name,
			trustedRoot: 'root.json',
		});
	}

	#toLibrary() {
		const { name, ref } = this.#world.library;
		return { repository: name, commit: ref, version: 'v1.0.0' };
	}

	#toCallers(): Tree {
		const { targets = ALL, approval } = this.#setup;
		const options = { library: this.#toLibrary(), targets, approval, runners: ['ubuntu-24.04'] };
		return {
			[RELEASE]: toReleaseCaller(options),
			[CHECK]: toCheckCaller(options),
			[WATCH]: toWatchCaller(options, 'greet'),
		};
	}
}

export const toTagPush = (version: string): Trigger => ({
	workflow: RELEASE,
	event: 'push',
	ref: `refs/tags/v${version}`,
});
