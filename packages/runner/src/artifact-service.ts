import { type Context, type Json, parseJson, SlipwayError, toPrintable } from '@slipway/core';
import { createHttpClient } from '@slipway/http';
import type { Environment } from './declaration.ts';
import type { RunnerCode } from './runner-error.ts';
import { sendAgain, toReason } from './send-again.ts';

/** What the artifact calls need of a runner. */
export interface ArtifactAccess {
	readonly environment: Environment;
	readonly context: Context;
}

export type Fields = Readonly<Record<string, Json | undefined>>;

const SERVICE = '/twirp/github.actions.results.api.v1.ArtifactService';

export const artifactFailed = (message: string, cause?: unknown): SlipwayError<RunnerCode> =>
	new SlipwayError('RUNNER_ARTIFACT_FAILED', message, {
		hint: 'Run the job again. Names of artifacts are unique in a run: give each upload its own.',
		cause,
	});

/** The ids of run and job, from the claim `scp: "… Actions.Results:<run>:<job>"` of the job's own token. */
export const toBackendIds = (token: string): { readonly run: string; readonly job: string } => {
	const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url');
	const claims = parseJson(payload, "the job's runtime token") as { readonly scp?: unknown };
	const [, run, job] = /(?:^| )Actions\.Results:([^: ]+):([^: ]+)(?: |$)/.exec(String(claims.scp)) ?? [];
	if (run && job) return { run, job };
	throw artifactFailed('expected a runtime token with the scope Actions.Results');
};

const readAddress = ({ ACTIONS_RESULTS_URL: url, ACTIONS_RUNTIME_TOKEN: token }: Environment) => {
	if (url && token) return { origin: new URL(url).origin, token };
	throw artifactFailed(
		'expected ACTIONS_RESULTS_URL and ACTIONS_RUNTIME_TOKEN, which GitHub sets for actions',
	);
};

/**
 * One call of GitHub's artifact service (Twirp over JSON, field names as in its protocol definition). The ids of run and
 * job are added.
 * @throws SlipwayError RUNNER_ARTIFACT_FAILED, JSON_*
 */
export const callArtifactService = async (
	method: 'CreateArtifact' | 'FinalizeArtifact' | 'ListArtifacts' | 'GetSignedArtifactURL',
	fields: Fields,
	{ environment, context }: ArtifactAccess,
): Promise<Fields> => {
	const { origin, token } = readAddress(environment);
	const { run, job } = toBackendIds(token);
	const body = { workflow_run_backend_id: run, workflow_job_run_backend_id: job, ...fields };
	const reply = await sendAgain(
		createHttpClient({ origin }),
		{
			method: 'POST',
			path: `${SERVICE}/${method}`,
			headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
			body: JSON.stringify(body),
			maxBytes: 4 * 1024 * 1024,
		},
		context,
	);
	if (reply.kind === 'reply' && reply.status === 200)
		return parseJson(reply.body, 'the reply of the artifact service') as Fields;
	const said = reply.kind === 'reply' ? toPrintable(Buffer.from(reply.body).toString(), 200) : '';
	throw artifactFailed(`expected ${method} to succeed, got ${toReason(reply)} ${said}`.trimEnd());
};
