import { SlipwayError } from '@slipway/core';
import { BUNDLE_MEDIA_TYPE, PREDICATE_TYPES, toStatement } from '@slipway/core/attestation';
import fc from 'fast-check';
import { toBundle, toBundleText, toProvenanceStatement } from './bundle.fixture.ts';
import { parseOwnProvenance } from './own-provenance.ts';
import { parseAttestations } from './read-attestations.ts';

const ARTIFACT = {
	name: 'greet-1.0.0.tgz',
	path: 'artifacts/greet-1.0.0.tgz',
	mediaType: 'application/vnd.npm.package+gzip',
	size: 1,
	digest: { sha256: 'a'.repeat(64), sha512: 'b'.repeat(128) },
	purl: 'pkg:npm/%40acme/greet@1.0.0',
};
const STATEMENT = toProvenanceStatement(ARTIFACT, 'https://github.com/acme/greet');
const SUBJECT = STATEMENT.subject[0] ?? { digest: {} };

const refusal = (task: () => unknown): string => {
	try {
		task();
	} catch (error) {
		if (error instanceof SlipwayError) return error.code;
		throw error;
	}
	return 'accepted';
};

describe('our own provenance', () => {
	test.each<readonly [string, object, object, string]>([
		['as npm takes it', {}, {}, 'accepted'],
		['two subjects', { subject: [SUBJECT, SUBJECT] }, {}, 'NPM_PROVENANCE_INVALID'],
		[
			'another name',
			{ subject: [{ ...SUBJECT, name: 'pkg:npm/greet@1.0.0' }] },
			{},
			'NPM_PROVENANCE_INVALID',
		],
		[
			'other bytes',
			{ subject: [{ ...SUBJECT, digest: { sha512: 'c'.repeat(128) } }] },
			{},
			'NPM_PROVENANCE_INVALID',
		],
		[
			'sha256 alone',
			{ subject: [{ ...SUBJECT, digest: { sha256: 'a'.repeat(64) } }] },
			{},
			'NPM_PROVENANCE_INVALID',
		],
		['another predicate', { predicateType: PREDICATE_TYPES.vsa }, {}, 'NPM_PROVENANCE_INVALID'],
		['in-toto 0.1', { _type: 'https://in-toto.io/Statement/v0.1' }, {}, 'STATEMENT_VERSION_UNKNOWN'],
		['an older bundle', {}, { mediaType: BUNDLE_MEDIA_TYPE.replace('0.3', '0.2') }, 'NPM_PROVENANCE_INVALID'],
		['no verification material', {}, { verificationMaterial: undefined }, 'NPM_PROVENANCE_INVALID'],
		['no envelope', {}, { dsseEnvelope: undefined }, 'NPM_PROVENANCE_INVALID'],
	])('%s', (_, statement, bundle, expected) => {
		const text = toBundleText({ ...STATEMENT, ...statement }, bundle);
		expect(refusal(() => parseOwnProvenance(text, ARTIFACT))).toBe(expected);
	});

	test('text that is no JSON', () =>
		expect(refusal(() => parseOwnProvenance('{', ARTIFACT))).toBe('JSON_INVALID'));
});

describe("a registry's attestations", () => {
	const reply = (...items: readonly object[]) => Buffer.from(JSON.stringify({ attestations: items }));
	const PUBLISH = 'https://github.com/npm/attestation/tree/main/specs/publish/v0.1';

	test('its own are told from the others', () => {
		const published = { ...toStatement(PUBLISH, [SUBJECT], {}), _type: 'https://in-toto.io/Statement/v0.1' };
		const { publish, others } = parseAttestations(
			reply(
				{ predicateType: PUBLISH, bundle: toBundle(published) },
				{ predicateType: PREDICATE_TYPES.provenance, bundle: toBundle(STATEMENT) },
			),
			'them',
		);
		expect([publish.length, others.length]).toEqual([1, 1]);
	});

	test('provenance that is listed as the registry’s own is refused', () => {
		const body = reply({ predicateType: PUBLISH, bundle: toBundle(STATEMENT) });
		expect(refusal(() => parseAttestations(body, 'them'))).toBe('NPM_PROVENANCE_INVALID');
	});

	test('more than anybody needs are refused', () => {
		const item = { predicateType: PREDICATE_TYPES.provenance, bundle: toBundle(STATEMENT) };
		const body = reply(...Array.from({ length: 65 }, () => item));
		expect(refusal(() => parseAttestations(body, 'them'))).toBe('NPM_PROVENANCE_INVALID');
	});

	test('fuzz: a mutated reply is read or refused with a code, within a second', () => {
		const seed = reply({ predicateType: PREDICATE_TYPES.provenance, bundle: toBundle(STATEMENT) });
		const edits = fc.array(
			fc.record({ at: fc.nat(seed.length - 1), with: fc.uint8Array({ maxLength: 6 }), skip: fc.nat(8) }),
			{ minLength: 1, maxLength: 4 },
		);
		fc.assert(
			fc.property(edits, (list) => {
				const body = list.reduce(
					(bytes, edit) =>
						Buffer.concat([bytes.subarray(0, edit.at), edit.with, bytes.subarray(edit.at + edit.skip)]),
					seed,
				);
				expect(refusal(() => parseAttestations(body, 'them'))).toMatch(/^(accepted|NPM_|JSON_)/);
			}),
			{ numRuns: 1500, interruptAfterTimeLimit: 5000 },
		);
	});

	test.each([
		['deep', `{"attestations":${'['.repeat(100_000)}`],
		['a prototype', '{"attestations":[],"__proto__":{}}'],
	])('%s is refused at once', (_, text) => {
		const start = process.threadCpuUsage();
		expect(refusal(() => parseAttestations(Buffer.from(text), 'them'))).toMatch(/^JSON_/);
		expect(process.threadCpuUsage(start).user / 1000).toBeLessThan(500);
	});
});
