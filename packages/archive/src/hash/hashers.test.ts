import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashBytesOf, hashFile, hashFiles } from '../release/hash-file.ts';
import { withHashers } from './hashers.ts';

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'hashers-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const toBytes = (size: number, seed: number): Buffer =>
	Buffer.alloc(size, createHash('sha512').update(String(seed)).digest());

/** Every third file is wanted by sha256 alone. */
const isTwice = (index: number): boolean => index % 3 !== 1;

const write = async (sizes: readonly number[]) => {
	const files = sizes.map((_, index) => ({ path: join(folder, String(index)), sha512: isTwice(index) }));
	for (const [index, { path }] of files.entries()) await writeFile(path, toBytes(sizes[index] ?? 0, index));
	const expected = sizes.map((size, index) =>
		hashBytesOf({ bytes: toBytes(size, index), sha512: isTwice(index) }),
	);
	return { files, paths: files.map(({ path }) => path), expected };
};

const MEBIBYTE = 1024 * 1024;

test.each([
	['small files, in this thread', [0, 1, 1000, MEBIBYTE + 1]],
	['a large file, each algorithm in a thread', [33 * MEBIBYTE + 7]],
	['a large file by sha256 alone', [1, 33 * MEBIBYTE + 7]],
	['many files, each in a thread', Array.from({ length: 40 }, (_, number) => MEBIBYTE - number * 7)],
])('%s: the digests are those of the bytes, in their order', async (_, sizes) => {
	const { files, expected } = await write(sizes);
	expect(await hashFiles(files)).toEqual(expected);
});

test('a file that is missing is an error with its path, in threads too', async () => {
	const { paths } = await write([33 * MEBIBYTE]);
	const missing = join(folder, 'missing');
	await expect(hashFile(missing)).rejects.toThrow('missing');
	const task = withHashers(2, (hashers) =>
		Promise.all([...paths, missing].map((path) => hashers.hashFile(path, ['sha256']))),
	);
	await expect(task).rejects.toThrow('missing');
});

test('pieces of shared memory are hashed each on its own', async () => {
	const bytes = Buffer.from(new SharedArrayBuffer(10));
	bytes.write('0123456789');
	const digests = await withHashers(1, ({ hashParts }) =>
		hashParts([bytes.subarray(0, 3), bytes.subarray(3)], ['md5', 'sha256']),
	);
	const hash = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex');
	expect(digests).toEqual(['012', '3456789'].map((text) => [hash('md5', text), hash('sha256', text)]));
});

test('an unknown algorithm is an error, and the thread goes on', async () => {
	await withHashers(1, async ({ hashParts }) => {
		await expect(hashParts([Buffer.from('a')], ['none'])).rejects.toThrow();
		expect(await hashParts([Buffer.from('a')], ['md5'])).toEqual([['0cc175b9c0f1b6a831c399e269772661']]);
	});
});

test('a task that fails ends its threads and leaves no answer behind', async () => {
	const task = withHashers(2, async ({ hashParts }) => {
		void hashParts([Buffer.alloc(MEBIBYTE)], ['sha512']);
		throw new RangeError('enough');
	});
	await expect(task).rejects.toThrow('enough');
});
