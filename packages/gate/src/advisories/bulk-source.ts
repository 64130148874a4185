import { createHash } from 'node:crypto';
import { type Context, SlipwayError, toPrintable, trimEndOf } from '@slipway/core';
import { createHttpClient, type HttpClient, type HttpReply } from '@slipway/http';
import type { GateEvidence } from '../gate.ts';
import { type Asked, parseBulkReply } from './bulk-reply.ts';
import { type Component, toLookUp } from './component.ts';
import type { Advisories, AdvisorySource, Match } from './source.ts';

/** Answers of a registry that are kept between runs, by what was asked. Whoever keeps them hashes them when they are read. */
export interface AnswerCache {
	/** undefined: none that is young enough. Never throws for a cache that fails. */
	get(question: string): Promise<{ readonly body: Uint8Array; readonly ageMs: number } | undefined>;
	put(question: string, body: Uint8Array): Promise<void>;
}

export interface BulkSourceOptions {
	/** Registry address, with or without a final slash. */
	readonly registry: string;
	/** Value of the authorization header for it, where it needs one. */
	readonly authorization?: string | undefined;
	/** ms for one request. Default 30 s. */
	readonly timeoutMs?: number | undefined;
	/** Default: none; every answer is asked for now. */
	readonly cache?: AnswerCache | undefined;
}

const PATH = '/-/npm/v1/security/advisories/bulk';
/** Packages in one request: npm's own client sends all at once, its registry takes some thousands. */
const BATCH = 1000;
const TIMEOUT_MS = 30_000;
const MAX_REPLY_BYTES = 32 * 1024 * 1024;

const toAsked = (components: readonly Component[]): Asked[] =>
	components.flatMap((component) => {
		const lookUp = component.purl === undefined ? undefined : toLookUp(component.purl);
		if (lookUp?.ecosystem !== 'npm') return [];
		return [{ name: lookUp.name, version: lookUp.version, component }];
	});

/** Versions by name, in an order of its own so that equal trees ask equal questions. */
const toQuestion = (asked: readonly Asked[]): Map<string, string[]> => {
	const question = new Map<string, string[]>();
	for (const { name, version } of asked) {
		const versions = question.get(name) ?? [];
		if (!versions.includes(version)) versions.push(version);
		question.set(name, versions);
	}
	return new Map([...question].sort(([a], [b]) => (a < b ? -1 : 1)));
};

/** Why a reply is no answer; undefined where it is one. */
const findProblem = (reply: HttpReply): string | undefined => {
	if (reply.kind === 'lost') return reply.reason;
	return reply.status === 200 ? undefined : `status ${reply.status}`;
};

class BulkFailure extends Error {}

interface Asking {
	readonly client: HttpClient;
	readonly options: BulkSourceOptions;
	readonly context: Context;
}

const send = async (question: string, { client, options, context }: Asking): Promise<Uint8Array> => {
	const base = trimEndOf(new URL(options.registry).pathname, '/');
	const { authorization, timeoutMs = TIMEOUT_MS } = options;
	const reply = await client.send({
		method: 'POST',
		path: base + PATH,
		headers: {
			accept: 'application/json',
			'content-type': 'application/json',
			...(authorization !== undefined && { authorization }),
		},
		body: question,
		maxBytes: MAX_REPLY_BYTES,
		timeoutMs,
		signal: context.signal,
	});
	context.signal.throwIfAborted();
	const problem = findProblem(reply);
	if (problem !== undefined || reply.kind === 'lost') throw new BulkFailure(problem);
	return reply.body;
};

/** An answer, and how old (seconds) it is. */
const ask = async (
	question: readonly (readonly [string, string[]])[],
	asking: Asking,
): Promise<{ readonly body: Uint8Array; readonly age: number }> => {
	const text = JSON.stringify(Object.fromEntries(question));
	const { cache, registry } = asking.options;
	const key = `${registry} ${text}`;
	const kept = await cache?.get(key);
	if (kept) return { body: kept.body, age: Math.round(kept.ageMs / 1000) };
	const body = await send(text, asking);
	await cache?.put(key, body);
	return { body, age: 0 };
};

const toFailure = (host: string, reason: string, hint: string): Advisories => ({
	matches: [],
	evidence: [],
	dataAge: null,
	problems: [
		{
			id: 'registry-unreachable',
			severity: 'error',
			message: `expected the advisories of ${host}, got none: ${toPrintable(reason, 300)}`,
			hint,
		},
	],
});

const lookUp = async (asked: readonly Asked[], asking: Asking, host: string): Promise<Advisories> => {
	const questions = [...toQuestion(asked)];
	const matches: Match[] = [];
	const evidence: GateEvidence[] = [];
	let oldest = 0;
	for (let at = 0; at < questions.length; at += BATCH) {
		const batch = new Map(questions.slice(at, at + BATCH));
		const { body, age } = await ask([...batch], asking);
		oldest = Math.max(oldest, age);
		matches.push(
			...parseBulkReply(
				body,
				asked.filter(({ name }) => batch.has(name)),
			),
		);
		const sha256 = createHash('sha256').update(body).digest('hex');
		evidence.push({ name: `advisories:${host}`, digest: { sha256 } });
	}
	return { matches, evidence, dataAge: questions.length > 0 ? oldest : null, problems: [] };
};

const HINT =
	'Let this machine reach the registry, or use a database (slipway gate index) and set `online: false`.';

/**
 * Asks the npm registry for what it knows of the components: its bulk advisories, as `npm audit` does. A reply that is lost
 * or is no answer makes the result incomplete, and is an error among its problems.
 * @throws SlipwayError HTTP_ORIGIN_INVALID for an address that is none
 */
export const bulkSource = (options: BulkSourceOptions): AdvisorySource => {
	const { host, origin } = new URL(options.registry);
	const client = createHttpClient({ origin });
	return {
		lookUp: async (components, context) => {
			try {
				return await lookUp(toAsked(components), { client, options, context }, host);
			} catch (thrown) {
				context.signal.throwIfAborted();
				if (thrown instanceof BulkFailure) return toFailure(host, thrown.message, HINT);
				if (thrown instanceof SlipwayError) return toFailure(host, thrown.message, thrown.hint);
				throw thrown;
			}
		},
	};
};
