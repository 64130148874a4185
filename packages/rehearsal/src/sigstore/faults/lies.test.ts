import { signWith, verifyWith, type WitnessName } from '../sign-and-verify.fixture.ts';
import { type LocalSigstore, startSigstore } from '../start-sigstore.ts';
import type { Lie, ServiceName } from './fault.ts';

const NOW = Date.parse('2026-03-01T12:00:00.256Z');

let sigstore: LocalSigstore;
beforeEach(async () => {
	sigstore = await startSigstore({ now: () => NOW });
});
afterEach(() => sigstore.stop());

interface Told {
	readonly service: ServiceName;
	readonly lie: Lie;
	readonly witnesses?: WitnessName[];
}

/** What becomes of a signature while one service lies: the signer notices, or the verifier, or nobody. */
const tell = async ({ service, lie, witnesses = ['rekor', 'tsa'] }: Told): Promise<string> => {
	// A log of one entry has an empty proof, which cannot be wrong.
	await signWith(sigstore, { witnesses, payload: 'before' });
	sigstore.faults.inject({ service, fault: { kind: 'lie', lie } });
	try {
		const bundle = await signWith(sigstore, { witnesses });
		const timestamps = witnesses.includes('rekor-v2') ? 1 : 2;
		return verifyWith(sigstore, bundle, { timestamps }).identity?.subjectAlternativeName ?? 'accepted';
	} catch (error) {
		return error instanceof Error && 'code' in error ? String(error.code) : String(error);
	}
};

const WORKFLOW = 'https://github.com/example/greet/.github/workflows/release.yml@refs/tags/v1.0.0';

test('nothing is wrong without a lie', async () => {
	const bundle = await signWith(sigstore, { witnesses: ['rekor', 'tsa'] });
	expect(verifyWith(sigstore, bundle, { timestamps: 2 }).identity?.subjectAlternativeName).toBe(WORKFLOW);
});

test('a certificate of another identity is only told by its name', async () => {
	expect(await tell({ service: 'ca', lie: 'other-identity' })).toBe(`${WORKFLOW}-of-somebody-else`);
});

test.each<[ServiceName, Lie, string | RegExp]>([
	// The log refuses what is not signed with the certificate's key.
	['ca', 'other-key', 'TLOG_CREATE_ENTRY_ERROR'],
	['ca', 'other-authority', 'CERTIFICATE_ERROR'],
	['ca', 'other-log', 'CERTIFICATE_ERROR'],
	['ca', 'no-log', 'CERTIFICATE_ERROR'],
	['ca', 'expired', 'CERTIFICATE_ERROR'],
	['rekor', 'other-entry', 'TLOG_BODY_ERROR'],
	['rekor', 'other-log', 'TLOG_INCLUSION_PROMISE_ERROR'],
	['rekor', 'wrong-promise', 'TLOG_INCLUSION_PROMISE_ERROR'],
	['rekor', 'wrong-proof', 'TLOG_INCLUSION_PROOF_ERROR'],
	['rekor', 'wrong-checkpoint', 'TLOG_INCLUSION_PROOF_ERROR'],
	['rekor', 'late', 'CERTIFICATE_ERROR'],
	['rekor-v2', 'other-entry', 'TLOG_BODY_ERROR'],
	['rekor-v2', 'other-log', 'TLOG_INCLUSION_PROOF_ERROR'],
	['rekor-v2', 'wrong-proof', 'TLOG_INCLUSION_PROOF_ERROR'],
	['rekor-v2', 'wrong-checkpoint', 'TLOG_INCLUSION_PROOF_ERROR'],
	['rekor-v2', 'no-proof', /invalid bundle/],
	['tsa', 'other-bytes', 'TIMESTAMP_ERROR'],
	['tsa', 'other-authority', 'TIMESTAMP_ERROR'],
	['tsa', 'late', 'CERTIFICATE_ERROR'],
	['tsa', 'dropped-zeros', /invalid time/],
	['tsa', 'rejected', /./],
])('%s: %s', async (service, lie, code) => {
	const witnesses: WitnessName[] = service === 'rekor-v2' ? ['rekor-v2', 'tsa'] : ['rekor', 'tsa'];
	const told = await tell({ service, lie, witnesses });
	if (typeof code === 'string') expect(told).toBe(code);
	else expect(told).toMatch(code);
});
