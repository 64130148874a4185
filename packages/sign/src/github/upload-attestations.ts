import { type Context, parseJson, toPrintable, trimEndOf } from '@slipway/core';
import * as v from 'valibot';
import { toSignError } from '../code.ts';
import { createCaller, toRefusal } from '../services/call-service.ts';

export interface AttestationsApi {
	/** For example `https://api.github.com`, from GITHUB_API_URL. */
	readonly url: string;
	/** `owner/name`. */
	readonly repository: string;
	/** A secret: GITHUB_TOKEN with `attestations: write`. */
	readonly token: string;
}

/**
 * The API of the run's repository, from what the runner says: GITHUB_API_URL, GITHUB_REPOSITORY and GITHUB_TOKEN.
 * @throws SlipwayError SIGN_UPLOAD_REFUSED
 */
export const toAttestationsApi = ({
	GITHUB_API_URL: url = 'https://api.github.com',
	GITHUB_REPOSITORY: repository,
	GITHUB_TOKEN: token,
}: Readonly<Record<string, string | undefined>>): AttestationsApi => {
	if (repository && token) return { url, repository, token };
	throw toSignError(
		'SIGN_UPLOAD_REFUSED',
		`expected GITHUB_REPOSITORY and GITHUB_TOKEN for the upload of attestations, got no ${repository ? 'GITHUB_TOKEN' : 'GITHUB_REPOSITORY'}`,
		{
			hint: 'Sign in a job of a GitHub workflow and give the step GITHUB_TOKEN (`env:`), or turn `github-attestations` off.',
		},
	);
};

const Reply = v.object({ id: v.union([v.number(), v.string()]) });

const HINTS = new Map([
	[401, 'Give the step GITHUB_TOKEN (`env:`), or turn `github-attestations` off.'],
	[403, "Add `attestations: write` to the job's permissions, or turn `github-attestations` off."],
	[
		404,
		'GitHub keeps attestations of public repositories, and of private ones by plan: turn `github-attestations` off.',
	],
	[
		422,
		'Turn `github-attestations` off: GitHub accepts bundles of the public Sigstore instance and of its own only.',
	],
]);

const readId = (body: Uint8Array): string | undefined => {
	try {
		return String(v.parse(Reply, parseJson(body, 'the reply')).id);
	} catch {
		return undefined;
	}
};

/**
 * Uploads bundles to GitHub's attestations API (POST /repos/{owner}/{repo}/attestations), one at a time.
 * @returns gives the id of each
 * @throws SlipwayError SIGN_UPLOAD_REFUSED, SIGN_SERVICE_UNREACHABLE (from the upload)
 */
export const createUploader = (
	{ url, repository, token }: AttestationsApi,
	context: Omit<Context, 'tempDir'>,
): ((bundle: Uint8Array) => Promise<string>) => {
	const call = createCaller(context);
	const path = repository.split('/').map(encodeURIComponent).join('/');
	return async (bundle) => {
		const reply = await call({
			what: "GitHub's attestations API",
			url: `${trimEndOf(url, '/')}/repos/${path}/attestations`,
			body: `{"bundle":${Buffer.from(bundle).toString('utf8')}}`,
			headers: {
				accept: 'application/vnd.github+json',
				authorization: `Bearer ${token}`,
				'x-github-api-version': '2022-11-28',
			},
			timeoutMs: 30_000,
		});
		const id = reply.status < 300 ? readId(reply.body) : undefined;
		if (id !== undefined) return id;
		throw toSignError(
			'SIGN_UPLOAD_REFUSED',
			`expected GitHub to take an attestation of ${toPrintable(repository, 200)}, got ${toRefusal(reply)}`,
			{ hint: HINTS.get(reply.status) ?? 'Run the job again, or turn `github-attestations` off.' },
		);
	};
};
