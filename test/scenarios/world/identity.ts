import { randomUUID } from 'node:crypto';
import { type LoopbackServer, serveLoopback } from '@slipway/http';
import type { LocalSigstore } from '@slipway/rehearsal/sigstore';

/** What every token of one run says. */
export type RunClaims = Readonly<Record<string, string>>;

/** Gives ID tokens to the jobs of runs, as GitHub does: by run, by the file that defines the job, and by its environment. */
export interface IdentityService {
	/** Begins a run. Its jobs ask at `url`, with `secret`, and name their file and environment in the query. */
	begin(claims: RunClaims): { readonly url: string; readonly secret: string };
	/** Claims of every token that was given, in order. */
	readonly given: readonly RunClaims[];
	stop(): Promise<void>;
}

interface Issuing {
	readonly sigstore: LocalSigstore;
	/** `OWNER/NAME` of the library, and the ref by which it is called. */
	readonly library: { readonly name: string; readonly ref: string };
}

const toClaims = ({ library }: Issuing, run: RunClaims, query: URLSearchParams): RunClaims => {
	const environment = query.get('environment') ?? '';
	return {
		...run,
		aud: query.get('audience') ?? `https://github.com/${run.repository_owner}`,
		job_workflow_ref: `${library.name}/${query.get('workflow')}@${library.ref}`,
		job_workflow_sha: library.ref,
		...(environment === ''
			? { sub: `repo:${run.repository}:ref:${run.ref}` }
			: { environment, sub: `repo:${run.repository}:environment:${environment}` }),
	};
};

/** Starts it on a free loopback port; the local Sigstore signs the tokens, and so accepts them. */
export const startIdentity = async (issuing: Issuing): Promise<IdentityService> => {
	const runs = new Map<string, { readonly claims: RunClaims; readonly secret: string }>();
	const given: RunClaims[] = [];
	const server: LoopbackServer = await serveLoopback(({ url = '/', headers }, response) => {
		const { pathname, searchParams } = new URL(url, 'http://localhost');
		const run = runs.get(pathname.slice(1));
		const isAllowed = run && headers.authorization?.toLowerCase() === `bearer ${run.secret}`;
		if (!isAllowed) return response.writeHead(401).end('{"message":"Unauthorized"}');
		const claims = toClaims(issuing, run.claims, searchParams);
		given.push(claims);
		response.writeHead(200, { 'content-type': 'application/json' });
		return response.end(JSON.stringify({ value: issuing.sigstore.token(claims) }));
	});
	return {
		begin: (claims) => {
			const [id, secret] = [randomUUID(), randomUUID()];
			runs.set(id, { claims, secret });
			return { url: `${server.origin}/${id}`, secret };
		},
		given,
		stop: () => server.close(),
	};
};
