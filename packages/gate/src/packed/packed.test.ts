import { gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { toAr } from '@slipway/archive';
import { SlipwayError } from '@slipway/core';
import fc from 'fast-check';
import { type Made, makeDeb, makeNpm } from '../bytes/release.fixture.ts';
import { parseControl } from './control.ts';
import { CONTROL_CORPUS, PACKAGE_JSON_CORPUS } from './corpus.fixture.ts';
import { readPackageJson } from './package-json.ts';
import { readPacked } from './packed.ts';

const NPM = makeNpm({ 'index.js': 'x', 'lib/a.js': { link: '../index.js' } });
const DEB = makeDeb({ files: { 'usr/bin/greet': '#!/bin/sh' }, scripts: { postinst: '#!/bin/sh' } });

/** The code of a refusal, or 'read'; anything else that is thrown fails the test. */
const refusal = async (task: () => unknown): Promise<string> => {
	try {
		await task();
		return 'read';
	} catch (error) {
		if (error instanceof SlipwayError) return error.code;
		throw error;
	}
};

const EDITS = fc.array(
	fc.record({
		at: fc.double({ min: 0, max: 1, noNaN: true }),
		put: fc.uint8Array({ maxLength: 8 }),
		skip: fc.nat(12),
	}),
	{ minLength: 1, maxLength: 5 },
);
type Edit = { readonly at: number; readonly put: Uint8Array; readonly skip: number };

const edit = (bytes: Uint8Array, edits: readonly Edit[]): Uint8Array =>
	edits.reduce((all, { at, put, skip }) => {
		const place = Math.floor(at * all.length);
		return Buffer.concat([all.subarray(0, place), put, all.subarray(place + skip)]);
	}, bytes);

test('an npm package: paths without the first folder, package.json read', async () => {
	const packed = await readPacked(NPM.artifact, NPM.bytes);
	expect(packed).toMatchObject({ kind: 'npm', label: 'npm/greet', packageJson: { name: 'greet' } });
	expect(packed.files.map(({ path, place }) => [path, place])).toContainEqual([
		'index.js',
		'package/index.js',
	]);
});

test('a .deb: what is installed, and control files below DEBIAN/', async () => {
	const packed = await readPacked(DEB.artifact, DEB.bytes);
	expect(packed).toMatchObject({ kind: 'deb', label: 'deb/greet/all' });
	expect(packed.files.map(({ path }) => path)).toEqual([
		'DEBIAN/control',
		'DEBIAN/postinst',
		'usr/share/doc/greet/copyright',
		'usr/bin/greet',
	]);
});

const recompress = ({ bytes }: Made, name: string, change: (gzip: Uint8Array) => Uint8Array): Uint8Array => {
	const text = Buffer.from(bytes);
	const [control, data] = ['control.tar.gz', 'data.tar.gz'].map((member) => {
		const at = text.indexOf(member);
		const size = Number(text.subarray(at + 48, at + 58).toString());
		return text.subarray(at + 60, at + 60 + size);
	});
	const members = [
		{ name: 'debian-binary', content: [Buffer.from('2.0\n')] },
		{ name: 'control.tar.gz', content: [control ?? Buffer.alloc(0)] },
		{ name, content: [change(data ?? Buffer.alloc(0))] },
	];
	return Buffer.concat([...toAr(members, { mtime: 0 })]);
};

test.each<readonly [string, (gzip: Uint8Array) => Uint8Array, string]>([
	['data.tar.zst', (gzip) => zstdCompressSync(gunzipSync(gzip)), 'read'],
	['data.tar', (gzip) => gunzipSync(gzip), 'read'],
	['data.tar.xz', (gzip) => gzip, 'GATE_PACKAGE_INVALID'],
	['data.tar.lzma', (gzip) => gzip, 'GATE_PACKAGE_INVALID'],
	['data.tar.zst', (gzip) => gzip, 'ARCHIVE_CORRUPT'],
])('a .deb with %s', async (name, change, expected) => {
	const bytes = recompress(DEB, name, change);
	expect(await refusal(() => readPacked(DEB.artifact, bytes))).toBe(expected);
});

test('xz is unpacked by whoever can', async () => {
	const bytes = recompress(DEB, 'data.tar.xz', (gzip) => gzip);
	const packed = await readPacked(DEB.artifact, bytes, async (data, maxBytes) =>
		gunzipSync(data, { maxOutputLength: Math.min(maxBytes, 1024 ** 2) }),
	);
	expect(packed.files).toHaveLength(4);
});

describe('fuzz: read or refused with a code', () => {
	test.each([
		['an npm package', NPM],
		['a .deb', DEB],
	])('%s', async (_, { artifact, bytes }) => {
		await fc.assert(
			fc.asyncProperty(EDITS, async (edits) => {
				const code = await refusal(() => readPacked(artifact, edit(bytes, edits)));
				expect(code).toMatch(/^(?:read|ARCHIVE_|GATE_PACKAGE_INVALID)/);
			}),
			{ numRuns: 600, interruptAfterTimeLimit: 5000 },
		);
	});

	test('the tar inside an npm package', async () => {
		const tar = gunzipSync(NPM.bytes);
		await fc.assert(
			fc.asyncProperty(EDITS, async (edits) => {
				const bytes = gzipSync(edit(tar, edits), { level: 1 });
				const code = await refusal(() => readPacked(NPM.artifact, bytes));
				expect(code).toMatch(/^(?:read|ARCHIVE_|GATE_PACKAGE_INVALID)/);
			}),
			{ numRuns: 600, interruptAfterTimeLimit: 5000 },
		);
	});

	test.each<readonly [string, readonly string[], (bytes: Uint8Array) => unknown]>([
		['a control file', CONTROL_CORPUS, (bytes) => parseControl(bytes, 'it')],
		['a package.json', PACKAGE_JSON_CORPUS, (bytes) => readPackageJson(bytes, 'it')],
	])('%s', async (_, corpus, parse) => {
		for (const text of corpus)
			expect(await refusal(() => parse(Buffer.from(text)))).toMatch(/^(?:read|GATE_PACKAGE_INVALID)$/);
		await fc.assert(
			fc.asyncProperty(fc.constantFrom(...corpus), EDITS, async (text, edits) => {
				const code = await refusal(() => parse(edit(Buffer.from(text), edits)));
				expect(code).toMatch(/^(?:read|GATE_PACKAGE_INVALID)$/);
			}),
			{ numRuns: 2000, interruptAfterTimeLimit: 5000 },
		);
	});
});
