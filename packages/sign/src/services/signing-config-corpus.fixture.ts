const MEDIA_TYPE = 'application/vnd.dev.sigstore.signingconfig.v0.2+json';
const service = (more: object = {}) => ({
	url: 'https://service.example',
	majorApiVersion: 1,
	validFor: { start: '2025-01-01T00:00:00Z' },
	operator: 'example.com',
	...more,
});

/** A signing config as instances publish it: the public one's shape, with logs of both versions. */
export const REAL_CONFIG = {
	mediaType: MEDIA_TYPE,
	caUrls: [service({ url: 'https://ca.example', validFor: { start: '2022-04-13T20:06:15.000Z' } })],
	oidcUrls: [service({ url: 'https://oidc.example/auth' })],
	rekorTlogUrls: [
		service({
			url: 'https://log2025-1.example',
			majorApiVersion: 2,
			validFor: { start: '2025-10-06T00:00:00Z' },
		}),
		service({ url: 'https://log.example', validFor: { start: '2021-01-12T11:53:27.000Z' } }),
	],
	tsaUrls: [service({ url: 'https://tsa.example/api/v1/timestamp' })],
	rekorTlogConfig: { selector: 'ANY' },
	tsaConfig: { selector: 'ANY' },
};

const withCa = (more: object): string => JSON.stringify({ ...REAL_CONFIG, caUrls: [service(more)] });
const withAll = (more: object): string => JSON.stringify({ ...REAL_CONFIG, ...more });

/** Documents that are no signing config, kept. */
export const NASTY_CONFIGS: readonly (readonly [what: string, text: string])[] = [
	['nothing', ''],
	['no JSON', 'caUrls: []'],
	['null', 'null'],
	['an array', '[]'],
	['no media type', '{}'],
	['version 0.1', withAll({ mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.1+json' })],
	['an unknown version', withAll({ mediaType: MEDIA_TYPE.replace('0.2', '0.3') })],
	['a trusted root', withAll({ mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1' })],
	['a key twice', '{"mediaType":"a","mediaType":"b"}'],
	['a prototype', '{"__proto__":{"mediaType":"x"}}'],
	['deep nesting', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
	['two megabytes', `"${'x'.repeat(2 * 1024 * 1024)}"`],
	['services that are no list', withAll({ caUrls: {} })],
	['1,000 services', withAll({ tsaUrls: Array(1000).fill(service()) })],
	['no address', withCa({ url: '' })],
	['an address that is none', withCa({ url: 'service.example' })],
	['an address of another scheme', withCa({ url: 'file:///etc/passwd' })],
	['an address with a password', withCa({ url: 'https://me:secret@service.example' })],
	['http beyond this machine', withCa({ url: 'http://service.example' })],
	['http to a host that only looks local', withCa({ url: 'http://localhost.example' })],
	['a version that is no number', withCa({ majorApiVersion: '1' })],
	['version 0', withCa({ majorApiVersion: 0 })],
	['version 1.5', withCa({ majorApiVersion: 1.5 })],
	['a time that is none', withCa({ validFor: { start: 'yesterday' } })],
	['an operator that is no text', withCa({ operator: [] })],
	['an unknown selector', withAll({ tsaConfig: { selector: 'SOME' } })],
	['EXACT without a count', withAll({ tsaConfig: { selector: 'EXACT' } })],
	['EXACT of 0', withAll({ tsaConfig: { selector: 'EXACT', count: 0 } })],
	['EXACT of a million', withAll({ tsaConfig: { selector: 'EXACT', count: 1e6 } })],
];
