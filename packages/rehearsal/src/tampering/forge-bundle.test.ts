import type { SerializedBundle } from '@sigstore/bundle';
import { verifyWith } from '../sigstore/sign-and-verify.fixture.ts';
import { type LocalSigstore, startSigstore } from '../sigstore/start-sigstore.ts';
import { type Forgery, forgeBundle } from './forge-bundle.ts';

let sigstore: LocalSigstore;
beforeAll(async () => {
	sigstore = await startSigstore();
});
afterAll(() => sigstore.stop());

const verify = async (forgery: Omit<Forgery, 'payload'>) => {
	const payload = Buffer.from(JSON.stringify(forgery));
	const bundle: SerializedBundle = JSON.parse(await forgeBundle(sigstore, { payload, ...forgery }));
	return verifyWith(sigstore, bundle, { timestamps: 2 }).identity?.subjectAlternativeName;
};

test('a forgery by an identity of its own is authentic: only a policy can tell', async () => {
	const job_workflow_ref = 'mallory/greet/.github/workflows/release.yml@refs/heads/main';
	expect(await verify({ claims: { job_workflow_ref } })).toBe(`https://github.com/${job_workflow_ref}`);
});

test.each<[string, Omit<Forgery, 'payload'>]>([
	['of an unknown authority', { lie: 'other-authority' }],
	['in no log', { lie: 'no-log' }],
	['in an unknown log', { lie: 'other-log' }],
	['that has expired', { age: 3_600_000 }],
])('a forgery with a certificate %s is not', async (_, forgery) => {
	await expect(verify(forgery)).rejects.toMatchObject({ code: 'CERTIFICATE_ERROR' });
});
