import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import Ajv from 'ajv/dist/2020.js';
import fc from 'fast-check';
import type { Component } from '../advisories/component.ts';
import { findVexOpinion } from './apply-vex.ts';
import { toOpenVexText } from './open-vex.ts';
import { parseVex } from './read-vex.ts';
import { toCycloneDxBytes, toOpenVexBytes } from './vex.fixture.ts';

const NOW = Date.parse('2026-11-21T00:00:00Z');
const GREET = { name: 'greet-1.1.0.tgz', purl: 'pkg:npm/greet@1.1.0', sha256: 'a'.repeat(64) };
const TALLY = { name: 'tally-1.1.0.tgz', purl: 'pkg:npm/tally@1.1.0', sha256: 'b'.repeat(64) };

const toComponent = (purl = 'pkg:npm/plain@1.0.0', artifacts = [GREET.name]): Component => ({
	purl,
	label: 'plain 1.0.0',
	licences: [],
	isDevelopment: false,
	isOwn: false,
	artifacts,
	sbom: 'sbom/x',
});

const ADVISORY = {
	id: 'GHSA-plain-0000-0001',
	aliases: ['CVE-2026-0001'],
	summary: '',
	rating: 'high',
	isMalware: false,
	fixed: [],
} as const;

const ask = (documents: readonly Uint8Array[], component = toComponent(), now = NOW) =>
	findVexOpinion(
		{ advisory: ADVISORY, component },
		documents.flatMap((bytes) => parseVex(bytes, 'vex.json')),
		{ products: [GREET, TALLY], now },
	);

const FORMATS = [
	['OpenVEX', toOpenVexBytes()],
	['CycloneDX', toCycloneDxBytes()],
] as const;

test.each(FORMATS)('%s: a whole statement counts, and says on whose word', (_, bytes) => {
	const { harmless, ignored } = ask([bytes]);
	expect(harmless).toMatchObject({ status: 'not_affected', author: 'Ada Lovelace', expires: '2027-01-31' });
	expect(ignored).toEqual([]);
});

test.each(FORMATS)('%s: it counts to the end of its last day', (_, bytes) => {
	expect(ask([bytes], toComponent(), Date.parse('2027-01-31T23:59:59Z')).harmless).toBeDefined();
	expect(ask([bytes], toComponent(), Date.parse('2027-02-01T00:00:00Z'))).toMatchObject({
		harmless: undefined,
		ignored: [{ problem: 'expired on 2027-01-31' }],
	});
});

test.each([
	['no author', toOpenVexBytes({}, { author: undefined }), 'names no author'],
	['no time', toOpenVexBytes({}, { timestamp: undefined }), 'has no time'],
	['a time that is none', toOpenVexBytes({ timestamp: 'yesterday' }), 'has no time'],
	['a time to come', toOpenVexBytes({ timestamp: '2026-12-24T00:00:00Z' }), 'was made in the future'],
	[
		'no justification',
		toOpenVexBytes({ justification: undefined, impact_statement: 'trust me' }),
		'has no justification',
	],
	['no expiry', toOpenVexBytes({ status_notes: undefined }), 'has no expiry'],
	['an expiry that is no day', toOpenVexBytes({ status_notes: 'expires: 2027-02-30' }), 'has no expiry'],
	['expired', toOpenVexBytes({ status_notes: 'expires: 2026-11-20' }), 'expired on 2026-11-20'],
	[
		'fixed without saying how',
		toOpenVexBytes({ status: 'fixed', justification: undefined }),
		'has no justification',
	],
	[
		'CycloneDX, no author',
		toCycloneDxBytes({}, { metadata: { timestamp: '2026-11-01T00:00:00Z' } }),
		'names no author',
	],
	[
		'CycloneDX, no justification',
		toCycloneDxBytes({ analysis: { state: 'not_affected', detail: 'trust me' } }),
		'has no justification',
	],
	['CycloneDX, no expiry', toCycloneDxBytes({ properties: [] }), 'has no expiry'],
])('%s: it does not count, and says why', (_, bytes, problem) => {
	const { harmless, ignored } = ask([bytes]);
	expect(harmless).toBeUndefined();
	expect(ignored.map((each) => each.problem)).toEqual([problem]);
});

const inProduct = (id: string, ...subcomponents: readonly string[]) => ({
	products: [{ '@id': id, subcomponents: subcomponents.map((each) => ({ '@id': each })) }],
});

