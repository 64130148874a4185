import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LoopbackServer, serveLoopback } from '@slipway/http';
import { type LocalGitHub, type Permissions, startGitHubApi } from '@slipway/rehearsal/github';
import { type FakeGitHub, type StepResult, startFakeGitHub } from '@slipway/testing';
import { type ActionStep, IDENTITY, type NewProject, toProjectFiles, type World } from './actions-world.ts';
import { git } from './scenarios/world/git.ts';
import { Repository } from './scenarios/world/repository.ts';

/** What one job of a workflow is granted. */
export interface Rights {
	readonly permissions?: Permissions;
	/** `id-token: write`. */
	readonly identity?: boolean;
	/** The key of the apt repository. */
	readonly aptKey?: boolean;
	readonly environment?: ActionStep['environment'];
}

/** A run of a workflow: its own artifacts, and jobs that share nothing else. */
export interface Run {
	readonly services: FakeGitHub;
	/** A step in a new clone of the tag, with the rights of its job alone. */
	step(action: string, inputs: ActionStep['inputs'], rights?: Rights): Promise<StepResult>;
	/** The same run, tried again. */
	again(): Run;
}

/** A repository at GitHub whose workflows run in a world. */
export interface RepositoryWorld {
	readonly repository: Repository;
	readonly api: LocalGitHub;
	/** Commits a project to the main branch and tags the commit. */
	release(project: NewProject, tag: string): Promise<void>;
	/** Begins a run that the push of a tag has started, or, without one, a dispatch on main. */
	begin(tag: string | undefined): Promise<Run>;
	/** The artifacts of a run become those of an earlier one, as the API shows them. */
	end(run: Run): void;
	stop(): Promise<void>;
}

const NAME = 'acme/greet';

const startIdentity = (world: World, toCommit: () => string): Promise<LoopbackServer> =>
	serveLoopback(({ url = '/' }, response) => {
		const aud = new URL(url, 'http://localhost').searchParams.get('audience') ?? 'sigstore';
		response.end(JSON.stringify({ value: world.sigstore.token({ aud, sha: toCommit() }) }));
	});

interface RunFacts {
	readonly id: number;
	readonly attempt: number;
	readonly ref: string;
}

/** Starts it. */
export const startRepositoryWorld = async (world: World): Promise<RepositoryWorld> => {
	const root = await mkdtemp(join(tmpdir(), 'slipway-repository-'));
	const repository = await Repository.create(NAME, root);
	await repository.commit({ 'README.md': 'nothing yet\n' }, 'first');
	const api = await startGitHubApi({ repository: NAME, gitFolder: repository.folder });
	let commit = '';
	let clones = 0;
	const identity = await startIdentity(world, () => commit);
	const idToken = {
		ACTIONS_ID_TOKEN_REQUEST_URL: `${identity.origin}/?api-version=2.0`,
		ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
	};
	const started = new Map<FakeGitHub, FakeGitHub & { stop(): Promise<void> }>();
	const ids = new Map<FakeGitHub, number>();

	const clone = async (ref: string): Promise<string> => {
		clones += 1;
		const workspace = join(root, `job-${clones}`);
		commit = await repository.checkOut(ref, workspace);
		await git(workspace, 'remote', 'set-url', 'origin', `${api.origin}/${NAME}.git`);
		return workspace;
	};

	const toRun = (services: FakeGitHub, facts: RunFacts): Run => ({
		services,
		step: async (action, inputs, { permissions = {}, identity: isSigner, aptKey, environment } = {}) => {
			const { ACTIONS_ID_TOKEN_REQUEST_URL: _, ...runtime } = services.environment;
			return world.runAction(action, {
				workspace: await clone(facts.ref),
				inputs: { token: api.issueToken({ permissions: { contents: 'read', ...permissions } }), ...inputs },
				eventName: facts.ref.startsWith('refs/tags/') ? 'push' : 'workflow_dispatch',
				environment: {
					...runtime,
					...(isSigner ? idToken : {}),
					GITHUB_API_URL: api.origin,
					GITHUB_SERVER_URL: api.origin,
					GITHUB_REF: facts.ref,
					GITHUB_SHA: commit,
					GITHUB_RUN_ID: String(facts.id),
					GITHUB_RUN_ATTEMPT: String(facts.attempt),
					NODE_AUTH_TOKEN: '',
					...(aptKey ? {} : { APT_SIGNING_KEY: '' }),
					...environment,
				},
			});
		},
		again: () => toRun(services, { ...facts, attempt: facts.attempt + 1 }),
	});

	return {
		repository,
		api,
		release: async (project, tag) => {
			const files = { ...toProjectFiles(project, world) };
			// The address of the repository is what the clones of its jobs have.
			const text = files['package.json'] ?? '';
			files['package.json'] = text.replace('git+https://github.com', `git+${api.origin}`);
			await repository.commit(files, `version ${project.version}`);
			await repository.tag(tag);
		},
		begin: async (tag) => {
			const services = await startFakeGitHub();
			started.set(services, services);
			const ref = tag === undefined ? 'refs/heads/main' : `refs/tags/${tag}`;
			const { id } = api.repository().addRun();
			ids.set(services, id);
			return toRun(services, { id, attempt: 1, ref });
		},
		end: ({ services }) => {
			for (const { name, bytes, mimeType } of services.artifacts.list())
				api.repository().addArtifact({ name, bytes, mediaType: mimeType, runId: ids.get(services) ?? 0 });
		},
		stop: async () => {
			await Promise.all([...started.values()].map((each) => each.stop()));
			await Promise.all([api.stop(), identity.close()]);
			await rm(root, { recursive: true, force: true });
		},
	};
};

export { IDENTITY };
