import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ArtifactService, type StoredArtifact } from './artifact-service.ts';
import { BlobStore } from './blob-store.ts';
import { CacheService } from './cache-service.ts';
import {
	type Fault,
	type Handler,
	type Received,
	type Reply,
	receive,
	send,
	toJsonReply,
} from './exchange.ts';
import { type Claims, type IdTokenService, toIdTokenService } from './id-token-service.ts';
import { type RuntimeClaims, toRuntimeToken } from './runtime-token.ts';

/** Claims of the token that the fake gives, as GitHub would for a tag push in `acme/greet`. */
const CLAIMS: Claims = {
	sub: 'repo:acme/greet:ref:refs/tags/v1.0.0',
	repository: 'acme/greet',
	repository_id: '1',
	repository_owner: 'acme',
	repository_owner_id: '2',
	ref: 'refs/tags/v1.0.0',
	event_name: 'push',
	workflow_ref: 'acme/greet/.github/workflows/release.yml@refs/tags/v1.0.0',
	job_workflow_ref: 'acme/greet/.github/workflows/release.yml@refs/tags/v1.0.0',
	runner_environment: 'github-hosted',
};

/** One job, as far as its services see it. Default: the job `job` of the run `run`, which may write caches. */
export interface FakeJob extends Partial<RuntimeClaims> {
	/** Of its ID tokens, over those of the fake; null: it has no `id-token: write`. */
	readonly claims?: Claims | null;
}

export interface FakeGitHubOptions {
	/** Of the ID tokens of each job; a job's own come on top. */
	readonly claims?: Claims | ((job: { readonly run: string; readonly job: string }) => Claims);
	/** Told of every artifact that is complete. */
	readonly onStored?: (artifact: StoredArtifact) => void;
	/** ms since 1970. Default: the clock of this machine. */
	readonly now?: () => number;
}

/**
 * What a job of GitHub talks to besides registries and the REST API: OIDC, artifacts, caches, blobs. A real server on a
 * free loopback port, for any number of runs and jobs.
 */
export interface FakeGitHub {
	readonly origin: string;
	readonly artifacts: ArtifactService;
	readonly caches: CacheService;
	/** `METHOD path` of every request, in order. */
	readonly requests: readonly string[];
	/** The service addresses and tokens that the runner hands to each step of the default job. */
	readonly environment: Readonly<Record<string, string>>;
	/** The same for another job. */
	toEnvironment(job?: FakeJob): Readonly<Record<string, string>>;
	/** Addresses that were given for uploads and downloads are good no longer. */
	expireAddresses(): void;
	/** The next matching requests go wrong in this way. */
	misbehave(fault: Fault): void;
}

interface PendingFault {
	readonly fault: Fault;
	left: number;
}

const takeFault = (faults: PendingFault[], path: string): Fault | undefined => {
	const pending = faults.find(({ fault, left }) => left > 0 && fault.path.test(path));
	if (!pending) return undefined;
	pending.left -= 1;
	return pending.fault;
};

/** The first handler that knows the path answers. */
const toReply = (handlers: readonly Handler[], received: Received): Reply => {
	for (const handler of handlers) {
		const reply = handler(received);
		if (reply) return reply;
	}
	return toJsonReply({ message: 'Not Found' }, 404);
};

const toJobEnvironment = (
	{ run = 'run', job = 'job', cacheMode = 'write', claims }: FakeJob,
	origin: string,
	{ idTokens, options }: { readonly idTokens: IdTokenService; readonly options: FakeGitHubOptions },
): Record<string, string> => {
	const base =
		typeof options.claims === 'function' ? options.claims({ run, job }) : (options.claims ?? CLAIMS);
	return {
		ACTIONS_RESULTS_URL: `${origin}/`,
		ACTIONS_RUNTIME_TOKEN: toRuntimeToken({ run, job, cacheMode }, idTokens.privateKey),
		ACTIONS_CACHE_SERVICE_V2: 'true',
		ACTIONS_CACHE_MODE: cacheMode,
		...(claims === null ? {} : idTokens.open({ ...base, ...claims })),
		GITHUB_API_URL: origin,
		// The artifact client refuses other hosts as an old server; nothing is ever sent there.
		GITHUB_SERVER_URL: 'https://github.com',
	};
};

/** Starts a fake of the services that GitHub's runner has for a job. */
export const startFakeGitHub = async (
	options: FakeGitHubOptions = {},
): Promise<FakeGitHub & { stop(): Promise<void> }> => {
	const { now = Date.now, onStored } = options;
	const faults: PendingFault[] = [];
	const requests: string[] = [];
	const toOrigin = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const blobs = new BlobStore(toOrigin, now);
	const artifacts = new ArtifactService({ blobs, now, onStored });
	const caches = new CacheService(blobs);
	const idTokens = toIdTokenService(toOrigin, now);
	const handlers = [idTokens.handler, artifacts.handler, caches.handler, blobs.handler];
	const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const received = await receive(request);
		requests.push(`${received.method} ${received.path}`);
		const fault = takeFault(faults, received.path);
		if (typeof fault?.effect === 'object') return send(response, fault.effect);
		send(response, toReply(handlers, received), fault);
	};
	const server = createServer((request, response) => void answer(request, response));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const toEnvironment = (job: FakeJob = {}) => toJobEnvironment(job, toOrigin(), { idTokens, options });
	return {
		origin: toOrigin(),
		artifacts,
		caches,
		requests,
		environment: toEnvironment(),
		toEnvironment,
		expireAddresses: () => blobs.expire(),
		misbehave: (fault) => void faults.push({ fault, left: fault.times ?? 1 }),
		stop: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
};

/** Runs the task with a fake GitHub that ends with it. */
export const withFakeGitHub = async <Result>(
	task: (github: FakeGitHub) => Promise<Result>,
): Promise<Result> => {
	const github = await startFakeGitHub();
	try {
		return await task(github);
	} finally {
		await github.stop();
	}
};
