import { type Trust, verifyBundle } from './index.ts';
import {
	CHANGED,
	CUSTOM_PREDICATE,
	openWorkshop,
	type Refusal,
	VSA,
	WRONG_CLAIMS,
	WRONG_SIGNERS,
	WRONG_STATEMENTS,
} from './refusals.fixture.ts';
import { WITNESSES } from './refusals-witnesses.fixture.ts';
import { toBytes } from './sigstore-bundle.fixture.ts';
import {
	clock,
	DIGEST,
	IDENTITY,
	OTHER_DIGEST,
	openLocalTrust,
	REF,
	toPolicy,
	toProvenance,
	toSigner,
	WORKFLOW,
} from './verify-bundle.fixture.ts';

let workshop: Awaited<ReturnType<typeof openWorkshop>>;
let trust: Trust;
beforeAll(async () => {
	workshop = await openWorkshop();
	trust = await openLocalTrust(workshop.sigstore);
});
afterAll(() => workshop.close());

const refuse = async ({ bundle, signer, thresholds }: Refusal): Promise<unknown> => {
	const draft = bundle ? await bundle(workshop) : await workshop.make();
	const policy = toPolicy([toSigner(workshop.sigstore, signer)], thresholds && { thresholds });
	try {
		return verifyBundle(toBytes(draft), { trust, policy, clock });
	} catch (error) {
		return error;
	}
};

describe.each([
	['somebody whom the policy does not mean', WRONG_SIGNERS],
	['a run that the policy does not mean', WRONG_CLAIMS],
	['what was changed', CHANGED],
	['what is no statement', WRONG_STATEMENTS],
	['witnesses', WITNESSES],
] as const)('refuses %s', (_, refusals) => {
	test.each(refusals.map((refusal) => [refusal.name, refusal] as const))('%s', async (_name, refusal) => {
		const error = await refuse(refusal);
		expect(error).toMatchObject({
			name: 'SlipwayError',
			code: refusal.code,
			hint: expect.stringMatching(/\w/),
		});
	});
});

describe('accepts', () => {
	test.each([
		['the tag of the builder', { identity: WORKFLOW, 'builder-refs': [REF] }],
		[
			'the commit of the builder',
			{ identity: WORKFLOW, 'builder-refs': ['refs/tags/v9', '5c4d1a2f0e6b7c8d9e0f1a2b3c4d5e6f70819203'] },
		],
		['the workflow and its tag', { workflow: WORKFLOW, 'builder-refs': [REF] }],
		['the digest of the workflow', { 'workflow-digests': ['5c4d1a2f0e6b7c8d9e0f1a2b3c4d5e6f70819203'] }],
		[
			'a pattern for the whole',
			{ identity: undefined, 'identity-pattern': 'https://github[.]com/example/greet/.*@refs/tags/v[0-9.]+' },
		],
		[
			'every claim',
			{
				workflow: IDENTITY,
				'source-repository': 'https://github.com/example/greet',
				'source-repository-id': '1001',
				'source-owner-id': '2002',
				'source-ref-pattern': 'refs/tags/v.*',
				'runner-environment': 'github-hosted',
				events: ['push'],
				predicates: ['provenance'],
			},
		],
	])('%s', async (_, signer) => {
		const policy = toPolicy([toSigner(workshop.sigstore, signer)]);
		const bundle = toBytes(await workshop.make());
		expect(verifyBundle(bundle, { trust, policy, clock, subject: DIGEST }).signer.identity).toBe(IDENTITY);
	});

	test('the second signer where the first is another', async () => {
		const other = toSigner(workshop.sigstore, { name: 'other', identity: 'https://example.com/other' });
		const policy = toPolicy([other, toSigner(workshop.sigstore)]);
		const bundle = toBytes(await workshop.make());
		expect(verifyBundle(bundle, { trust, policy, clock }).signer.name).toBe('release workflow');
	});

	test('a predicate of somebody else, where nothing limits the signer', async () => {
		const policy = toPolicy([toSigner(workshop.sigstore)]);
		const bundle = toBytes(await workshop.make({ payload: CUSTOM_PREDICATE }));
		expect(verifyBundle(bundle, { trust, policy, clock }).kind).toBeUndefined();
	});

	test('no timestamp, where this signer needs none', async () => {
		const policy = toPolicy([toSigner(workshop.sigstore, { thresholds: { timestamps: 0 } })]);
		const bundle = toBytes(await workshop.make({ witnesses: ['rekor'] }));
		expect(verifyBundle(bundle, { trust, policy, clock }).timestamps).toEqual([]);
	});
});

describe('refuses what was not asked for', () => {
	const verifyGood = async (more: object, payload: object = toProvenance()) => {
		const policy = toPolicy([toSigner(workshop.sigstore)]);
		const bundle = toBytes(await workshop.make({ payload }));
		return () => verifyBundle(bundle, { trust, policy, clock, ...more });
	};

	test.each([
		['a replay for another file', { subject: OTHER_DIGEST }, 'VERIFY_SUBJECT_MISMATCH'],
		['a file named by a weak digest alone', { subject: {} }, 'VERIFY_SUBJECT_MISMATCH'],
		[
			'a file whose SHA-512 is not in the statement',
			{ subject: { sha512: '0'.repeat(128) } },
			'VERIFY_SUBJECT_MISMATCH',
		],
		['another predicate', { kinds: ['vsa', 'stage'] }, 'VERIFY_PREDICATE_MISMATCH'],
	])('%s', async (_, more, code) => {
		expect(await verifyGood(more)).toThrow(expect.objectContaining({ code }));
	});

	test('a predicate of nobody where one of ours is wanted', async () => {
		expect(await verifyGood({ kinds: ['provenance'] }, CUSTOM_PREDICATE)).toThrow(
			expect.objectContaining({ code: 'VERIFY_PREDICATE_MISMATCH' }),
		);
	});

	test('one digest of a file right and another wrong', async () => {
		const digest = { ...DIGEST, sha512: 'a'.repeat(128) };
		const payload = { ...toProvenance(), subject: [{ name: 'a', digest }] };
		expect(await verifyGood({ subject: { ...DIGEST, sha512: 'b'.repeat(128) } }, payload)).toThrow(
			expect.objectContaining({ code: 'VERIFY_SUBJECT_MISMATCH' }),
		);
		expect((await verifyGood({ subject: digest }, payload))().kind).toBe('provenance');
	});

	test('a policy without signers', async () => {
		const bundle = toBytes(await workshop.make({ payload: VSA }));
		expect(() => verifyBundle(bundle, { trust, policy: toPolicy([]), clock })).toThrow(
			expect.objectContaining({ code: 'VERIFY_POLICY_EMPTY' }),
		);
	});
});
