import type * as v from 'valibot';
import { readPatiently } from '../rest/patience.ts';
import type { RestReply } from '../rest/reply.ts';
import type { GitHubRest, RestRequest } from '../rest/rest.ts';

/**
 * What a repository is set to. `absent`: there is no such thing (or the token may not know of it); `unreadable`: nobody
 * said, and why; `hint` is what to do about that.
 */
export type Setting<Value> =
	| { readonly state: 'known'; readonly value: Value }
	| { readonly state: 'absent' }
	| { readonly state: 'unreadable'; readonly reason: string; readonly hint: string };

const LATER = 'Run the same command again later.';

export const toSetting = <Value>(reply: RestReply<Value>): Setting<Value> => {
	if (reply.kind === 'ok') return { state: 'known', value: reply.value };
	if (reply.kind === 'not-found') return { state: 'absent' };
	if ('reason' in reply) return { state: 'unreadable', reason: reply.reason, hint: LATER };
	return { state: 'unreadable', reason: `${reply.status} ${reply.message}`, hint: reply.hint };
};

/** One setting, read with patience. */
export const readSetting = async <S extends v.GenericSchema>(
	rest: GitHubRest,
	request: RestRequest<S>,
): Promise<Setting<v.InferOutput<S>>> => toSetting(await readPatiently(rest, () => rest.send(request), 2));

export const mapSetting = <A, B>(setting: Setting<A>, task: (value: A) => B): Setting<B> =>
	setting.state === 'known' ? { state: 'known', value: task(setting.value) } : setting;
