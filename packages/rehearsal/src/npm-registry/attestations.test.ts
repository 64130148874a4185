import { createHash, createPublicKey, verify } from 'node:crypto';
import { BUNDLE_MEDIA_TYPE, PREDICATE_TYPES, STATEMENT_PAYLOAD_TYPE, toPae } from '@slipway/core/attestation';
import { makeRegistryKey, toAttestations } from './attestations.ts';
import { findProvenanceProblem } from './provenance-check.ts';
import type { Candidate } from './publish-document.ts';

const TARBALL = Buffer.from('tarball');
const REPOSITORY = 'https://github.com/acme/greet';
const SUBJECT = {
	name: 'pkg:npm/%40acme/greet@1.0.0',
	digest: { sha512: createHash('sha512').update(TARBALL).digest('hex') },
};
const STATEMENT = {
	_type: 'https://in-toto.io/Statement/v1',
	subject: [SUBJECT],
	predicateType: PREDICATE_TYPES.provenance,
	predicate: { buildDefinition: { externalParameters: { workflow: { repository: REPOSITORY } } } },
};
const ENVELOPE = { payloadType: STATEMENT_PAYLOAD_TYPE, signatures: [{ sig: 'MEUC', keyid: '' }] };

const toCandidate = (statement: object, envelope: object = {}, bundle: object = {}): Candidate => {
	const payload = Buffer.from(JSON.stringify({ ...STATEMENT, ...statement })).toString('base64');
	const dsseEnvelope = { ...ENVELOPE, payload, ...envelope };
	return {
		version: '1.0.0',
		manifest: {
			name: '@acme/greet',
			version: '1.0.0',
			repository: { url: `git+${REPOSITORY}.git` },
			dist: {},
		},
		tag: 'latest',
		tarball: TARBALL,
		bundle: JSON.stringify({
			mediaType: BUNDLE_MEDIA_TYPE,
			verificationMaterial: { certificate: { rawBytes: 'MIIC' } },
			dsseEnvelope,
			...bundle,
		}),
		document: Buffer.alloc(0),
	};
};

describe('what npm refuses of provenance', () => {
	test.each<readonly [string, Candidate, string | undefined]>([
		['nothing of a whole one', toCandidate({}), undefined],
		['no subject', toCandidate({ subject: [] }), 'expected one subject'],
		['two subjects', toCandidate({ subject: [SUBJECT, SUBJECT] }), 'expected one subject'],
		[
			'another package',
			toCandidate({ subject: [{ ...SUBJECT, name: 'pkg:npm/greet@1.0.0' }] }),
			'Failed to validate subject name',
		],
		[
			'other bytes',
			toCandidate({ subject: [{ ...SUBJECT, digest: { sha512: '0' } }] }),
			'Failed to validate subject digest',
		],
		[
			'in-toto 0.1',
			toCandidate({ _type: 'https://in-toto.io/Statement/v0.1' }),
			'unsupported statement type',
		],
		['another predicate', toCandidate({ predicateType: 'x' }), 'unsupported predicate type'],
		['no signature', toCandidate({}, { signatures: [] }), 'expected one signature'],
		[
			'another payload',
			toCandidate({}, { payload: 'x' }),
			'Invalid type: Expected Object but received undefined',
		],
		['an older bundle', toCandidate({}, {}, { mediaType: 'x' }), 'unsupported bundle media type'],
		['no certificate', toCandidate({}, {}, { verificationMaterial: null }), 'no verification material'],
	])('%s', (_, candidate, expected) => expect(findProvenanceProblem(candidate)).toBe(expected));

	test('another repository, in its own words', () => {
		const candidate = toCandidate({});
		const manifest = { ...candidate.manifest, repository: 'https://github.com/evil/greet' };
		expect(findProvenanceProblem({ ...candidate, manifest })).toBe(
			`Failed to validate repository information: package.json: "repository.url" is "https://github.com/evil/greet", expected to match "${REPOSITORY}" from provenance`,
		);
	});
});

test('the registry signs that it published a version with provenance', () => {
	const key = makeRegistryKey();
	const registry = { registry: 'http://127.0.0.1:1', key, treatment: 'keep' } as const;
	const [published, provenance, ...more] = toAttestations(toCandidate({}), registry);
	expect([provenance?.predicateType, more]).toEqual([PREDICATE_TYPES.provenance, []]);
	const dsseEnvelope = published?.bundle.dsseEnvelope ?? { payload: '', signatures: [] };
	const payload = Buffer.from(dsseEnvelope.payload, 'base64');
	const publicKey = createPublicKey({
		key: Buffer.from(key.entry.key ?? '', 'base64'),
		format: 'der',
		type: 'spki',
	});
	const sig = Buffer.from(dsseEnvelope.signatures[0]?.sig ?? '', 'base64');
	expect(verify('sha256', toPae(STATEMENT_PAYLOAD_TYPE, payload), publicKey, sig)).toBe(true);
	expect(JSON.parse(payload.toString())).toMatchObject({
		subject: [SUBJECT],
		predicate: { name: '@acme/greet', version: '1.0.0', registry: 'http://127.0.0.1:1' },
	});
	expect(toAttestations({ ...toCandidate({}), bundle: undefined }, registry)).toEqual([]);
});
