import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { type Files, makeDeb, makeNpm, makeWorld, toShort, type World } from '../bytes/release.fixture.ts';
import { toFileText, toParts } from './file-text.ts';
import { findByPattern, loadLinter } from './find-secrets.ts';
import { PATTERNS } from './patterns.ts';
import { SECRETS_GATE } from './secrets-gate.ts';

let world: World;
beforeAll(() => {
	world = makeWorld();
});
afterAll(() => world.remove());

/** Lines that no compressor makes much of: an archive that unpacks to hundreds of times its size is refused. */
const noise = (lines: number): string =>
	Array.from({ length: lines }, (_, index) => `${Math.imul(index + 1, 2654435761) >>> 0} word\n`).join('');

/** Made here, so that no scanner finds a token in this file. */
const some = (length: number, letters = 'aB3dE5gH7jK9mN1pQ2sT4vW6xY8z'): string =>
	letters.repeat(Math.ceil(length / letters.length)).slice(0, length);
const GITHUB = `ghp_${some(36)}`;
const NPM = `npm_${some(36)}`;
const PEM = `-----BEGIN ${'PRIVATE'} KEY-----\n${some(64)}\n${some(64)}\n-----END ${'PRIVATE'} KEY-----\n`;

describe('what is found in a package, with its line and without the secret', () => {
	const cases: readonly (readonly [string, Files, readonly string[]])[] = [
		['nothing in plain code', { 'index.js': 'export const a = 1;\n' }, []],
		['a GitHub token', { 'index.js': `1\n2\nx = '${GITHUB}'` }, ['error npm/greet:index.js:github token']],
		['an npm token', { 'a/b.txt': NPM }, ['error npm/greet:a/b.txt:npm access token']],
		[
			'a comment that asks not to look',
			{ 'a.js': `// secretlint-disable\n${GITHUB}` },
			['error npm/greet:a.js:github token'],
		],
		['a private key', { 'test/key.txt': PEM }, ['error npm/greet:test/key.txt:private key']],
		[
			'a private key in a string',
			{ 'k.js': `k = '${PEM.replaceAll('\n', '\\n')}'` },
			['error npm/greet:k.js:private key'],
		],
		['only the name of a key', { 'k.js': `if (text.includes('-----BEGIN ${'PRIVATE'} KEY-----')) {}` }, []],
		['a public key', { 'k.pem': '-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n' }, []],
		[
			'a registry login',
			{ x: '//registry.example/:_authToken=abcdefgh12345678' },
			['error npm/greet:x:registry login'],
		],
		['a login by a variable', { x: `//registry.example/:_authToken=$${'{NPM_TOKEN}'}` }, []],
		['a placeholder', { x: '//registry.example/:_authToken=XXXXX-XXXXX-XXXXX' }, []],
		['an AWS key', { x: `AKIA${some(16, 'QRST4567ABCDEFGH')}` }, ['error npm/greet:x:AWS access key']],
		['an AWS key of the manual', { x: 'AKIAIOSFODNN7EXAMPLE' }, []],
		['a PyPI token', { x: `pypi-AgE${some(70)}` }, ['error npm/greet:x:PyPI token']],
		['a crates.io token', { x: `cio${some(32)}` }, ['error npm/greet:x:crates.io token']],
		[
			'an age key',
			{ x: `AGE-SECRET-KEY-1${some(58, 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L')}` },
			['error npm/greet:x:private key (age)'],
		],
		[
			'a token in UTF-16',
			{ x: Buffer.from(`\ufeff${GITHUB}`, 'utf16le') },
			['error npm/greet:x:github token'],
		],
		[
			'a token in Latin-1',
			{ x: Buffer.from(`gr\u00fc\u00dfe ${GITHUB}`, 'latin1') },
			['error npm/greet:x:github token'],
		],
		['a token in a binary file', { x: `\0${GITHUB}` }, ['note npm/greet:binary files']],
		['a token in a packed manual', { 'x.gz': gzipSync(GITHUB) }, ['error npm/greet:x.gz:github token']],
		['a bomb', { 'x.gz': gzipSync(Buffer.alloc(20 * 1024 * 1024)) }, ['note npm/greet:binary files']],
		['a token behind a megabyte', { x: `${noise(100_000)}${GITHUB}` }, ['error npm/greet:x:github token']],
	];
	test.each(cases)('%s', async (_, files, expected) => {
		const found = await world.run(SECRETS_GATE, [makeNpm(files)]);
		expect(toShort(found)).toEqual(expected);
		expect(JSON.stringify(found)).not.toContain(some(14));
	});

	test('the line is that of the file, also far down', async () => {
		const { findings } = await world.run(SECRETS_GATE, [
			makeNpm({ 'a.txt': `${noise(99_999)}${GITHUB}\n\n${GITHUB}` }),
		]);
		expect(findings[0]?.where).toEqual({ file: 'artifacts/greet-1.1.0.tgz!/package/a.txt', line: 100_000 });
		expect(findings[0]?.message).toContain('line 100000, 100002');
	});

	test('in a .deb: files and maintainer scripts', async () => {
		const deb = makeDeb({
			files: { 'etc/greet.conf': GITHUB },
			scripts: { postinst: `#!/bin/sh\n# ${NPM}` },
		});
		expect(toShort(await world.run(SECRETS_GATE, [deb]))).toEqual([
			'error deb/greet/all:DEBIAN/postinst:npm access token',
			'error deb/greet/all:etc/greet.conf:github token',
		]);
	});

	test('a file beyond the limit is said to be not searched', async () => {
		const found = await world.run(SECRETS_GATE, [makeNpm({ big: randomBytes(8 * 1024 * 1024 + 1) })]);
		expect(toShort(found)).toEqual(['warning npm/greet:big:not searched']);
	});

	test('a broken archive is no pass', async () => {
		const { artifact } = makeNpm();
		const bytes = Buffer.from('no gzip');
		const broken = { bytes, artifact: { ...artifact, size: bytes.length } };
		const { createHash } = await import('node:crypto');
		const digest = { sha256: createHash('sha256').update(bytes).digest('hex') };
		const found = await world.run(SECRETS_GATE, [{ bytes, artifact: { ...broken.artifact, digest } }]);
		expect(toShort(found)).toEqual(['error npm/greet:unreadable']);
	});
});

