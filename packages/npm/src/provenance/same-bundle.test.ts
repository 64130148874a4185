import type { Json } from '@slipway/core';
import { BUNDLE_MEDIA_TYPE } from '@slipway/core/attestation';
import fc from 'fast-check';
import { toBundle } from './bundle.fixture.ts';
import { isSameBundle } from './same-bundle.ts';

const BUNDLE = toBundle({ a: 1 }) as { [key: string]: Json };

const change = (path: readonly (string | number)[], value: unknown): Json => {
	const copy = structuredClone(BUNDLE);
	let place: Record<string, unknown> = copy;
	for (const key of path.slice(0, -1)) place = place[key] as Record<string, unknown>;
	const last = path.at(-1) as string;
	if (value === undefined) delete place[last];
	else place[last] = value;
	return copy;
};

const ENTRY = ['verificationMaterial', 'tlogEntries', 0] as const;

describe('the same, spelled otherwise', () => {
	test.each<readonly [string, readonly (string | number)[], unknown]>([
		['a number as a number', [...ENTRY, 'integratedTime'], 1700000000],
		['a default left out', [...ENTRY, 'logIndex'], undefined],
		['an empty key id left out', ['dsseEnvelope', 'signatures', 0, 'keyid'], undefined],
		['an empty list added', ['verificationMaterial', 'x509CertificateChain'], []],
		['a null added', [...ENTRY, 'inclusionPromise'], null],
		['the older media type', ['mediaType'], 'application/vnd.dev.sigstore.bundle+json;version=0.3'],
	])('%s', (_, path, value) => expect(isSameBundle(BUNDLE, change(path, value))).toBe(true));

	test('in another order', () => {
		const reversed = Object.fromEntries(Object.entries(BUNDLE).reverse());
		expect(isSameBundle(BUNDLE, reversed)).toBe(true);
	});
});

describe('not the same', () => {
	test.each<readonly [string, readonly (string | number)[], unknown]>([
		['another payload', ['dsseEnvelope', 'payload'], 'e30='],
		['another signature', ['dsseEnvelope', 'signatures', 0, 'sig'], 'MEUD'],
		['a second signature', ['dsseEnvelope', 'signatures', 1], { sig: 'MEUD' }],
		['another certificate', ['verificationMaterial', 'certificate', 'rawBytes'], 'MIID'],
		['another time', [...ENTRY, 'integratedTime'], '1700000001'],
		['no log entry', ['verificationMaterial', 'tlogEntries'], []],
		['no timestamp', ['verificationMaterial', 'timestampVerificationData'], undefined],
		['another version', ['mediaType'], BUNDLE_MEDIA_TYPE.replace('0.3', '0.2')],
		['a lone surrogate', ['mediaType'], '\ud800'],
	])('%s', (_, path, value) => expect(isSameBundle(BUNDLE, change(path, value))).toBe(false));
});

test('whatever JSON it is: equal to itself, in any order of its keys', () => {
	fc.assert(
		fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
			expect(isSameBundle(value as Json, structuredClone(value) as Json)).toBe(true);
		}),
		{ numRuns: 500 },
	);
});
