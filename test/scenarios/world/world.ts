import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Permissions as GrantedPermissions } from '@slipway/rehearsal/github';
import { type FakeGitHub, startFakeGitHub } from '@slipway/testing';
import { parseActLog } from '../act/act-log.ts';
import type { ExpandedLibrary } from '../act/expand-library.ts';
import { ID_TOKEN_SECRET, ID_TOKEN_URL, toExpandedWorkflow } from '../act/expand-workflow.ts';
import { findTokenVariables, type Permissions } from '../act/job-token.ts';
import { type ActRun, runAct } from '../act/run-act.ts';
import { Unexpected } from '../expectation.ts';
import { type RunFacts, type Trigger, toPayload, toRunClaims, toRunVariables } from './run-environment.ts';
import { type Services, startServices } from './services.ts';

/** What is the same in every world. */
export interface Equipment {
	/** The program. */
	readonly act: string;
	readonly library: ExpandedLibrary;
	/** How many times as long everything may take. */
	readonly patience: number;
}

export interface WorldRun extends ActRun {
	readonly id: number;
	readonly attempt: number;
}

const FIRST_RUN = 1001;
const RUN_TIMEOUT_MS = 120_000;
/** Each is this machine. */
const RUNNERS = ['ubuntu-24.04', 'ubuntu-24.04-arm', 'self-hosted'];

/** ID tokens come from a service that knows which job asks. */
const toServiceVariables = (services: FakeGitHub): Record<string, string> =>
	Object.fromEntries(
		Object.entries(services.environment).filter(([name]) => !name.startsWith('ACTIONS_ID_TOKEN')),
	);

/** What GitHub grants of what a job asks for: to a fork, reading. */
const toGranted = (permissions: Permissions, isFork: boolean): GrantedPermissions =>
	Object.fromEntries(Object.entries(permissions).map(([scope, level]) => [scope, isFork ? 'read' : level]));

/** One repository at GitHub, with everything that its workflows talk to, and its runs. */
export class World {
	readonly services: Services;
	readonly #equipment: Equipment;
	readonly #runServices = new Map<number, FakeGitHub & { stop(): Promise<void> }>();
	readonly #cancelled = new AbortController();
	#nextRun = FIRST_RUN;

	private constructor(services: Services, equipment: Equipment) {
		this.services = services;
		this.#equipment = equipment;
	}

	static async start(name: string, equipment: Equipment): Promise<World> {
		return new World(await startServices(name, equipment.library), equipment);
	}

	get library(): ExpandedLibrary {
		return this.#equipment.library;
	}

	get patience(): number {
		return this.#equipment.patience;
	}

	/** Runs a workflow of the repository as it is at the trigger's ref. `again`: a run that was there before. */
	async run(trigger: Trigger, again?: { readonly id: number; readonly attempt: number }): Promise<WorldRun> {
		const id = again?.id ?? this.#nextRun++;
		const attempt = again?.attempt ?? 1;
		const folder = join(this.services.folder, 'runs', `${id}-${attempt}`);
		const { repository } = this.services;
		const commit = await repository.checkOut(trigger.ref, join(folder, 'workspace'));
		const run = await this.#act({ repository: repository.name, commit, id, attempt, trigger }, folder);
		this.#keepArtifacts(id, commit);
		return { ...run, id, attempt };
	}

	/** Ends the runs that are under way. */
	cancel(reason: Error): void {
		this.#cancelled.abort(reason);
	}

	/** Forgets what the jobs of a run have stored. */
	async emptyArtifacts(id: number): Promise<void> {
		await this.#runServices.get(id)?.stop();
		this.#runServices.delete(id);
		const { artifacts } = this.services.github.repository().state;
		artifacts.splice(0, artifacts.length, ...artifacts.filter(({ runId }) => runId !== id));
	}

	async stop(): Promise<void> {
		await Promise.all([...this.#runServices.values()].map((services) => services.stop()));
		await this.services.stop();
		await rm(this.services.folder, { recursive: true, force: true });
	}

	async #act(facts: RunFacts, folder: string): Promise<ActRun> {
		const workspace = join(folder, 'workspace');
		const runServices = this.#runServices.get(facts.id) ?? (await startFakeGitHub());
		this.#runServices.set(facts.id, runServices);
		await this.#writeGitConfig(join(folder, 'home'));
		const { secrets, github } = this.services;
		const caller = await this.#expandCaller(facts, folder);
		return runAct({
			...this.#equipment,
			workflow: caller.path,
			workspace,
			folder,
			event: { name: facts.trigger.event, payload: toPayload(facts) },
			inputs: facts.trigger.inputs,
			secrets: {
				...(!facts.trigger.isFork && secrets),
				GITHUB_TOKEN: github.issueToken({ permissions: {} }),
			},
			variables: this.#toVariables(facts, caller.source),
			environment: {
				...toServiceVariables(runServices),
				...toRunVariables(facts),
				GITHUB_API_URL: github.origin,
			},
			runners: RUNNERS,
			timeoutMs: RUN_TIMEOUT_MS * this.patience,
			signal: this.#cancelled.signal,
		}).catch((thrown) => this.#refuse(thrown, folder));
	}

	/** A run that had to be ended says what it was at. */
	async #refuse(thrown: unknown, folder: string): Promise<never> {
		const { reason } = this.#cancelled.signal;
		if (reason === undefined) throw thrown;
		const { lines } = parseActLog(await readFile(join(folder, 'act.log'), 'utf8').catch(() => ''));
		const log = lines.slice(-30).map(({ job, text }) => `  ${job || 'act'} | ${text}`);
		throw new Unexpected((reason as Error).message, log.join('\n'));
	}

	/** Every set of rights has a token of its own, in each run. */
	#toVariables(facts: RunFacts, caller: string): Record<string, string> {
		const { isFork = false } = facts.trigger;
		const sets = [...this.library.tokens, ...findTokenVariables(caller)];
		const issued = sets.map(([name, permissions]) => [
			name,
			this.services.github.issueToken({ permissions: toGranted(permissions, isFork) }),
		]);
		return { ...(!isFork && this.#toIdTokenVariables(facts)), ...Object.fromEntries(issued) };
	}

	#toIdTokenVariables(facts: RunFacts): Record<string, string> {
		const { url, secret } = this.services.identity.begin(toRunClaims(facts));
		return { [ID_TOKEN_URL]: url, [ID_TOKEN_SECRET]: secret };
	}

	async #writeGitConfig(home: string): Promise<void> {
		await mkdir(home, { recursive: true });
		await writeFile(join(home, '.gitconfig'), this.services.door.gitConfig);
	}

	async #expandCaller({ trigger: { workflow: path } }: RunFacts, folder: string) {
		const { name, ref } = this.library;
		const source = await readFile(join(folder, 'workspace', path), 'utf8');
		const expanded = toExpandedWorkflow(source, { path, library: name, ref });
		const file = join(folder, 'caller.yml');
		await writeFile(file, expanded);
		return { path: file, source: expanded };
	}

	/** Later runs find them by the API. */
	#keepArtifacts(runId: number, headSha: string): void {
		const control = this.services.github.repository();
		if (!control.state.runs.some(({ id }) => id === runId)) control.addRun({ id: runId, headSha });
		const known = new Set(
			control.state.artifacts.filter((each) => each.runId === runId).map(({ name }) => name),
		);
		for (const { name, bytes, mimeType } of this.#runServices.get(runId)?.artifacts.list() ?? [])
			if (!known.has(name)) control.addArtifact({ name, runId, bytes, mediaType: mimeType });
	}
}
