import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateSigningKey } from '@slipway/deb';
import type { LoopbackServer } from '@slipway/http';
import { type LocalGitHub, startGitHubApi } from '@slipway/rehearsal/github';
import { type NpmFront, startNpmFront, startVerdaccio } from '@slipway/rehearsal/npm-registry';
import { type LocalSigstore, startSigstore } from '@slipway/rehearsal/sigstore';
import type { ExpandedLibrary } from '../act/expand-library.ts';
import { type GitHubDoor, openGitHubDoor } from './github-door.ts';
import { type IdentityService, startIdentity } from './identity.ts';
import { servePages } from './pages.ts';
import { APT_BRANCH } from './project.ts';
import { Repository } from './repository.ts';

/** Everything that one repository talks to when its workflows run, and the repository. */
export interface Services {
	/** Of this world alone; goes with it. */
	readonly folder: string;
	readonly repository: Repository;
	readonly npm: NpmFront;
	readonly npmOwnerToken: string;
	/** The apt branch as users see it. */
	readonly apt: LoopbackServer;
	readonly aptPublicKey: string;
	readonly github: LocalGitHub;
	readonly door: GitHubDoor;
	readonly sigstore: LocalSigstore;
	readonly identity: IdentityService;
	/** Of the repository's settings. */
	readonly secrets: Readonly<Record<string, string>>;
	stop(): Promise<void>;
}

/** Who gives the tokens of jobs, by its name: policies demand it. */
const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';

const startNpm = async (folder: string) => {
	const verdaccio = await startVerdaccio({ folder: join(folder, 'npm'), neverProxy: [] });
	const front = await startNpmFront({ upstream: verdaccio });
	const stop = async (): Promise<void> => void (await Promise.all([front.stop(), verdaccio.stop()]));
	return { front, token: verdaccio.token, stop };
};

const startGitHub = async ({ name, folder: gitFolder }: Repository, folder: string) => {
	const github = await startGitHubApi({ repository: name, gitFolder });
	const rules = ['update', 'deletion', 'non_fast_forward'].map((type) => ({ type }));
	github.repository().addRuleset({ target: 'tag', include: ['refs/tags/v*'], rules });
	return { github, door: await openGitHubDoor(github.origin, folder) };
};

/** Starts all of them, on loopback, for a repository `acme/greet` that is empty. */
export const startServices = async (name: string, library: ExpandedLibrary): Promise<Services> => {
	const folder = await mkdtemp(join(tmpdir(), `slipway-scenario-${name}-`));
	const repository = await Repository.create('acme/greet', join(folder, 'github'));
	const [npm, { github, door }, apt, sigstore, key] = await Promise.all([
		startNpm(folder),
		startGitHub(repository, folder),
		servePages(repository, APT_BRANCH),
		startSigstore({ issuer: GITHUB_ISSUER }),
		generateSigningKey({ name: 'Ada', email: 'ada@example.org', days: 400 }),
	]);
	const identity = await startIdentity({ sigstore, library });
	return {
		folder,
		repository,
		npm: npm.front,
		npmOwnerToken: npm.token,
		apt,
		aptPublicKey: key.publicKey,
		github,
		door,
		sigstore,
		identity,
		secrets: {
			APT_SIGNING_KEY: key.privateKey,
			NPM_ROLLBACK_TOKEN: npm.front.control.issueToken(['deprecate']),
		},
		stop: async () => {
			const all = [npm.stop(), github.stop(), door.stop(), apt.close(), sigstore.stop(), identity.stop()];
			await Promise.all(all);
		},
	};
};
