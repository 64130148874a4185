import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseOsvRecord, toPackageEntries } from './osv-record.ts';
import { HAND_MADE_RECORDS } from './verdicts.fixture.ts';
import { writeOsvIndex } from './write-index.ts';
import { toZip, type ZipMember } from './zip.fixture.ts';

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'osv-dump-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const toMember = (record: object): ZipMember => ({
	name: `${(record as { id: string }).id}.json`,
	bytes: Buffer.from(JSON.stringify(record)),
});
const MEMBERS = HAND_MADE_RECORDS.map(toMember);

const write = (name: string, bytes: Uint8Array): string => {
	writeFileSync(join(folder, name), bytes);
	return join(folder, name);
};

test('a zip and a folder of records and zips hold the same', async () => {
	const half = MEMBERS.length >> 1;
	mkdirSync(join(folder, 'dumps', 'npm'), { recursive: true });
	for (const { name, bytes } of MEMBERS.slice(0, half))
		writeFileSync(join(folder, 'dumps', 'npm', name), bytes);
	writeFileSync(join(folder, 'dumps', 'rest.zip'), toZip(MEMBERS.slice(half)));
	writeFileSync(join(folder, 'dumps', 'README.txt'), 'not a record');
	const fromFolder = await writeOsvIndex(join(folder, 'dumps'), join(folder, 'a'));
	const fromZip = await writeOsvIndex(write('all.zip', toZip(MEMBERS)), join(folder, 'b'));
	expect(fromFolder.header.table).toEqual(fromZip.header.table);
	expect(fromFolder.header.records).toEqual(fromZip.header.records);
	expect(fromZip.header.dump).toEqual([
		{ name: 'all.zip', digest: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } },
	]);
});

test.each([
	['no such file', () => join(folder, 'none.zip'), 'GATE_DUMP_INVALID'],
	['an empty folder', () => folder, 'GATE_DUMP_INVALID'],
	['no zip', () => write('all.zip', Buffer.from('no zip at all')), 'ARCHIVE_CORRUPT'],
	['a cut zip', () => write('all.zip', toZip(MEMBERS).subarray(0, 900)), 'ARCHIVE_CORRUPT'],
	[
		'other files than records',
		() => write('all.zip', toZip([{ name: 'a.json', bytes: Buffer.from('{}') }])),
		'GATE_DUMP_INVALID',
	],
	[
		'too many that are no records',
		() => write('all.zip', toZip([...MEMBERS, { name: 'x.json', bytes: Buffer.from('{"id":1}') }])),
		'GATE_DUMP_INVALID',
	],
	[
		'a path that climbs',
		() => write('all.zip', toZip([...MEMBERS, { name: '../x.json', bytes: Buffer.from('{}') }])),
		'ARCHIVE_PATH_UNSAFE',
	],
	[
		'two records of one name',
		() => write('all.zip', toZip([...MEMBERS, ...MEMBERS.slice(0, 1)])),
		'ARCHIVE_DUPLICATE',
	],
])('%s: refused, and no index is left', async (_, place, code) => {
	const out = join(folder, 'out', 'index');
	await expect(writeOsvIndex(place(), out)).rejects.toMatchObject({ name: 'SlipwayError', code });
	expect(readdirSync(folder)).not.toContain('out');
});

test.each([
	['no JSON', '{'],
	['no object', '[]'],
	['an id that is no id', '{"id":"<b>","modified":"2026-01-01T00:00:00Z"}'],
	['a time that is none', '{"id":"GHSA-1","modified":"yesterday"}'],
	['a duplicate key', '{"id":"GHSA-1","id":"GHSA-2","modified":"2026-01-01T00:00:00Z"}'],
	['a prototype', '{"id":"GHSA-1","modified":"2026-01-01T00:00:00Z","__proto__":{}}'],
	['depth', `{"id":"GHSA-1","modified":"2026-01-01T00:00:00Z","x":${'['.repeat(1e5)}${']'.repeat(1e5)}}`],
	[
		'a version of 300 characters',
		`{"id":"GHSA-1","modified":"2026-01-01T00:00:00Z","affected":[{"versions":["${'1'.repeat(300)}"]}]}`,
	],
])('%s is no record', (_, text) => {
	expect(parseOsvRecord(Buffer.from(text))).toBeUndefined();
});

test('a bare id and time is a record that concerns nobody', () => {
	const record = parseOsvRecord(Buffer.from('{"id":"GHSA-1","modified":"2026-01-01T00:00:00Z"}'));
	expect(record && toPackageEntries(record)).toEqual([]);
});

test('whatever becomes of a record, it is read or refused, never thrown (fuzz)', () => {
	const seeds = MEMBERS.map(({ bytes }) => Buffer.from(bytes).toString());
	const mutation = fc.record({
		text: fc.constantFrom(...seeds),
		at: fc.nat({ max: 800 }),
		length: fc.nat({ max: 40 }),
		insert: fc.oneof(
			fc.string({ maxLength: 20 }),
			fc.constantFrom('"', '{', ']', 'null', '-1', '1e999', '\\u0000', '"__proto__":'),
		),
	});
	fc.assert(
		fc.property(mutation, ({ text, at, length, insert }) => {
			const record = parseOsvRecord(Buffer.from(text.slice(0, at) + insert + text.slice(at + length)));
			for (const { ecosystem, name, entry } of record ? toPackageEntries(record) : []) {
				expect(typeof ecosystem).toBe('string');
				expect(name.length).toBeGreaterThan(0);
				expect(entry.id).toBe(record?.id);
			}
		}),
		{ numRuns: 1500 },
	);
});
