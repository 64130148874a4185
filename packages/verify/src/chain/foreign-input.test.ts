import { generateKeyPairSync, sign } from 'node:crypto';
import { type Json, parseJson, SlipwayError } from '@slipway/core';
import { STATEMENT_PAYLOAD_TYPE, toPae } from '@slipway/core/attestation';
import fc from 'fast-check';
import { claimsSubject } from './claims-subject.ts';
import { toBundleRole } from './place.ts';
import { parseRegistryKeys, verifyPublishAttestation } from './publish-attestation.ts';
import { readSbomRoot } from './sbom-root.ts';

const SHA256 = 'a'.repeat(64);
const SHA512 = 'b'.repeat(128);
const DIGEST = { sha256: SHA256, sha512: SHA512 };
const NOW = Date.parse('2026-01-01T00:00:00Z');

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const DER = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const LISTED = { keys: [{ keyid: 'SHA256:k', key: DER, expires: null }] };
const TARGET = {
	keys: [
		{ keyId: 'SHA256:s', keyUsage: 'npm:signatures', publicKey: { rawBytes: DER } },
		{
			keyId: 'SHA256:k',
			keyUsage: 'npm:attestations',
			publicKey: { rawBytes: DER, validFor: { start: '2025-01-01T00:00:00Z' } },
		},
	],
};

const toBytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const SUBJECT = { name: '@acme/greet', version: '1.0.0', sha512: SHA512, now: NOW };

const toBundle = (change: object = {}, key = privateKey): Buffer => {
	const statement = {
		_type: 'https://in-toto.io/Statement/v0.1',
		predicateType: 'https://github.com/npm/attestation/tree/main/specs/publish/v0.1',
		subject: [{ name: 'pkg:npm/%40acme/greet@1.0.0', digest: { sha512: SHA512 } }],
		predicate: { name: '@acme/greet', version: '1.0.0', registry: 'https://registry.example' },
		...change,
	};
	const payload = toBytes(statement);
	const sig = sign('sha256', toPae(STATEMENT_PAYLOAD_TYPE, payload), key).toString('base64');
	return toBytes({
		mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.2',
		verificationMaterial: { publicKey: { hint: 'SHA256:k' } },
		dsseEnvelope: {
			payload: payload.toString('base64'),
			payloadType: STATEMENT_PAYLOAD_TYPE,
			signatures: [{ sig }],
		},
	});
};

const refused = expect.objectContaining({ code: 'VERIFY_CHAIN_REFUSED' });

describe('what a registry attests itself', () => {
	test.each([
		['as its address lists them', LISTED],
		['as its TUF target lists them', TARGET],
	])('by its keys, %s', (_, keys) => {
		expect(verifyPublishAttestation(toBundle(), parseRegistryKeys(toBytes(keys), 'keys.json'), SUBJECT)).toBe(
			'SHA256:k',
		);
	});

	const other = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
	const lies: readonly (readonly [string, () => Buffer])[] = [
		['another key', () => toBundle({}, other)],
		[
			'another digest',
			() =>
				toBundle({ subject: [{ name: 'pkg:npm/%40acme/greet@1.0.0', digest: { sha512: 'c'.repeat(128) } }] }),
		],
		[
			'another package',
			() => toBundle({ subject: [{ name: 'pkg:npm/greet@1.0.0', digest: { sha512: SHA512 } }] }),
		],
		['another version', () => toBundle({ predicate: { name: '@acme/greet', version: '2.0.0' } })],
		['another predicate', () => toBundle({ predicateType: 'https://slsa.dev/provenance/v1' })],
		[
			'two subjects',
			() =>
				toBundle({
					subject: [1, 2].map(() => ({ name: 'pkg:npm/%40acme/greet@1.0.0', digest: { sha512: SHA512 } })),
				}),
		],
		['no bundle', () => toBytes({})],
	];
	test.each(lies)('refused: %s', (_, make) => {
		const keys = parseRegistryKeys(toBytes(LISTED), 'keys.json');
		expect(() => verifyPublishAttestation(make(), keys, SUBJECT)).toThrow(refused);
	});

	test('refused: a key that has expired, and keys that are none', () => {
		const expired = { keys: [{ ...LISTED.keys[0], expires: '2025-12-31T00:00:00Z' }] };
		const keys = parseRegistryKeys(toBytes(expired), 'keys.json');
		expect(() => verifyPublishAttestation(toBundle(), keys, SUBJECT)).toThrow(refused);
		expect(() => parseRegistryKeys(toBytes({ keys: [{ keyid: 'x', key: 'AAAA' }] }), 'keys.json')).toThrow(
			refused,
		);
		expect(() => parseRegistryKeys(toBytes({}), 'keys.json')).toThrow(refused);
	});
});

