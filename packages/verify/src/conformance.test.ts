import { readFileSync } from 'node:fs';
import {
	CONFORMANCE_FOLDER,
	type ConformanceCase,
	conformanceCases,
	hasConformance,
	toConformancePolicy,
} from './conformance.fixture.ts';
import { openTrust, type Trust } from './index.ts';
import { verifyFile } from './message/index.ts';

const clock = { now: () => Date.now() };

/** The code of the refusal, or `accepted`. Errors that are not ours pass through and fail the test. */
const judge = async (one: ConformanceCase, form: 'file' | 'digest'): Promise<string> => {
	try {
		const trust: Trust = await openTrust(
			one.trustedRoot ? { trustedRoot: readFileSync(one.trustedRoot), clock } : { pinned: true, clock },
		);
		const file = form === 'file' ? readFileSync(one.artifact) : { sha256: one.sha256 };
		verifyFile(readFileSync(one.bundle), { trust, policy: toConformancePolicy(one), file, clock });
		return 'accepted';
	} catch (thrown) {
		const { code } = thrown as { code?: string };
		// A key file that holds no key is refused by the policy that is made of it.
		if (code !== undefined && /^(VERIFY|POLICY)_/.test(code)) return code;
		throw thrown;
	}
};

if (!hasConformance)
	console.warn(
		`SKIPPED: the Sigstore conformance suite is not at ${CONFORMANCE_FOLDER} (SLIPWAY_SIGSTORE_CONFORMANCE)`,
	);

(hasConformance ? describe : describe.skip)('the Sigstore conformance suite', () => {
	const cases = hasConformance ? conformanceCases() : [];

	test('has 70 cases', () => {
		expect(cases).toHaveLength(70);
	});

	describe.each(['file', 'digest'] as const)('by %s', (form) => {
		test.each(cases.map((one) => [one.name, one] as const))('%s', async (_, one) => {
			const verdict = await judge(one, form);
			if (one.accepted) expect(verdict).toBe('accepted');
			else expect(verdict).not.toBe('accepted');
		});
	});
});
