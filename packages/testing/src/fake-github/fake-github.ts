import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ArtifactService } from './artifact-service.ts';
import {
	type Fault,
	type Handler,
	type Received,
	type Reply,
	receive,
	send,
	toJsonReply,
} from './exchange.ts';
import { toIdTokenService, toJwt } from './id-token-service.ts';

const REQUEST_TOKEN = 'fake-id-token-request-token';

/** Claims of the token that the fake gives, as GitHub would for a tag push in `acme/greet`. */
const CLAIMS = {
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

/** What a job of GitHub talks to besides registries: OIDC, artifacts, blobs. A real server on a free loopback port. */
export interface FakeGitHub {
	readonly origin: string;
	readonly artifacts: ArtifactService;
	/** `METHOD path` of every request, in order. */
	readonly requests: readonly string[];
	/** The service addresses and tokens that the runner hands to each step. */
	readonly environment: Readonly<Record<string, string>>;
	/** The next matching requests go wrong in this way. */
	misbehave(fault: Fault): void;
}

interface PendingFault {
	readonly fault: Fault;
	left: number;
}

const takeEffect = (faults: PendingFault[], path: string): Fault['effect'] | undefined => {
	const pending = faults.find(({ fault, left }) => left > 0 && fault.path.test(path));
	if (!pending) return undefined;
	pending.left -= 1;
	return pending.fault.effect;
};

/** The first handler that knows the path answers. */
const toReply = (handlers: readonly Handler[], received: Received): Reply => {
	for (const handler of handlers) {
		const reply = handler(received);
		if (reply) return reply;
	}
	return toJsonReply({ message: 'Not Found' }, 404);
};

const toEnvironment = (origin: string, runtimeToken: string): Record<string, string> => ({
	ACTIONS_RESULTS_URL: `${origin}/`,
	ACTIONS_RUNTIME_TOKEN: runtimeToken,
	ACTIONS_ID_TOKEN_REQUEST_URL: `${origin}/id-token?api-version=2.0`,
	ACTIONS_ID_TOKEN_REQUEST_TOKEN: REQUEST_TOKEN,
	GITHUB_API_URL: origin,
	// The artifact client refuses other hosts as an old server; nothing is ever sent there.
	GITHUB_SERVER_URL: 'https://github.com',
});

/** Starts a fake GitHub. */
export const startFakeGitHub = async (): Promise<FakeGitHub & { stop(): Promise<void> }> => {
	const faults: PendingFault[] = [];
	const requests: string[] = [];
	const toOrigin = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	const artifacts = new ArtifactService(toOrigin);
	const idTokens = toIdTokenService(toOrigin, REQUEST_TOKEN, CLAIMS);
	const handlers = [idTokens.handler, artifacts.handler];
	const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const received = await receive(request);
		requests.push(`${received.method} ${received.path}`);
		const effect = takeEffect(faults, received.path);
		if (typeof effect === 'object') return send(response, effect);
		send(response, toReply(handlers, received), effect);
	};
	const server = createServer((request, response) => void answer(request, response));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		origin: toOrigin(),
		artifacts,
		requests,
		environment: toEnvironment(toOrigin(), toJwt({ scp: 'Actions.Results:run:job' }, idTokens.privateKey)),
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
