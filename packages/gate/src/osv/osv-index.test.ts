import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testContext, VirtualClock } from '@slipway/testing';
import type { Component } from '../advisories/component.ts';
import { indexSource } from '../advisories/index-source.ts';
import { makeDumpFiles } from './dump.fixture.ts';
import { openOsvIndex } from './read-index.ts';
import { VERDICTS } from './verdicts.fixture.ts';
import { writeOsvIndex } from './write-index.ts';
import { toZip } from './zip.fixture.ts';

const RECORDS = 6000;
/** One hour after the newest record. */
const NOW = Date.parse('2026-11-20T07:00:00Z');

let folder: string;
let dump: string;
let index: string;
let snapshot: string;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'osv-index-'));
	dump = join(folder, 'all.zip');
	index = join(folder, 'osv.index');
	writeFileSync(dump, toZip(makeDumpFiles({ records: RECORDS })));
	({ snapshot } = await writeOsvIndex(dump, index));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const toComponent = (purl: string): Component => ({
	purl,
	label: purl,
	licences: [],
	isDevelopment: false,
	isOwn: false,
	artifacts: ['greet-1.0.0.tgz'],
	sbom: 'sbom/greet-1.0.0.tgz.cdx.json',
});

const look = (purls: readonly string[], { file = index, now = NOW, maxAgeHours = 48 } = {}) =>
	indexSource({ file, name: 'osv.index', maxAgeHours }).lookUp(purls.map(toComponent), {
		...testContext(folder, new VirtualClock(now)),
	});

test.each(VERDICTS)('%s', async (purl, expected) => {
	const { matches } = await look([purl]);
	const found = matches.map(({ advisory }) => [
		advisory.id,
		advisory.isMalware ? 'malware' : advisory.rating,
	]);
	expect(Object.fromEntries(found)).toEqual(expected);
});

test('all of them at once, with the snapshot as evidence and the age of the newest record', async () => {
	const { matches, evidence, dataAge, problems } = await look(VERDICTS.map(([purl]) => purl));
	expect(matches).toHaveLength(VERDICTS.flatMap(([, found]) => Object.keys(found)).length);
	expect(evidence).toEqual([{ name: 'osv:osv.index', digest: { sha256: snapshot } }]);
	expect(dataAge).toBe(3600);
	expect(problems.map(({ id, severity }) => [id, severity])).toEqual([['not-looked-up', 'note']]);
	expect(problems[0]?.message).toMatch(/^1 component was .*pkg:deb\/glibc/);
});

test('the same dump gives the same bytes, as zip and as folder of records in another order', async () => {
	const again = join(folder, 'again.index');
	await writeOsvIndex(dump, again);
	expect(readFileSync(again).equals(readFileSync(index))).toBe(true);
});

test('what was withdrawn is left out and counted', async () => {
	const { header, close } = openOsvIndex(index);
	close();
	expect(header.records.read).toBe(RECORDS);
	expect(header.records.withdrawn).toBeGreaterThan(RECORDS / 100);
	expect(header.records.unreadable).toBe(0);
	expect(Object.keys(header.ecosystems).sort()).toEqual(['Debian', 'PyPI', 'npm']);
});

test.each([
	['older than the policy allows', NOW + 49 * 3_600_000, 'database-too-old'],
	['from the future', NOW - 3 * 3_600_000, 'database-from-the-future'],
])('data %s is an error', async (_, now, id) => {
	const { problems } = await look(['pkg:npm/plain@1.0.0'], { now });
	expect(problems).toEqual([expect.objectContaining({ id, severity: 'error' })]);
});

test('an ecosystem that the index does not hold is told; npm missing is an error', async () => {
	const records = join(folder, 'debian');
	mkdirSync(records, { recursive: true });
	const record = {
		id: 'D-1',
		modified: '2026-11-20T06:00:00Z',
		affected: [{ package: { ecosystem: 'Debian:12', name: 'x' } }],
	};
	writeFileSync(join(records, 'D-1.json'), JSON.stringify(record));
	const file = join(folder, 'debian.index');
	await writeOsvIndex(records, file);
	const { problems } = await look(
		['pkg:npm/plain@1.0.0', 'pkg:cargo/serde@1.0.0', 'pkg:deb/debian/x@1?distro=debian-12'],
		{ file },
	);
	expect(problems.map(({ id, severity }) => [id, severity])).toEqual([
		['not-covered:npm', 'error'],
		['not-covered:crates.io', 'warning'],
	]);
});

test('no index at all is an error, not a pass', async () => {
	const { matches, problems, dataAge } = await look(['pkg:npm/plain@1.0.0'], { file: join(folder, 'none') });
	expect({ matches, dataAge }).toEqual({ matches: [], dataAge: null });
	expect(problems).toEqual([expect.objectContaining({ id: 'database-unreadable', severity: 'error' })]);
});

const spoil = (name: string, change: (bytes: Buffer) => Uint8Array): string => {
	const file = join(folder, `${name}.index`);
	writeFileSync(file, change(Buffer.from(readFileSync(index))));
	return file;
};

const flip = (bytes: Buffer, at: number): Buffer => {
	bytes[at] = (bytes[at] ?? 0) ^ 1;
	return bytes;
};

const findBlock = (bytes: Buffer): number => bytes.indexOf('["npm","plain",');

test.each([
	['a table with a flipped bit', (bytes: Buffer) => flip(bytes, bytes.indexOf(0x0a) + 100)],
	['a block with a flipped bit', (bytes: Buffer) => flip(bytes, findBlock(bytes) + 40)],
	['a cut table', (bytes: Buffer) => bytes.subarray(0, bytes.indexOf(0x0a) + 64)],
	['cut blocks', (bytes: Buffer) => bytes.subarray(0, findBlock(bytes) + 10)],
	['no header', () => Buffer.alloc(2_000_000, 0x20)],
	['nothing', () => Buffer.alloc(0)],
	[
		'another version',
		(bytes: Buffer) => Buffer.from(bytes.toString('latin1').replace('index.v1+', 'index.v2+'), 'latin1'),
	],
	['a header that is no object', () => Buffer.from('[]\n')],
	['a hostile header', () => Buffer.from('{"__proto__":{},"table":{"buckets":1e300}}\n')],
	[
		'a table that is larger than the file',
		(bytes: Buffer) =>
			Buffer.from(bytes.toString('latin1').replace(/"buckets":\d+/, '"buckets":9007199254740991'), 'latin1'),
	],
])('%s is no index', async (name, change) => {
	const { problems } = await look(['pkg:npm/plain@1.0.0'], { file: spoil(name, change) });
	expect(problems).toEqual([expect.objectContaining({ id: 'database-unreadable', severity: 'error' })]);
});
