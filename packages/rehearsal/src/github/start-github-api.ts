import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { serveLoopback } from '@slipway/http';
import { openGitRoot } from './git/open-git.ts';
import { type RepositoryControl, toRepositoryControl } from './repository-control.ts';
import { deliver } from './server/deliver.ts';
import { type GitHubRequest, toRequest } from './server/exchange.ts';
import { type Delivery, Faults, type GitHubFault, type Outgoing } from './server/faults.ts';
import { RateCounter } from './server/headers.ts';
import { makeTokenText, type Permissions, readSecret, type Token } from './server/rights.ts';
import { answer, type Server } from './server/server.ts';
import { startStorage } from './server/storage.ts';
import { type Settings, toRepository } from './state/repository.ts';

/** A repository of the server. */
export interface RepositoryOptions extends Partial<Settings> {
	/** `OWNER/NAME`. */
	readonly repository: string;
	/** A bare repository behind it; without one a new one with a first commit on `main`. */
	readonly gitFolder?: string | undefined;
}

export interface GitHubApiOptions extends Partial<RepositoryOptions> {
	/** More of them beside the first (default `acme/greet`). */
	readonly others?: readonly RepositoryOptions[];
	/** ms since 1970. Default: the clock of this machine. */
	readonly now?: () => number;
	/** Where git is looked for. Default: that of this process. */
	readonly path?: string | undefined;
}

/** What a new token may do; default: everything that a job's own token could. */
export interface TokenOptions {
	readonly kind?: Token['kind'];
	readonly permissions?: Permissions;
	readonly login?: string;
	/** `OWNER/NAME`; default: all. */
	readonly repositories?: readonly string[];
}

/** One request, in the order of arrival. Credentials are not kept. */
export interface GitHubLogEntry {
	readonly method: string;
	/** Without the query. */
	readonly path: string;
	/** Path and query as sent. */
	readonly target: string;
	/** `change`: something is different now, whatever the client was told. */
	readonly effect: 'none' | 'change';
	/** Who asked; undefined: nobody known. */
	readonly login: string | undefined;
	/** sha256 of its body, hexadecimal. */
	readonly bodySha256: string;
	/** What the API itself answered; undefined where a fault kept the request from it. */
	readonly status: number | undefined;
	/** What was sent to the client, where anything was. */
	readonly told: number;
	readonly delivery: Delivery;
}

/** A server that answers as GitHub's API does. */
export interface LocalGitHub {
	/** Of the API, of pages for people and of `/OWNER/NAME.git`; without a final slash. */
	readonly origin: string;
	/** May do everything; as `@octocat`. */
	readonly token: string;
	readonly requests: readonly GitHubLogEntry[];
	/** By `OWNER/NAME`; default: the first. */
	repository(fullName?: string): RepositoryControl;
	addRepository(options: RepositoryOptions): Promise<RepositoryControl>;
	issueToken(options?: TokenOptions): string;
	/** A token is good no longer. */
	revokeToken(token: string): void;
	/** Addresses that the API gave for downloads are good no longer. */
	expireAddresses(): void;
	/** The next matching requests go wrong in this way; faults strike in the order in which they were added. */
	misbehave(fault: GitHubFault): void;
	clearFaults(): void;
	stop(): Promise<void>;
}

const ALL: Permissions = {
	actions: 'write',
	administration: 'write',
	attestations: 'write',
	contents: 'write',
	deployments: 'write',
	issues: 'write',
	pages: 'write',
	'pull-requests': 'write',
};
const JOB = 'github-actions[bot]';

/** What a request came to, for the log. */
interface Outcome {
	readonly outgoing: Outgoing;
	readonly isRead: boolean;
}