const CYCLONEDX = {
	metadata: {
		component: { purl: 'pkg:npm/a@1', hashes: [{ alg: 'SHA-256', content: SHA256.toUpperCase() }] },
	},
};
const toSpdx = (more: object) => ({
	packages: [
		{
			SPDXID: 'SPDXRef-a',
			checksums: [{ algorithm: 'SHA256', checksumValue: SHA256 }],
			externalRefs: [{ referenceType: 'purl', referenceLocator: 'pkg:npm/a@1' }],
		},
		{ SPDXID: 'SPDXRef-b' },
	],
	...more,
});
const DESCRIBES = {
	spdxElementId: 'SPDXRef-DOCUMENT',
	relationshipType: 'DESCRIBES',
	relatedSpdxElement: 'SPDXRef-a',
};
const DESCRIBED_BY = {
	spdxElementId: 'SPDXRef-a',
	relationshipType: 'DESCRIBED_BY',
	relatedSpdxElement: 'SPDXRef-DOCUMENT',
};
const ROOT = { sha256: [SHA256], purls: ['pkg:npm/a@1'] };

test.each([
	['CycloneDX', 'sbom-cyclonedx', CYCLONEDX, ROOT],
	['SPDX, DESCRIBES', 'sbom-spdx', toSpdx({ relationships: [DESCRIBES] }), ROOT],
	['SPDX, DESCRIBED_BY', 'sbom-spdx', toSpdx({ relationships: [DESCRIBED_BY] }), ROOT],
	['SPDX, documentDescribes', 'sbom-spdx', toSpdx({ documentDescribes: ['SPDXRef-a'] }), ROOT],
	[
		'SPDX that describes two',
		'sbom-spdx',
		toSpdx({ documentDescribes: ['SPDXRef-a', 'SPDXRef-b'] }),
		undefined,
	],
	['SPDX that describes nothing', 'sbom-spdx', toSpdx({}), undefined],
	['CycloneDX without a component', 'sbom-cyclonedx', { metadata: {} }, undefined],
] as const)('the component that an SBOM describes: %s', (_, kind, json, root) => {
	expect(readSbomRoot(kind, JSON.parse(JSON.stringify(json)))).toEqual(root);
});

test.each([
	['attestations/provenance.sigstore.json', { role: 'provenance' }],
	['attestations/provenance-2.sigstore.json', { role: 'provenance' }],
	['attestations/npm-a.tgz.sigstore.json', { role: 'npm-provenance', of: 'a.tgz' }],
	['attestations/stage-build-linux-x64.sigstore.json', { role: 'stage', of: 'records/build-linux-x64.json' }],
	['attestations/SHA256SUMS.sigstore.json', { role: 'release' }],
	['attestations/vsa-2.sigstore.json', { role: 'vsa' }],
])('the role of %s', (path, role) => expect(toBundleRole(path)).toMatchObject(role));

test.each([
	'attestations/x.sigstore.json',
	'attestations/provenance-x.sigstore.json',
	'attestations/constructor.sigstore.json',
	'attestations/deep/vsa.sigstore.json',
	'attestations/vsa.json',
	'vsa.sigstore.json',
])('no role: %s', (path) => expect(toBundleRole(path)).toBeUndefined());

const SEEDS = [
	toBundle(),
	toBytes(LISTED),
	toBytes(TARGET),
	toBytes(CYCLONEDX),
	toBytes(toSpdx({ relationships: [DESCRIBES] })),
];
const mutant = fc
	.record({
		seed: fc.constantFrom(...SEEDS),
		at: fc.nat(3000),
		length: fc.nat(30),
		piece: fc.oneof(
			fc.string({ maxLength: 12 }),
			fc.constantFrom('{', '[', '"', ':', 'null', '1e999', '__proto__'),
		),
	})
	.map(({ seed, at, length, piece }) => {
		const text = seed.toString();
		const start = at % text.length;
		return Buffer.from(text.slice(0, start) + piece + text.slice(start + length));
	});

/** What it returns, or undefined where it refused with an error of ours. */
const attempt = (task: () => unknown): unknown => {
	try {
		return task();
	} catch (thrown) {
		expect(thrown).toBeInstanceOf(SlipwayError);
		return undefined;
	}
};

test('whatever they are given, readers return a value or an error of ours, and believe nothing', () => {
	const keys = parseRegistryKeys(toBytes(LISTED), 'keys.json');
	fc.assert(
		fc.property(mutant, (bytes) => {
			attempt(() => parseRegistryKeys(bytes, 'keys.json'));
			expect(typeof claimsSubject(bytes, DIGEST)).toBe('boolean');
			attempt(() => verifyPublishAttestation(bytes, keys, { ...SUBJECT, sha512: 'd'.repeat(128) }));
			const json = attempt(() => parseJson(bytes, 'an SBOM')) as Json;
			for (const kind of ['sbom-cyclonedx', 'sbom-spdx'] as const) readSbomRoot(kind, json);
		}),
		{ numRuns: 1500, interruptAfterTimeLimit: 5000 },
	);
});
