import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deliver, toFalseReply } from './faults/deliver.ts';
import { type Lie, type ServiceName, type SigstoreFaultRule, SigstoreFaults } from './faults/fault.ts';
import type { Claims } from './issuer/claims.ts';
import type { ServiceRequest } from './reply.ts';
import { makeServices, type Services, toRoute } from './services.ts';
import { toSigningConfig } from './signing-config.ts';
import { toTrustedRoot } from './trusted-root.ts';

const YEAR = 365 * 24 * 3_600_000;
const MAX_REQUEST = 32 * 1024 * 1024;
const MAX_LOG = 10_000;

export interface SigstoreOptions {
	/** Milliseconds since 1970: the time of certificates, entries and timestamps. */
	readonly now?: () => number;
	/** The `iss` claim and the certificates' issuer. Default: the address it listens at. */
	readonly issuer?: string;
	/** Over the default claims of its tokens. */
	readonly claims?: Claims;
	/** Status of a timestamp reply. Default 201, as Sigstore's authority; others answer 200. */
	readonly timestampStatus?: 200 | 201;
	/** Entries of earlier trees of Rekor v1: on the public instance an entry's number is larger than its place. Default 0. */
	readonly logBefore?: number;
}

/** One request that came, in the order of arrival. */
export interface SigstoreLogEntry {
	readonly service: ServiceName;
	readonly method: string;
	readonly path: string;
	/** What was sent, 0 where nothing was. */
	readonly status: number;
	/** Kind of the fault that struck. */
	readonly fault: string | undefined;
}

/** A request as it would come over the network, in JSON. */
export interface SigstoreQuestion {
	readonly path: string;
	readonly body: object;
	readonly lie?: Lie | undefined;
	/** Milliseconds since 1970. Default: the time of the instance. */
	readonly now?: number | undefined;
}

/** A private Sigstore on one loopback port, with real signatures throughout. */
export interface LocalSigstore {
	/** Base address of all services, without a final slash. */
	readonly url: string;
	/** SigningConfig v0.2: Rekor v1 and the timestamp authority. */
	readonly signingConfig: object;
	/** The same with Rekor v2. */
	readonly signingConfigV2: object;
	/** TrustedRoot v0.1. */
	readonly trustedRoot: object;
	readonly issuer: string;
	/** An identity token of a workflow run, good for five minutes; a claim that is null is left out. */
	token(claims?: Claims): string;
	/** As a runner tells a job where to get tokens: `ACTIONS_ID_TOKEN_REQUEST_URL` and `…_TOKEN`. */
	readonly tokenRequest: { readonly url: string; readonly token: string };
	readonly faults: {
		inject(rule: SigstoreFaultRule): void;
		clear(): void;
		/** Connections are refused from now on, until `accept`. */
		refuse(): Promise<void>;
		accept(): Promise<void>;
	};
	/** Asks a service in this process, past all faults and unseen by the log; `lie` and `now` make it say what is false. */
	answer(question: SigstoreQuestion): Promise<Uint8Array>;
	/** The latest 10,000 requests. */
	readonly log: readonly SigstoreLogEntry[];
	stop(): Promise<void>;
}

const readBody = async (message: IncomingMessage): Promise<Uint8Array> => {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of message) {
		size += chunk.length;
		if (size > MAX_REQUEST) throw new RangeError('request too large');
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
};

const listen = async (server: Server, port: number): Promise<string> => {
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject).listen(port, '127.0.0.1', resolve);
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const close = async (server: Server): Promise<void> => {
	server.closeAllConnections();
	await new Promise<void>((resolve) => server.close(() => resolve()));
};

interface Serving {
	readonly services: Services;
	readonly faults: SigstoreFaults;
	readonly log: SigstoreLogEntry[];
	readonly now: () => number;
}

const toRequest = (message: IncomingMessage, body: Uint8Array): Omit<ServiceRequest, 'lie' | 'now'> => {
	const { method = 'GET', url = '/', headers } = message;
	const [path = '/', query] = url.split('?');
	return {
		method,
		path,
		query: new URLSearchParams(query),
		contentType: headers['content-type'] ?? '',
		authorization: headers.authorization ?? '',
		body,
	};
};

const serve = async (
	{ services, faults, log, now }: Serving,
	message: IncomingMessage,
	response: ServerResponse,
): Promise<void> => {
	const request = toRequest(message, await readBody(message));
	const { service, answer } = toRoute(services, request.path);
	const fault = faults.take(service);
	const lie = fault?.kind === 'lie' ? fault.lie : undefined;
	const reply = toFalseReply(fault) ?? (await answer({ ...request, lie, now: now() }));
	const silent = fault?.kind === 'reset' || fault?.kind === 'hang';
	const { method, path } = request;
	log.push({ service, method, path, status: silent ? 0 : reply.status, fault: fault?.kind });
	if (log.length > MAX_LOG) log.shift();
	await deliver(reply, fault, response);
};

const answerHere = async ({ services, now }: Serving, question: SigstoreQuestion): Promise<Uint8Array> => {
	const { path, body, lie } = question;
	const { status, body: reply } = await toRoute(services, path).answer({
		method: 'POST',
		path,
		query: new URLSearchParams(),
		contentType: 'application/json',
		authorization: '',
		body: Buffer.from(JSON.stringify(body)),
		lie,
		now: question.now ?? now(),
	});
	if (status < 300) return reply;
	throw new Error(`${path}: expected an answer, got status ${status}: ${Buffer.from(reply)}`);
};

/** Starts it on a free loopback port; all keys are new and live in memory alone. */
export const startSigstore = async (options: SigstoreOptions = {}): Promise<LocalSigstore> => {
	const { now = Date.now, claims = {}, timestampStatus = 201, logBefore = 0 } = options;
	const server = createServer({ keepAliveTimeout: 600_000 });
	const url = await listen(server, 0);
	const services = makeServices({
		url,
		now,
		claims,
		timestampStatus,
		logBefore,
		issuer: options.issuer ?? url,
	});
	const faults = new SigstoreFaults();
	const log: SigstoreLogEntry[] = [];
	const serving = { services, faults, log, now };
	// A client that went away: there is nobody to tell but this connection.
	server.on(
		'request',
		(message, response) => void serve(serving, message, response).catch(() => response.destroy()),
	);
	const since = now() - YEAR;
	return {
		url,
		signingConfig: toSigningConfig(url, 1, since),
		signingConfigV2: toSigningConfig(url, 2, since),
		trustedRoot: toTrustedRoot({ url, since, ...services }),
		issuer: services.issuer.name,
		token: (extra) => services.issuer.toToken(extra),
		tokenRequest: { url: `${url}/token?api-version=2.0`, token: services.requestToken },
		faults: {
			inject: (rule) => faults.inject(rule),
			clear: () => faults.clear(),
			refuse: () => close(server),
			accept: async () => void (await listen(server, Number(new URL(url).port))),
		},
		answer: (question) => answerHere(serving, question),
		log,
		stop: () => close(server),
	};
};