describe('in time that grows with the text', () => {
	test.each(PATTERNS.flatMap(({ kind, marks, pattern }) => marks.map((mark) => ({ kind, mark, pattern }))))(
		'$kind: $mark',
		({ mark, pattern }) => {
			for (const unit of [
				mark,
				`${mark}.`,
				`${mark} `,
				`${mark}a`,
				`-----BEGIN ${mark}-----\n`,
				`eyJ${some(40)}.`,
			]) {
				const text = unit.repeat(Math.ceil(1_000_000 / unit.length));
				const start = process.threadCpuUsage();
				for (const _ of text.matchAll(pattern));
				expect(process.threadCpuUsage(start).user / 1000).toBeLessThan(400);
			}
		},
	);

	test('all rules together, on what they dislike most', async () => {
		const lint = await loadLinter();
		for (const unit of ['\n', 'a', '"', 'https://a:', 'eyJ', '-----BEGIN PRIVATE KEY-----', '=', '_auth']) {
			const start = process.threadCpuUsage();
			for (const part of toParts(unit.repeat(Math.ceil(1_000_000 / unit.length)))) {
				findByPattern(part);
				await lint(part, 'a.txt');
			}
			expect(process.threadCpuUsage(start).user / 1000).toBeLessThan(2000);
		}
	});
});

test('a thousand small files leave nothing behind, and take no longer than one of their size', async () => {
	const lint = await loadLinter();
	const time = async (texts: readonly string[]): Promise<number> => {
		const start = process.threadCpuUsage();
		for (const text of texts) await lint({ text, line: 1 }, 'a.js');
		return process.threadCpuUsage(start).user / 1000;
	};
	const small = Array.from({ length: 1000 }, (_, at) => `export const a${at} = ${at};\n`.repeat(20));
	await time([small.join('')]);
	const [many, one] = [await time(small), await time([small.join('')])];
	expect(performance.getEntriesByType('mark').length).toBeLessThan(100);
	expect(many).toBeLessThan(Math.max(1500, one * 30));
});

test('parts overlap, cover everything, and count lines', () => {
	fc.assert(
		fc.property(fc.nat(1_500_000), fc.integer({ min: 40, max: 5000 }), (length, every) => {
			const text = `${'x'.repeat(every)}\n`.repeat(Math.ceil(length / (every + 1)));
			let end = 0;
			for (const part of toParts(text)) {
				const from = text.indexOf(part.text.slice(0, 64), Math.max(0, end - 16 * 1024));
				end = Math.max(end, from) + part.text.length;
			}
			expect(end).toBeGreaterThanOrEqual(text.length);
		}),
		{ numRuns: 8 },
	);
});

test('whatever bytes a file has: text or binary, never an error', () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
			const text = toFileText(bytes);
			expect(text === undefined || typeof text === 'string').toBe(true);
			if (text !== undefined) for (const part of toParts(text)) findByPattern(part);
		}),
		{ numRuns: 300 },
	);
});
