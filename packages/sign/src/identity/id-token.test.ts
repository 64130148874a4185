import { SlipwayError } from '@slipway/core';
import { CHARACTERS, toCharacter, toCharacterIndex } from '@slipway/testing';
import * as fc from 'fast-check';
import { checkIdToken, parseIdToken, toExpectedIdentity, toExpectedIssuers } from './id-token.ts';
import { NASTY_TOKENS, toToken } from './id-token-corpus.fixture.ts';

const CLAIMS = { iss: 'https://issuer.example', sub: 'me', aud: 'sigstore', exp: 2_000_000_000 };
const parse = (claims: object) => parseIdToken(toToken({ ...CLAIMS, ...claims }));

test('a token and its claims', () => {
	const text = toToken({ ...CLAIMS, other: 'is left out' });
	expect(parseIdToken(`${text}\n`)).toEqual({ text, claims: CLAIMS });
});

test.each(NASTY_TOKENS)('refused: %s', (_, token) => {
	expect(() => parseIdToken(token)).toThrow(expect.objectContaining({ code: 'SIGN_TOKEN_INVALID' }));
});

test('no message quotes a token', () => {
	for (const [, token] of NASTY_TOKENS) {
		if (token.length < 40) continue;
		try {
			parseIdToken(token);
		} catch (error) {
			expect((error as Error).message).not.toContain(token.slice(0, 40));
		}
	}
});

test.each([
	[{ aud: 'sigstore' }, 'fine'],
	[{ aud: ['other', 'sigstore'] }, 'fine'],
	[{ aud: 'npm' }, 'SIGN_TOKEN_WRONG_AUDIENCE'],
	[{ aud: ['a', 'b'] }, 'SIGN_TOKEN_WRONG_AUDIENCE'],
	[{ aud: 'sigstore.example' }, 'SIGN_TOKEN_WRONG_AUDIENCE'],
	[{ exp: 1_000_011 }, 'fine'],
	[{ exp: 1_000_009 }, 'SIGN_TOKEN_EXPIRED'],
	[{ exp: 0 }, 'SIGN_TOKEN_EXPIRED'],
])('%j is %s', (claims, verdict) => {
	const check = () => checkIdToken(parse({ exp: 1_000_100, ...claims }), 1_000_000_000);
	if (verdict === 'fine') expect(check).not.toThrow();
	else expect(check).toThrow(expect.objectContaining({ code: verdict, name: 'SlipwayError' }));
});

const GITHUB = 'https://token.actions.githubusercontent.com';
test.each([
	[
		{ iss: GITHUB, job_workflow_ref: 'o/r/.github/workflows/a.yml@v1' },
		'https://github.com/o/r/.github/workflows/a.yml@v1',
	],
	[
		{ iss: 'https://token.actions.acme.ghe.com', job_workflow_ref: 'o/r/a.yml@v1' },
		'https://acme.ghe.com/o/r/a.yml@v1',
	],
	[
		{ iss: 'https://gitlab.com', ci_config_ref_uri: 'gitlab.com/o/r//.gitlab-ci.yml@v1' },
		'https://gitlab.com/o/r//.gitlab-ci.yml@v1',
	],
	[{ email: 'ada@example.com', email_verified: true }, 'ada@example.com'],
	[{ sub: 'spiffe://example.com/job' }, 'spiffe://example.com/job'],
	[{ sub: 'somebody' }, undefined],
])('%j is certified as %s', (claims, identity) => {
	expect(toExpectedIdentity(parse(claims))).toBe(identity);
});

test('a federating issuer stands for the one behind it', () => {
	expect(toExpectedIssuers(parse({}))).toEqual([CLAIMS.iss]);
	const federated = parse({ federated_claims: { connector_id: 'https://accounts.example' } });
	expect(toExpectedIssuers(federated)).toEqual([CLAIMS.iss, 'https://accounts.example']);
});

test('whatever is thrown at it, it gives claims or a SlipwayError, and soon', () => {
	const character = fc.nat(CHARACTERS - 1).map(toCharacter, toCharacterIndex);
	const seeds = fc.constantFrom(...NASTY_TOKENS.map(([, token]) => token));
	const claims = fc.record({
		iss: fc.anything(),
		sub: fc.anything(),
		aud: fc.anything(),
		exp: fc.anything(),
	});
	const inputs = fc.oneof(
		fc.string({ unit: character, maxLength: 500 }),
		seeds,
		fc.tuple(seeds, fc.nat(), fc.string({ maxLength: 3 })).map(([token, at, text]) => {
			const place = at % (token.length + 1);
			return token.slice(0, place) + text + token.slice(place + text.length);
		}),
		claims.map((value) => {
			try {
				return toToken(value as object);
			} catch {
				return '';
			}
		}),
		fc.json().map((json) => `e30.${Buffer.from(json).toString('base64url')}.`),
	);
	fc.assert(
		fc.property(inputs, (text) => {
			const start = process.threadCpuUsage();
			try {
				const { claims: read } = parseIdToken(text);
				expect(typeof read.iss).toBe('string');
				expect(typeof read.exp).toBe('number');
			} catch (error) {
				expect(error).toBeInstanceOf(SlipwayError);
			}
			expect(process.threadCpuUsage(start).user / 1000).toBeLessThan(500);
		}),
		{ numRuns: 2000, interruptAfterTimeLimit: 30_000 },
	);
});
