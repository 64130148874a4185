import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { type LocalGitHub, startGitHubApi } from '@slipway/rehearsal/github';
import { testContext } from '@slipway/testing';
import { toGitHubRest } from '../rest/rest.ts';
import { storeAttestation } from './store-attestation.ts';

let github: LocalGitHub;

beforeAll(async () => {
	github = await startGitHubApi();
});
afterEach(() => github.clearFaults());
afterAll(() => github.stop());

const make = async (token = github.issueToken()) => {
	const repository = `acme/attest-${randomUUID()}`;
	const { state } = await github.addRepository({ repository });
	return {
		state,
		rest: toGitHubRest({ api: github.origin, repository, token, scope: testContext(tmpdir()) }),
	};
};

const toBundle = (sig: string, digest = 'a'.repeat(64)): string => {
	const subject = [{ name: 'a.tgz', digest: { sha256: digest } }];
	const statement = { _type: 'https://in-toto.io/Statement/v1', subject, predicateType: 'x', predicate: {} };
	const payload = Buffer.from(JSON.stringify(statement)).toString('base64');
	return JSON.stringify({
		mediaType: 'x',
		dsseEnvelope: { payload, payloadType: 'y', signatures: [{ sig }] },
	});
};

test('is stored once', async () => {
	const { rest, state } = await make();
	expect(await storeAttestation(rest, toBundle('one'))).toBe('stored');
	expect(await storeAttestation(rest, Buffer.from(toBundle('one')))).toBe('already');
	expect(await storeAttestation(rest, toBundle('two'))).toBe('stored');
	expect(state.attestations.map(({ digests }) => digests)).toEqual(
		Array(2).fill([`sha256:${'a'.repeat(64)}`]),
	);
});

test('is stored once when the reply is lost', async () => {
	const { rest, state } = await make();
	github.misbehave({ kind: 'reset', method: 'POST' });
	expect(await storeAttestation(rest, toBundle('one'))).toBe('stored');
	expect(state.attestations).toHaveLength(1);
});

test('without the right names the permission', async () => {
	const { rest } = await make(github.issueToken({ permissions: { contents: 'read' } }));
	await expect(storeAttestation(rest, toBundle('one'))).rejects.toEqual(
		expect.objectContaining({
			code: 'GITHUB_NO_RIGHT',
			hint: expect.stringContaining('`attestations: write`') as string,
		}),
	);
});

test.each(['{}', '{"dsseEnvelope":{"payload":"","signatures":[]}}', '[]'])(
	'%s is no bundle',
	async (text) => {
		const { rest } = await make();
		await expect(storeAttestation(rest, text)).rejects.toEqual(
			expect.objectContaining({ code: 'GITHUB_BUNDLE_INVALID' }),
		);
	},
);
