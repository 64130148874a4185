import type { KeyObject } from 'node:crypto';
import type { Received } from './exchange.ts';
import { toJwt } from './id-token-service.ts';

/** Which job of which run a call is for. */
export interface Backend {
	readonly run: string;
	readonly job: string;
}

/** What the service lets a job do with caches. */
export type CacheMode = 'none' | 'read' | 'write';

export interface RuntimeClaims extends Backend {
	readonly cacheMode: CacheMode;
}

/** The token that GitHub's runner gives to actions, for the services of one job. */
export const toRuntimeToken = ({ run, job, cacheMode }: RuntimeClaims, key: KeyObject): string =>
	toJwt({ scp: `Actions.GenericRead:0 Actions.Results:${run}:${job}`, cache: cacheMode }, key);

/** The claims of a request's token; undefined: it has none that names a job. */
export const readRuntimeClaims = ({ headers }: Received): RuntimeClaims | undefined => {
	const [, token] = /^Bearer (\S+)$/i.exec(String(headers.authorization)) ?? [];
	if (token === undefined) return undefined;
	try {
		const payload = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
		const [, run, job] = /(?:^| )Actions\.Results:([^: ]+):([^: ]+)(?: |$)/.exec(String(payload.scp)) ?? [];
		return run && job ? { run, job, cacheMode: payload.cache ?? 'write' } : undefined;
	} catch {
		return undefined;
	}
};
