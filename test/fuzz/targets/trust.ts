import { generateKeyPairSync } from 'node:crypto';
import { parseIdToken, parseSigningConfig, readKeySigner, readOwnBundle } from '@slipway/sign';
import { toBundle } from '../../../packages/npm/src/provenance/bundle.fixture.ts';
import { NASTY_TOKENS, toToken } from '../../../packages/sign/src/identity/id-token-corpus.fixture.ts';
import {
	NASTY_CONFIGS,
	REAL_CONFIG,
} from '../../../packages/sign/src/services/signing-config-corpus.fixture.ts';
import { readRekor1Reply } from '../../../packages/sign/src/witness/rekor1-reply.ts';
import { parseBundle } from '../../../packages/verify/src/bundle/parse-bundle.ts';
import { parseRegistryKeys } from '../../../packages/verify/src/chain/publish-attestation.ts';
import { readSbomRoot } from '../../../packages/verify/src/chain/sbom-root.ts';
import { parseKeyList, toKeyFileDigest } from '../../../packages/verify/src/keys/key-list.ts';
import { parseCertificate } from '../../../packages/verify/src/trust/memo-certificate.ts';
import { parseTrustedRoot } from '../../../packages/verify/src/trust/parse-trusted-root.ts';
import type { Target } from '../target.ts';
import { ofBytes, ofText, toJsonSeeds } from '../text.ts';

const KEY = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const PEM = KEY.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const DER = KEY.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const STATEMENT = {
	_type: 'https://in-toto.io/Statement/v1',
	subject: [{ name: 'a', digest: { sha256: 'a'.repeat(64) } }],
	predicateType: 'https://slsa.dev/provenance/v1',
	predicate: {},
};
const LOG = {
	baseUrl: 'https://log.example',
	hashAlgorithm: 'SHA2_256',
	publicKey: {
		rawBytes: DER,
		keyDetails: 'PKIX_ECDSA_P256_SHA_256',
		validFor: { start: '2026-01-01T00:00:00Z' },
	},
	logId: { keyId: Buffer.alloc(32).toString('base64') },
};
const ROOT = {
	mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
	tlogs: [LOG],
	ctlogs: [LOG],
	certificateAuthorities: [],
	timestampAuthorities: [],
};
const REKOR = {
	['a'.repeat(64)]: {
		body: Buffer.from('{"kind":"dsse","apiVersion":"0.0.1"}').toString('base64'),
		integratedTime: 1,
		logID: 'a'.repeat(64),
		logIndex: 1,
		verification: {
			signedEntryTimestamp: 'AAAA',
			inclusionProof: { logIndex: 1, treeSize: 2, rootHash: 'aa', hashes: ['bb'], checkpoint: 'a\n1\nx\n' },
		},
	},
};
const KEYS = {
	mediaType: 'application/vnd.slipway.keys.v1+json',
	project: 'greet',
	keys: [{ use: 'sign', name: 'a', sha256: 'a'.repeat(64), from: '2026-01-01', until: null, file: 'a.pem' }],
};
const ARMOR = `-----BEGIN PGP PUBLIC KEY BLOCK-----\nComment: x\n\n${'A'.repeat(64)}\n=AAAA\n-----END PGP PUBLIC KEY BLOCK-----\n`;

/** A certificate of nothing but structure: what a DER reader meets first. */
const CERTIFICATE = Buffer.from(
	'30819f30818ca003020102020101300a06082a8648ce3d040302300c310a300806035504030c01613020170d3236303130313030303030305a180f39393939313233313233353935395a300c310a300806035504030c01613039301306072a8648ce3d020106082a8648ce3d030107032200030000000000000000000000000000000000000000000000000000000000000000300a06082a8648ce3d04030203020000',
	'hex',
);

