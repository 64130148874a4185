import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { parsePolicy } from './parse-policy.ts';
import { BAD_POLICIES, GOOD_POLICIES } from './policy-corpus.fixture.ts';

const toBytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const toError = (source: string): Error & { readonly code?: string; readonly hint?: string } => {
	try {
		parsePolicy(toBytes(source));
	} catch (error) {
		return error as Error;
	}
	throw new Error('accepted');
};

test.each(Object.entries(GOOD_POLICIES))('reads %s, and pins it by its bytes', (_, source) => {
	const bytes = toBytes(source);
	const { policy, digest, from } = parsePolicy(bytes, 'p.yml');
	expect(policy.policy).toBe(1);
	expect(digest.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
	expect(from).toBe('p.yml');
});

test('a policy without more demands provenance, both SBOMs, three stages and one witness of each kind', () => {
	const { policy } = parsePolicy(toBytes('policy: 1'));
	expect(policy.require).toEqual({
		attestations: ['provenance', 'sbom-cyclonedx', 'sbom-spdx'],
		stages: ['build', 'sbom', 'sign'],
	});
	expect(policy.thresholds).toEqual({ 'transparency-logs': 1, timestamps: 1, 'certificate-logs': 1 });
	expect(policy.signers).toEqual([]);
});

// Functions instead of texts: the runner would print them into its titles.
const attempts = BAD_POLICIES.map(
	({ name, source, code = 'POLICY_INVALID', message }) =>
		[name, { code, message, attempt: () => toError(source) }] as const,
);

test.each(attempts)('refuses %s, in less than 200 ms of processor time', (_, { code, message, attempt }) => {
	const start = process.threadCpuUsage();
	const error = attempt();
	const { user, system } = process.threadCpuUsage(start);
	expect(error).toMatchObject({ name: 'SlipwayError', code, hint: expect.stringMatching(/\w/) });
	expect(error.message).toMatch(message);
	// The first run compiles; a second one is what a reader pays for.
	if ((user + system) / 1000 > 200) {
		const again = process.threadCpuUsage();
		attempt();
		const second = process.threadCpuUsage(again);
		expect((second.user + second.system) / 1000).toBeLessThan(200);
	}
});

const seeds = [...Object.values(GOOD_POLICIES), ...BAD_POLICIES.map(({ source }) => source.slice(0, 2000))];

/** A seed with a piece cut out and another put in. */
const mutant = fc
	.record({
		seed: fc.constantFrom(...seeds),
		at: fc.nat(2000),
		length: fc.nat(40),
		piece: fc.oneof(
			fc.string({ maxLength: 20 }),
			fc.constantFrom('&a', '*a', '{', '[', '- ', ': ', '\n', '"', "'"),
		),
	})
	.map(({ seed, at, length, piece }) => seed.slice(0, at) + piece + seed.slice(at + length));

test('whatever it is given, it returns a policy or an error of its own', () => {
	fc.assert(
		fc.property(mutant, (source) => {
			try {
				expect(parsePolicy(toBytes(source)).policy.policy).toBe(1);
			} catch (error) {
				expect(error).toMatchObject({ code: expect.stringMatching(/^POLICY_(INVALID|TOO_LARGE)$/) });
			}
		}),
		{ numRuns: 1500, interruptAfterTimeLimit: 5000 },
	);
});