test.each([
	['the artifact, any version', toOpenVexBytes(inProduct('pkg:npm/greet', 'pkg:npm/plain@1.0.0')), true],
	['the artifact as a whole', toOpenVexBytes(inProduct('pkg:npm/greet@1.1.0')), true],
	['the artifact by its digest', toOpenVexBytes(inProduct(`sha256:${'a'.repeat(64)}`)), true],
	[
		'the artifact by hashes',
		toOpenVexBytes({ products: [{ '@id': 'urn:x', hashes: { 'sha-256': 'a'.repeat(64) } }] }),
		true,
	],
	['the component itself', toOpenVexBytes(inProduct('pkg:npm/plain@1.0.0')), true],
	['every version of the component', toOpenVexBytes(inProduct('pkg:npm/greet@1.1.0', 'pkg:npm/plain')), true],
	[
		'another version of the artifact',
		toOpenVexBytes(inProduct('pkg:npm/greet@1.0.0', 'pkg:npm/plain@1.0.0')),
		false,
	],
	['another artifact', toOpenVexBytes(inProduct('pkg:npm/other', 'pkg:npm/plain@1.0.0')), false],
	['another component', toOpenVexBytes(inProduct('pkg:npm/greet', 'pkg:npm/plainer')), false],
	[
		'another version of the component',
		toOpenVexBytes(inProduct('pkg:npm/greet', 'pkg:npm/plain@1.0.1')),
		false,
	],
	['another digest', toOpenVexBytes(inProduct(`sha256:${'c'.repeat(64)}`)), false],
	['nothing at all', toOpenVexBytes({ products: [] }), false],
	['another vulnerability', toOpenVexBytes({ vulnerability: { name: 'CVE-2026-9999' } }), false],
	[
		'the vulnerability by an alias',
		toOpenVexBytes({ vulnerability: { name: 'X', aliases: ['GHSA-plain-0000-0001'] } }),
		true,
	],
	['what is still looked into', toOpenVexBytes({ status: 'under_investigation' }), false],
	[
		'what was fixed, and how',
		toOpenVexBytes({ status: 'fixed', justification: undefined, impact_statement: 'patched in the build' }),
		true,
	],
	['CycloneDX: a purl as reference', toCycloneDxBytes({ affects: [{ ref: 'pkg:npm/plain@1.0.0' }] }), true],
	[
		'CycloneDX: a BOM-Link',
		toCycloneDxBytes({ affects: [{ ref: 'urn:cdx:1-2-3/1#pkg%3Anpm%2Fplain%401.0.0' }] }),
		true,
	],
	['CycloneDX: an unknown reference', toCycloneDxBytes({ affects: [{ ref: 'c9' }] }), false],
	['CycloneDX: exploitable', toCycloneDxBytes({ analysis: { state: 'exploitable' } }), false],
	[
		'CycloneDX: resolved, and how',
		toCycloneDxBytes({ analysis: { state: 'resolved', detail: 'patched' } }),
		true,
	],
])('it speaks of %s', (_, bytes, isHarmless) => {
	expect(ask([bytes]).harmless !== undefined).toBe(isHarmless);
});

test('a component in two artifacts is harmless only if it is in both', () => {
	const both = toComponent(undefined, [GREET.name, TALLY.name]);
	const tally = toOpenVexBytes(inProduct('pkg:npm/tally@1.1.0', 'pkg:npm/plain@1.0.0'));
	expect(ask([toOpenVexBytes()], both).harmless).toBeUndefined();
	expect(ask([toOpenVexBytes(), tally], both).harmless).toBeDefined();
});

test('the newest statement decides, whatever the order; one that says affected needs no form', () => {
	const affected = toOpenVexBytes({
		status: 'affected',
		timestamp: '2026-11-15T00:00:00Z',
		justification: undefined,
		status_notes: undefined,
	});
	const later = toOpenVexBytes({ timestamp: '2026-11-20T00:00:00Z' });
	expect(ask([affected, toOpenVexBytes()]).harmless).toBeUndefined();
	expect(ask([toOpenVexBytes(), affected]).harmless).toBeUndefined();
	expect(ask([later, affected]).harmless).toBeDefined();
	expect(
		ask([later, toOpenVexBytes({ status: 'affected' }, { timestamp: undefined })]).harmless,
	).toBeUndefined();
});