const toLogEntry = (
	request: GitHubRequest,
	{ outgoing, isRead }: Outcome,
	server: Server,
): GitHubLogEntry => {
	const { answered, reply, delivery } = outgoing;
	const isDone = answered !== undefined && answered.status < 400;
	return {
		method: request.method,
		path: request.target.replace(/\?.*$/s, ''),
		target: request.target,
		effect: isDone && !isRead ? 'change' : 'none',
		login: server.tokens.get(readSecret(request) ?? '')?.login,
		bodySha256: createHash('sha256').update(request.body).digest('hex'),
		status: answered?.status,
		told: reply.status,
		delivery,
	};
};

const toHandler =
	(server: Server, faults: Faults, log: GitHubLogEntry[]) =>
	async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
		const { method = 'GET', url = '/', headers } = message;
		const request = toRequest(method, url, headers, await buffer(message));
		let isRead = true;
		const outgoing = await faults.apply(request, async (course) => {
			const answered = await answer(server, request, course);
			isRead = answered.isRead;
			return answered.reply;
		});
		log.push(toLogEntry(request, { outgoing, isRead }, server));
		deliver(outgoing, response, method === 'HEAD');
	};

const toAdder =
	(server: Server) =>
	async ({ repository: fullName, gitFolder, ...settings }: RepositoryOptions): Promise<RepositoryControl> => {
		const repository = toRepository(server.nextId(), fullName, settings);
		const hosted = { repository, git: await server.gitRoot.add(fullName, gitFolder) };
		server.hosted.set(fullName.toLowerCase(), hosted);
		return toRepositoryControl(hosted, server);
	};

const toTokenIssuer =
	({ tokens }: Server) =>
	({ kind = 'installation', permissions = ALL, login = JOB, repositories }: TokenOptions = {}): string => {
		const text = makeTokenText(kind);
		tokens.set(text, {
			kind,
			permissions,
			login,
			repositories: repositories?.map((each) => each.toLowerCase()),
		});
		return text;
	};

const openServer = async (options: GitHubApiOptions): Promise<Omit<Server, 'origin'>> => {
	const { now = Date.now, path = process.env.PATH } = options;
	let id = 1000;
	const nextId = () => {
		id += 1;
		return id;
	};
	const [storage, gitRoot] = await Promise.all([startStorage(now), openGitRoot(path, now)]);
	return { storage, gitRoot, hosted: new Map(), tokens: new Map(), rates: new RateCounter(), now, nextId };
};

const findControl = (server: Server, fullName: string | undefined): RepositoryControl => {
	const hosted =
		fullName === undefined ? server.hosted.values().next().value : server.hosted.get(fullName.toLowerCase());
	if (!hosted) throw new Error(`this server has no repository ${fullName}`);
	return toRepositoryControl(hosted, server);
};

/** Starts it on free loopback ports: one for the API, one for the bytes it leads to. */
export const startGitHubApi = async (options: GitHubApiOptions = {}): Promise<LocalGitHub> => {
	const parts = await openServer(options);
	const faults = new Faults(parts.now);
	const requests: GitHubLogEntry[] = [];
	let handle: ReturnType<typeof toHandler> | undefined;
	const listener = await serveLoopback((message, response) => handle?.(message, response));
	const server: Server = { ...parts, origin: listener.origin };
	handle = toHandler(server, faults, requests);
	const addRepository = toAdder(server);
	const { others = [], now: _now, path: _path, ...first } = options;
	for (const each of [{ repository: 'acme/greet', ...first }, ...others]) await addRepository(each);
	const issueToken = toTokenIssuer(server);
	return {
		origin: server.origin,
		token: issueToken({ kind: 'classic', login: 'octocat' }),
		requests,
		addRepository,
		issueToken,
		repository: (fullName) => findControl(server, fullName),
		revokeToken: (token) => void server.tokens.delete(token),
		expireAddresses: () => server.storage.expire(),
		misbehave: (fault) => {
			const all = [...server.hosted.values()].map(({ repository }) => repository);
			faults.add(fault, fault.kind === 'stale' ? structuredClone(all) : undefined);
		},
		clearFaults: () => faults.clear(),
		stop: async () => {
			await Promise.all([listener.close(), server.storage.stop()]);
			await server.gitRoot.stop();
		},
	};
};
