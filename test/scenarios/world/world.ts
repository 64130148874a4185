import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSigningKey } from '@slipway/deb';
import type { LoopbackServer } from '@slipway/http';
import { type NpmFront, startNpmFront, startVerdaccio } from '@slipway/rehearsal/npm-registry';
import { type LocalSigstore, startSigstore } from '@slipway/rehearsal/sigstore';
import { type FakeGitHub, startFakeGitHub } from '@slipway/testing';
import type { ExpandedLibrary } from '../act/expand-library.ts';
import { ID_TOKEN_SECRET, ID_TOKEN_URL, toExpandedWorkflow } from '../act/expand-workflow.ts';
import { type ActRun, runAct } from '../act/run-act.ts';
import { type IdentityService, startIdentity } from './identity.ts';
import { servePages } from './pages.ts';
import { APT_BRANCH } from './project.ts';
import { Repository } from './repository.ts';
import { type RunFacts, type Trigger, toPayload, toRunClaims, toRunVariables } from './run-environment.ts';

/** What is the same in every world. */
export interface Equipment {
	/** The program. */
	readonly act: string;
	readonly library: ExpandedLibrary;
}

/** Everything that one repository talks to when its workflows run, and the repository. */
export class World {
	readonly folder: string;
	readonly repository: Repository;
	readonly npm: NpmFront;
	readonly npmToken: string;
	readonly apt: LoopbackServer;
	readonly sigstore: LocalSigstore;
	readonly identity: IdentityService;
	readonly #equipment: Equipment;
	readonly #secrets: Readonly<Record<string, string>>;
	readonly #runServices = new Map<number, FakeGitHub & { stop(): Promise<void> }>();
	readonly #stop: () => Promise<void>;
	#lastRun = 1000;

	private constructor(parts: Parts, equipment: Equipment) {
		this.folder = parts.folder;
		this.repository = parts.repository;
		this.npm = parts.npm;
		this.npmToken = parts.npmToken;
		this.apt = parts.apt;
		this.sigstore = parts.sigstore;
		this.identity = parts.identity;
		this.#secrets = parts.secrets;
		this.#stop = parts.stop;
		this.#equipment = equipment;
	}

	static async start(name: string, equipment: Equipment): Promise<World> {
		return new World(await startParts(name, equipment), equipment);
	}

	/** Runs a workflow of the repository as it is at the trigger's ref. */
	async run(trigger: Trigger, again?: { readonly id: number; readonly attempt: number }): Promise<WorldRun> {
		const id = again?.id ?? ++this.#lastRun;
		const attempt = again?.attempt ?? 1;
		const folder = join(this.folder, 'runs', `${id}-${attempt}`);
		const workspace = join(folder, 'workspace');
		const commit = await this.repository.checkOut(trigger.ref, workspace);
		const facts: RunFacts = { repository: this.repository.name, commit, id, attempt, trigger };
		const tokens = this.identity.begin(toRunClaims(facts));
		const services = await this.#provideServices(id);
		await this.#writeGitConfig(join(folder, 'home'));
		const run = await runAct({
			...this.#equipment,
			workflow: await this.#expandCaller(trigger.workflow, workspace, folder),
			workspace,
			folder,
			event: { name: trigger.event, payload: toPayload(facts) },
			inputs: trigger.inputs,
			secrets: { ...this.#secrets, GITHUB_TOKEN: 'ghs_run' },
			variables: { [ID_TOKEN_URL]: tokens.url, [ID_TOKEN_SECRET]: tokens.secret },
			environment: { ...toServiceVariables(services.environment), ...toRunVariables(facts) },
			runners: ['ubuntu-24.04', 'ubuntu-24.04-arm', 'self-hosted'],
		});
		return { ...run, id, attempt };
	}

	/** Forgets what the jobs of a run have stored. */
	async emptyArtifacts(id: number): Promise<void> {
		await this.#runServices.get(id)?.stop();
		this.#runServices.delete(id);
	}

	async stop(): Promise<void> {
		await Promise.all([...this.#runServices.values()].map((services) => services.stop()));
		await this.#stop();
		await rm(this.folder, { recursive: true, force: true });
	}

	async #provideServices(id: number): Promise<FakeGitHub> {
		const services = this.#runServices.get(id) ?? (await startFakeGitHub());
		this.#runServices.set(id, services);
		return services;
	}

	/** Git goes to the local server where it would go to GitHub. */
	async #writeGitConfig(home: string): Promise<void> {
		await mkdir(home, { recursive: true });
		await writeFile(
			join(home, '.gitconfig'),
			`[url "file://${join(this.folder, 'github')}/"]\n\tinsteadOf = https://github.com/\n`,
		);
	}

	async #expandCaller(path: string, workspace: string, folder: string): Promise<string> {
		const { name, ref } = this.#equipment.library;
		const source = await readFile(join(workspace, path), 'utf8');
		const expanded = join(folder, 'caller.yml');
		await writeFile(expanded, toExpandedWorkflow(source, { path, library: name, ref }));
		return expanded;
	}
}

export interface WorldRun extends ActRun {
	readonly id: number;
	readonly attempt: number;
}

interface Parts
	extends Pick<World, 'folder' | 'repository' | 'npm' | 'npmToken' | 'apt' | 'sigstore' | 'identity'> {
	readonly secrets: Readonly<Record<string, string>>;
	readonly stop: () => Promise<void>;
}

/** ID tokens come from a service that knows which job asks. */
const toServiceVariables = (environment: FakeGitHub['environment']): Record<string, string> =>
	Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('ACTIONS_ID_TOKEN')));

const startParts = async (name: string, { library }: Equipment): Promise<Parts> => {
	const folder = await mkdtemp(join(tmpdir(), `slipway-scenario-${name}-`));
	const repository = await Repository.create('acme/greet', join(folder, 'github'));
	const verdaccio = await startVerdaccio({ folder: join(folder, 'npm'), neverProxy: [] });
	const npm = await startNpmFront({ upstream: verdaccio });
	const apt = await servePages(repository, APT_BRANCH);
	const sigstore = await startSigstore();
	const identity = await startIdentity({ sigstore, library });
	const { privateKey } = await generateSigningKey({ name: 'Ada', email: 'ada@example.org', days: 400 });
	return {
		folder,
		repository,
		npm,
		npmToken: verdaccio.token,
		apt,
		sigstore,
		identity,
		secrets: { APT_SIGNING_KEY: privateKey, NPM_ROLLBACK_TOKEN: npm.control.issueToken(['deprecate']) },
		stop: async () => {
			await Promise.all([npm.stop(), verdaccio.stop(), apt.close(), sigstore.stop(), identity.stop()]);
		},
	};
};
