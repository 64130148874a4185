/** An identity token whose signature nobody looks at here. */
export const toToken = (claims: object): string =>
	`${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;

const fromText = (payload: string): string => `e30.${Buffer.from(payload).toString('base64url')}.c2ln`;
const GOOD = { iss: 'https://issuer.example', sub: 'me', aud: 'sigstore', exp: 2_000_000_000 };
const without = (name: keyof typeof GOOD): string => toToken({ ...GOOD, [name]: undefined });

/** Tokens that are none, kept: what went wrong somewhere once, and what somebody may try. */
export const NASTY_TOKENS: readonly (readonly [what: string, token: string])[] = [
	['nothing', ''],
	['one word', 'token'],
	['two parts', 'e30.e30'],
	['four parts', `${toToken(GOOD)}.e30`],
	['parts of blanks', ' . . '],
	['an e-mail address', 'ada@example.com'],
	['padding of ordinary base64', 'e30=.e30=.e30='],
	['no JSON', fromText('claims')],
	['an array', fromText('[]')],
	['null', fromText('null')],
	[
		'a claim twice',
		fromText('{"iss":"https://a.example","iss":"https://b.example","sub":"s","aud":"sigstore","exp":1}'),
	],
	['a prototype', fromText('{"__proto__":{"iss":"x"},"sub":"s","aud":"sigstore","exp":1}')],
	['deep nesting', fromText(`{"iss":${'['.repeat(5000)}${']'.repeat(5000)}}`)],
	['an expiry beyond 2^53', fromText('{"iss":"i","sub":"s","aud":"sigstore","exp":99999999999999999999}')],
	['an expiry as text', toToken({ ...GOOD, exp: '2000000000' })],
	['a negative expiry', toToken({ ...GOOD, exp: -1 })],
	['no issuer', without('iss')],
	['no subject', without('sub')],
	['no audience', without('aud')],
	['no expiry', without('exp')],
	['an empty issuer', toToken({ ...GOOD, iss: '' })],
	['an audience of objects', toToken({ ...GOOD, aud: [{}] })],
	['a claim of the wrong type', toToken({ ...GOOD, job_workflow_ref: ['a'] })],
	['a claim of 10,000 characters', toToken({ ...GOOD, repository: 'x'.repeat(10_000) })],
	['invalid UTF-8', `e30.${Buffer.from([0x7b, 0xff, 0xfe, 0x7d]).toString('base64url')}.`],
	['a megabyte', `e30.${'A'.repeat(1024 * 1024)}.`],
	['a line break inside', `${toToken(GOOD).slice(0, 30)}\n${toToken(GOOD).slice(30)}`],
];