test.each([
	['no JSON', '{', 'JSON_INVALID'],
	[
		'another version',
		'{"@context":"https://openvex.dev/ns/v0.3.0","@id":"x","statements":[{}]}',
		'GATE_VEX_INVALID',
	],
	[
		'no statements',
		'{"@context":"https://openvex.dev/ns/v0.2.0","@id":"x","statements":[]}',
		'GATE_VEX_INVALID',
	],
	[
		'a status that is none',
		Buffer.from(toOpenVexBytes({ status: 'harmless' })).toString(),
		'GATE_VEX_INVALID',
	],
	[
		'a justification of one’s own',
		Buffer.from(toOpenVexBytes({ justification: 'because' })).toString(),
		'GATE_VEX_INVALID',
	],
	['CycloneDX without vulnerabilities', '{"bomFormat":"CycloneDX"}', 'GATE_VEX_INVALID'],
	['a prototype', '{"__proto__":{}}', 'JSON_UNSAFE'],
	['null', 'null', 'GATE_VEX_INVALID'],
	['a list', '[]', 'GATE_VEX_INVALID'],
])('%s: refused', (_, text, code) => {
	expect(() => parseVex(Buffer.from(text), 'vex.json')).toThrow(
		expect.objectContaining({ name: 'SlipwayError', code }),
	);
});

const DRAFT = {
	id: 'https://example.org/vex/1',
	author: 'Ada',
	timestamp: '2026-11-01T00:00:00Z',
	statements: [
		{
			vulnerability: 'CVE-2026-0001',
			aliases: ['GHSA-plain-0000-0001'],
			products: ['pkg:npm/greet@1.1.0'],
			components: ['pkg:npm/plain@1.0.0'],
			status: 'not_affected',
			justification: 'component_not_present',
			expires: '2027-01-31',
		},
		{
			vulnerability: 'CVE-2026-0002',
			products: ['pkg:npm/greet'],
			status: 'affected',
			action: 'Update.',
			expires: '2027-01-31',
		},
	],
} as const;

test('what is written is read back, and counts', () => {
	const bytes = Buffer.from(toOpenVexText(DRAFT));
	expect(ask([bytes]).harmless).toMatchObject({ author: 'Ada', justification: 'component_not_present' });
	expect(parseVex(bytes, 'x')).toHaveLength(2);
});

// The schema is its project's, not ours: it is read where it lies.
const SCHEMA =
	process.env.SLIPWAY_OPENVEX_SCHEMA ??
	resolve(import.meta.dirname, '../../../../../shared/third-party/openvex/openvex_json_schema.json');
const testWithSchema = existsSync(SCHEMA) ? test : test.skip;
if (!existsSync(SCHEMA)) process.stderr.write(`\nSKIPPED: the schema of OpenVEX is not at ${join(SCHEMA)}\n`);

testWithSchema('what is written is what the schema of OpenVEX allows', () => {
	const ajv = new Ajv.default({ strict: false, validateFormats: false });
	const validate = ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object);
	validate(JSON.parse(toOpenVexText(DRAFT)));
	expect(validate.errors).toBeNull();
});

test('whatever becomes of a document, it is read or refused (fuzz)', () => {
	const seeds = FORMATS.map(([, bytes]) => Buffer.from(bytes).toString());
	const piece = fc.oneof(
		fc.string({ maxLength: 12 }),
		fc.constantFrom('"', '{', ']', 'null', '\\u202e', '"@id":"x",', 'expires: 9999-99-99'),
	);
	fc.assert(
		fc.property(
			fc.constantFrom(...seeds),
			fc.nat({ max: 900 }),
			fc.nat({ max: 40 }),
			piece,
			(text, at, length, insert) => {
				try {
					const statements = parseVex(
						Buffer.from(text.slice(0, at) + insert + text.slice(at + length)),
						'vex.json',
					);
					for (const component of [toComponent(), toComponent('pkg:npm/%zz')])
						findVexOpinion({ advisory: ADVISORY, component }, statements, { products: [GREET], now: NOW });
				} catch (thrown) {
					expect(thrown).toMatchObject({ name: 'SlipwayError' });
				}
			},
		),
		{ numRuns: 1500 },
	);
});

test('an expiry is found soon in a long text (H9)', () => {
	const started = process.threadCpuUsage();
	for (const notes of ['expires: '.repeat(900), 'expires: 2027-01-3'.repeat(450), ' '.repeat(8000)])
		parseVex(toOpenVexBytes({ status_notes: notes }), 'vex.json');
	expect(process.threadCpuUsage(started).user / 1000).toBeLessThan(200);
});
