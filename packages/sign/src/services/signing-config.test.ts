import { SlipwayError } from '@slipway/core';
import * as fc from 'fast-check';
import { toPublicSigningConfig } from './public-instance.ts';
import { type SelectedServices, selectServices } from './select-services.ts';
import { parseSigningConfig } from './signing-config.ts';
import { NASTY_CONFIGS, REAL_CONFIG } from './signing-config-corpus.fixture.ts';

const NOW = Date.parse('2026-06-01T00:00:00Z');
const parse = (more: object) => parseSigningConfig(JSON.stringify({ ...REAL_CONFIG, ...more }));
const toUrls = ({ authority, logs, timestamps }: SelectedServices) => ({
	authority: authority?.url,
	logs: logs.map(({ url }) => url),
	timestamps: timestamps.map(({ url }) => url),
});
const at = (url: string, start: string, more: object = {}) => ({
	url: `https://${url}.example`,
	majorApiVersion: 1,
	validFor: { start },
	operator: url,
	...more,
});

describe('parseSigningConfig', () => {
	test.each(NASTY_CONFIGS)('refuses %s', (_, text) => {
		const parseText = () => parseSigningConfig(text);
		expect(parseText).toThrow(SlipwayError);
		expect(parseText).toThrow(
			expect.objectContaining({ code: expect.stringMatching(/^(SIGN_SERVICES|JSON)_/) }),
		);
	});

	test('names the version that it expects', () => {
		const other = JSON.stringify({ mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.1+json' });
		expect(() => parseSigningConfig(other)).toThrow(
			expect.objectContaining({
				code: 'SIGN_SERVICES_VERSION_UNKNOWN',
				message: expect.stringContaining('v0.2'),
			}),
		);
	});

	test.each(['http://127.0.0.1:8080', 'http://localhost:8080/path', 'http://[::1]:1'])(
		'takes %s on this machine',
		(url) => {
			expect(parse({ caUrls: [at('x', '2025-01-01', { url })] }).caUrls[0]?.url).toBe(url);
		},
	);

	test('ignores what it does not know, and takes an end that is null', () => {
		const config = parse({
			future: 1,
			caUrls: [at('ca', '2025-01-01T00:00:00Z', { validFor: { start: '2025-01-01T00:00:00Z', end: null } })],
		});
		expect(selectServices(config, { keyless: true, now: NOW }).authority?.url).toBe('https://ca.example');
	});

	test('whatever it is given, it gives a config or a SlipwayError', () => {
		const seeds = fc.constantFrom(
			JSON.stringify(REAL_CONFIG),
			...NASTY_CONFIGS.map(([, text]) => text).filter(({ length }) => length < 5000),
		);
		const inputs = fc.oneof(
			fc.tuple(seeds, fc.nat(), fc.string({ maxLength: 4 })).map(([text, place, more]) => {
				const index = place % (text.length + 1);
				return text.slice(0, index) + more + text.slice(index + more.length);
			}),
			fc.json(),
			fc.record({ caUrls: fc.anything(), tsaUrls: fc.anything(), tsaConfig: fc.anything() }).map((more) => {
				try {
					return JSON.stringify({ ...REAL_CONFIG, ...more });
				} catch {
					return '';
				}
			}),
		);
		fc.assert(
			fc.property(inputs, (text) => {
				try {
					const config = parseSigningConfig(text);
					for (const { url } of config.caUrls) expect(new URL(url).protocol).toMatch(/^https?:$/);
				} catch (error) {
					expect(error).toBeInstanceOf(SlipwayError);
				}
			}),
			{ numRuns: 2000, interruptAfterTimeLimit: 8000 },
		);
	});
});

describe('selectServices', () => {
	const select = (more: object, keyless = true) => toUrls(selectServices(parse(more), { keyless, now: NOW }));

	test('the public instance: its log of version 1 and its timestamp authority', () => {
		const selected = selectServices(toPublicSigningConfig(), { keyless: true, now: NOW });
		expect(selected.logs.map(({ majorApiVersion }) => majorApiVersion)).toEqual([1]);
		expect(selected.timestamps).toHaveLength(1);
	});

	test('the newest interface that both sides speak', () => {
		expect(select({}).logs).toEqual(['https://log2025-1.example']);
		const tlogs = [at('v9', '2025-01-01', { majorApiVersion: 9 }), at('v1', '2025-01-01')];
		expect(select({ rekorTlogUrls: tlogs }).logs).toEqual(['https://v1.example']);
	});

	test('of those that may be used now, the newest', () => {
		const caUrls = [
			at('old', '2020-01-01'),
			at('ended', '2026-01-01', { validFor: { start: '2026-01-01', end: '2026-05-01' } }),
			at('future', '2027-01-01'),
			at('new', '2026-01-01'),
		];
		expect(select({ caUrls }).authority).toBe('https://new.example');
	});

	test('ALL and EXACT: of each operator one', () => {
		const tsaUrls = [at('a', '2025-01-01'), at('b', '2025-02-01'), at('c', '2025-03-01', { operator: 'b' })];
		expect(select({ tsaUrls, tsaConfig: { selector: 'ALL' } }).timestamps).toEqual([
			'https://c.example',
			'https://a.example',
		]);
		expect(select({ tsaUrls, tsaConfig: { selector: 'EXACT', count: 2 } }).timestamps).toHaveLength(2);
		expect(() => select({ tsaUrls, tsaConfig: { selector: 'EXACT', count: 3 } })).toThrow(
			expect.objectContaining({
				code: 'SIGN_SERVICES_MISSING',
				message: expect.stringContaining('expected 3'),
			}),
		);
	});

	test.each([
		['no authority', { caUrls: [] }],
		['an authority of another version', { caUrls: [at('ca', '2025-01-01', { majorApiVersion: 7 })] }],
		['a log of version 2 without a timestamp authority', { tsaUrls: [] }],
		['neither log nor timestamp authority', { tsaUrls: [], rekorTlogUrls: [] }],
	])('keyless, %s: refused', (_, more) => {
		expect(() => select(more)).toThrow(expect.objectContaining({ code: 'SIGN_SERVICES_MISSING' }));
	});

	test("a key of one's own needs none of them", () => {
		expect(select({ caUrls: [], tsaUrls: [], rekorTlogUrls: [] }, false)).toEqual({
			authority: undefined,
			logs: [],
			timestamps: [],
		});
	});
});
