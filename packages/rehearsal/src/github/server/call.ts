import { parseJson } from '@slipway/core';
import type { GitBackend } from '../git/backend.ts';
import type { Repository } from '../state/repository.ts';
import type { GitHubReply, GitHubRequest } from './exchange.ts';
import { replyProblems } from './replies.ts';
import type { Right, Token } from './rights.ts';
import type { Storage } from './storage.ts';

/** What goes wrong inside of an operation, and not only with its reply. */
export type Quirk = 'starter' | 'duplicate-draft';

/** One request to a route, with all that its handler may need. */
export interface Call {
	readonly request: GitHubRequest;
	/** Values of the route's placeholders. */
	readonly params: Readonly<Record<string, string>>;
	readonly token: Token | undefined;
	readonly repository: Repository;
	readonly git: GitBackend;
	/** Of the API, without a final slash. */
	readonly origin: string;
	readonly storage: Storage;
	readonly quirk: Quirk | undefined;
	/** ms since 1970. */
	now(): number;
	nextId(): number;
}

export type Answer = (call: Call) => GitHubReply | Promise<GitHubReply>;

export interface Route {
	readonly method: string;
	/** Segments; `{name}` takes one, `{name+}` the rest. */
	readonly path: readonly string[];
	readonly right: Right;
	readonly answer: Answer;
	/** It changes nothing, whatever its method. */
	readonly isRead: boolean;
}

/** A reply that ends the handling of a request where it is thrown. */
export class Refusal extends Error {
	readonly reply: GitHubReply;

	constructor(reply: GitHubReply) {
		super(`refused with ${reply.status}`);
		this.reply = reply;
	}
}

export type Fields = Readonly<Record<string, unknown>>;

/** The JSON object that a request brings; none at all is an empty one. */
export const readFields = ({ request }: Pick<Call, 'request'>): Fields => {
	if (request.body.length === 0) return {};
	let value: unknown;
	try {
		value = parseJson(request.body, 'the body');
	} catch {
		throw new Refusal(replyProblems());
	}
	if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
	throw new Refusal(replyProblems());
};

/** A field's text; undefined where it is missing or something else. */
export const toText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

export const toTexts = (value: unknown): readonly string[] | undefined =>
	Array.isArray(value) ? value.filter((each) => typeof each === 'string') : undefined;

export const toFlag = (value: unknown): boolean | undefined =>
	typeof value === 'boolean' ? value : undefined;

/** As GitHub writes times. */
export const toTime = (ms: number): string => new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');

export const toBase = ({ origin, repository }: Pick<Call, 'origin' | 'repository'>): string =>
	`${origin}/repos/${repository.owner}/${repository.name}`;

/** Address for people. */
export const toWeb = ({ origin, repository }: Pick<Call, 'origin' | 'repository'>): string =>
	`${origin}/${repository.owner}/${repository.name}`;

/** Who acts. */
export const toActor = ({ token }: Pick<Call, 'token'>): string => token?.login ?? 'ghost';