export const TRUST_TARGETS: readonly Target[] = [
	ofBytes('Sigstore bundle', /^VERIFY_BUNDLE_INVALID$/, {
		seeds: toJsonSeeds(toBundle(STATEMENT), {
			mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
			verificationMaterial: {
				certificate: { rawBytes: CERTIFICATE.toString('base64') },
				tlogEntries: [],
				timestampVerificationData: { rfc3161Timestamps: [{ signedTimestamp: 'MAA=' }] },
			},
			dsseEnvelope: {
				payload: Buffer.from(JSON.stringify(STATEMENT)).toString('base64'),
				payloadType: 'application/vnd.in-toto+json',
				signatures: [{ sig: 'AAAA', keyid: '' }],
			},
		}),
		words: ['"tlogEntries":[{}],', '"messageSignature":{},', '"x509CertificateChain":{"certificates":[]},'],
		read: parseBundle,
	}),
	ofBytes('trusted root', /^VERIFY_TRUST_INVALID$/, {
		seeds: toJsonSeeds(ROOT),
		read: (bytes) => parseTrustedRoot(bytes),
	}),
	ofBytes('certificate', /^VERIFY_/, {
		seeds: [CERTIFICATE],
		read: (bytes) => {
			try {
				parseCertificate(bytes);
			} catch (thrown) {
				// Its callers turn any error into one of theirs; what must not be is a hang or a crash.
				if (!(thrown instanceof Error)) throw new Error('no error');
			}
		},
	}),
	ofBytes('registry keys', /^(?:VERIFY|JSON)_/, {
		seeds: toJsonSeeds(
			{ keys: [{ keyid: 'SHA256:k', key: DER, expires: null, keytype: 'a', scheme: 'b' }] },
			{ keys: [{ keyId: 'SHA256:s', keyUsage: 'npm:attestations', publicKey: { rawBytes: DER } }] },
		),
		read: (bytes) => parseRegistryKeys(bytes, 'it'),
	}),
	ofText('SBOM root', /^JSON_/, {
		seeds: toJsonSeeds(
			{ metadata: { component: { purl: 'pkg:npm/a@1', hashes: [{ alg: 'SHA-256', content: 'a' }] } } },
			{
				packages: [{ SPDXID: 'a', checksums: [], externalRefs: [] }],
				documentDescribes: ['a'],
				relationships: [],
			},
		),
		read: (text) => {
			const json = JSON.parse(JSON.stringify(tryJson(text)));
			readSbomRoot('sbom-cyclonedx', json);
			readSbomRoot('sbom-spdx', json);
		},
	}),
	ofBytes('key list', /^(?:KEYS|JSON)_/, {
		seeds: toJsonSeeds(KEYS),
		read: (bytes) => parseKeyList(bytes, 'it'),
	}),
	ofBytes('key file', /^KEYS_/, { seeds: [PEM, ARMOR], read: (bytes) => toKeyFileDigest(bytes, 'it') }),
	ofText('id token', /^SIGN_TOKEN_/, {
		seeds: [
			toToken({ iss: 'https://a', aud: 'sigstore', exp: 1, sub: 'b' }),
			...NASTY_TOKENS.map(([, t]) => t),
		].filter(({ length }) => length < 20_000),
		words: ['.', '=', '-', '_'],
		read: parseIdToken,
	}),
	ofBytes('signing config', /^(?:SIGN_SERVICES|JSON)_/, {
		seeds: [JSON.stringify(REAL_CONFIG), ...NASTY_CONFIGS.map(([, text]) => text)].filter(
			({ length }) => length < 20_000,
		),
		read: (bytes) => parseSigningConfig(bytes),
	}),
	ofBytes('own bundle', /^SIGN_/, {
		seeds: toJsonSeeds(toBundle(STATEMENT), {
			mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
			verificationMaterial: { certificate: { rawBytes: CERTIFICATE.toString('base64') }, tlogEntries: [] },
			dsseEnvelope: {
				payload: 'AAAA',
				payloadType: 'application/vnd.in-toto+json',
				signatures: [{ sig: 'AA' }],
			},
		}),
		read: (bytes) => {
			if (readOwnBundle(bytes) !== undefined) throw new Error('believed what nobody signed');
		},
	}),
	ofText('private key', /^SIGN_KEY_/, {
		seeds: [KEY.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), PEM],
		read: (text) => readKeySigner(text),
	}),
	ofBytes('Rekor reply', /^SIGN_LOG_/, {
		seeds: toJsonSeeds(REKOR),
		read: (body) => readRekor1Reply({ body: Buffer.from(body) } as never, 'https://log.example'),
	}),
];

function tryJson(text: string): unknown {
	try {
		return JSON.parse(text) ?? {};
	} catch {
		return {};
	}
}
