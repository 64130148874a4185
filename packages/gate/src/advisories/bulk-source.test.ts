import type { IncomingMessage, ServerResponse } from 'node:http';
import { type LoopbackServer, serveLoopback } from '@slipway/http';
import { testContext } from '@slipway/testing';
import fc from 'fast-check';
import { parseBulkReply } from './bulk-reply.ts';
import { bulkSource } from './bulk-source.ts';
import type { Component } from './component.ts';

interface Seen {
	readonly path: string | undefined;
	readonly authorization: string | undefined;
	readonly body: unknown;
}
type Answer = (response: ServerResponse, request: IncomingMessage) => void;

let server: LoopbackServer;
let seen: Seen[];
let answer: Answer;

const reply =
	(value: unknown, status = 200): Answer =>
	(response) =>
		response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));

beforeEach(async () => {
	seen = [];
	answer = reply({});
	server = await serveLoopback(async (request, response) => {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		const { url: path, headers } = request;
		seen.push({
			path,
			authorization: headers.authorization,
			body: JSON.parse(Buffer.concat(chunks).toString()),
		});
		answer(response, request);
	});
});
afterEach(() => server.close());

const toComponent = (purl: string): Component => ({
	purl,
	label: purl,
	licences: [],
	isDevelopment: false,
	isOwn: false,
	artifacts: ['a'],
	sbom: 'sbom/a.cdx.json',
});

const look = (purls: readonly string[], options: object = {}) =>
	bulkSource({ registry: `${server.origin}/npm/`, ...options }).lookUp(
		purls.map(toComponent),
		testContext('/tmp'),
	);

/** As the public registry answers, but for names and numbers. */
const ADVISORY = {
	id: 1106913,
	url: 'https://github.com/advisories/GHSA-35jh-r3h4-6jhm',
	title: 'Command injection',
	severity: 'high',
	vulnerable_versions: '<4.17.21',
	cwe: ['CWE-77', 'CWE-94'],
	cvss: { score: 7.2, vectorString: 'CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H' },
};

test('asks for every npm component once, under the path of the registry, and tells versions apart', async () => {
	answer = reply({ lodash: [ADVISORY], other: [ADVISORY] });
	const { matches, evidence, dataAge, problems } = await look(
		['pkg:npm/lodash@4.17.20', 'pkg:npm/lodash@4.17.21', 'pkg:npm/%40acme/greet@1.0.0', 'pkg:deb/debian/x@1'],
		{ authorization: 'Bearer secret' },
	);
	expect(seen).toEqual([
		{
			path: '/npm/-/npm/v1/security/advisories/bulk',
			authorization: 'Bearer secret',
			body: { '@acme/greet': ['1.0.0'], lodash: ['4.17.20', '4.17.21'] },
		},
	]);
	expect(matches.map(({ advisory, component }) => [advisory.id, advisory.rating, component.purl])).toEqual([
		['GHSA-35jh-r3h4-6jhm', 'high', 'pkg:npm/lodash@4.17.20'],
	]);
	expect(evidence).toEqual([
		{ name: expect.stringMatching(/^advisories:127\.0\.0\.1:/), digest: { sha256: expect.any(String) } },
	]);
	expect({ dataAge, problems }).toEqual({ dataAge: 0, problems: [] });
});

test('2,500 packages are three requests', async () => {
	await look(Array.from({ length: 2500 }, (_, index) => `pkg:npm/p${index}@1.0.0`));
	expect(seen.map(({ body }) => Object.keys(body as object).length)).toEqual([1000, 1000, 500]);
});

test('nothing of npm: nobody is asked', async () => {
	expect(await look(['pkg:deb/debian/x@1'])).toMatchObject({ matches: [], dataAge: null, problems: [] });
	expect(seen).toEqual([]);
});

test.each([
	['malware by its weakness', { cwe: ['CWE-506'] }, { isMalware: true }],
	['an address that is none of GitHub', { url: 'javascript:alert(1)' }, { id: 'npm-1106913' }],
	['no address', { url: undefined }, { id: 'npm-1106913' }],
	['a rating that is no word', { severity: 'hot' }, { rating: 'unknown' }],
	[
		'a range that cannot be read counts',
		{ vulnerable_versions: 'all of them' },
		{ id: 'GHSA-35jh-r3h4-6jhm' },
	],
	[
		'a pre-release within the range',
		{ vulnerable_versions: '>=4.17.20-0 <5' },
		{ id: 'GHSA-35jh-r3h4-6jhm' },
	],
])('%s', async (_, fields, expected) => {
	answer = reply({ lodash: [{ ...ADVISORY, ...fields }] });
	const { matches } = await look(['pkg:npm/lodash@4.17.20-rc.1']);
	expect(matches.map(({ advisory }) => advisory)).toEqual([expect.objectContaining(expected)]);
});

const HOSTILE: readonly (readonly [string, Answer])[] = [
	['an error', reply({ error: 'no' }, 500)],
	['not found', reply({}, 404)],
	['a redirect elsewhere', (response) => response.writeHead(307, { location: 'http://127.0.0.2:9/' }).end()],
	['no JSON', (response) => response.end('<html>')],
	['a list', reply([])],
	['advisories that are none', reply({ lodash: [{ id: {} }] })],
	['a duplicate key', (response) => response.end('{"lodash":[],"lodash":[]}')],
	['a prototype', (response) => response.end('{"__proto__":[]}')],
	[
		'a range of 5,000 characters',
		reply({ lodash: [{ ...ADVISORY, vulnerable_versions: '<1 '.repeat(2000) }] }),
	],
	['40 MB', (response) => response.end(Buffer.alloc(40_000_000, 0x20))],
	[
		'a reply that breaks off',
		(response) => response.writeHead(200, { 'content-length': '100' }).write('{', () => response.destroy()),
	],
	['no reply', () => {}],
];

test.each(HOSTILE)('%s: the answer is incomplete, which is an error', async (_, hostile) => {
	answer = hostile;
	const { matches, problems } = await look(['pkg:npm/lodash@4.17.20'], {
		timeoutMs: 500,
		authorization: 'Bearer secret',
	});
	expect(matches).toEqual([]);
	expect(problems).toEqual([expect.objectContaining({ id: 'registry-unreachable', severity: 'error' })]);
	expect(JSON.stringify(problems)).not.toContain('secret');
});

test('nobody listens', async () => {
	await server.close();
	expect((await look(['pkg:npm/lodash@4.17.20'])).problems).toHaveLength(1);
});

test('whatever a registry answers, it is read or refused, soon (fuzz)', () => {
	const asked = [{ name: 'lodash', version: '4.17.20', component: toComponent('pkg:npm/lodash@4.17.20') }];
	const text = JSON.stringify({ lodash: [ADVISORY] });
	const range = fc
		.array(fc.constantFrom('<', '>=', '1', '.', 'x', '*', ' ', '||', '-', '^', '~', '+', '9'.repeat(20)), {
			maxLength: 60,
		})
		.map((parts) => parts.join(''));
	fc.assert(
		fc.property(range, fc.nat({ max: text.length }), fc.string({ maxLength: 8 }), (versions, at, insert) => {
			const whole = JSON.stringify({ lodash: [{ ...ADVISORY, vulnerable_versions: versions }] });
			expect(parseBulkReply(Buffer.from(whole), asked).length).toBeLessThan(2);
			try {
				parseBulkReply(Buffer.from(text.slice(0, at) + insert + text.slice(at)), asked);
			} catch (thrown) {
				expect(thrown).toMatchObject({ name: 'SlipwayError' });
			}
		}),
		{ numRuns: 800 },
	);
});
