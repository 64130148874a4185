import { randomBytes } from 'node:crypto';
import { constants, zstdCompressSync } from 'node:zlib';
import { findFrameEnd } from './zstd-frame.ts';

const contents: readonly [name: string, content: Buffer][] = [
	['nothing', Buffer.alloc(0)],
	['200 bytes', Buffer.alloc(200, 'ab')],
	['one repeated byte', Buffer.alloc(300_000)],
	['noise of several blocks', randomBytes(400_000)],
	['text of several blocks', Buffer.from('hello world '.repeat(50_000))],
];

describe.each(contents)('%s', (_name, content) => {
	test.each([
		[0, 0],
		[1, 0],
		[0, 1],
		[1, 1],
	])('checksum %d, content size %d', (checksum, size) => {
		const frame = zstdCompressSync(content, {
			params: { [constants.ZSTD_c_checksumFlag]: checksum, [constants.ZSTD_c_contentSizeFlag]: size },
			...(size ? { pledgedSrcSize: content.length } : {}),
		});
		expect(findFrameEnd(frame)).toBe(frame.length);
		expect(findFrameEnd(Buffer.concat([frame, frame]))).toBe(frame.length);
		expect(findFrameEnd(frame.subarray(0, -1))).toBeUndefined();
	});
});

test('the start of a frame has no end', () => {
	expect(findFrameEnd(Buffer.from('28b52ffd', 'hex'))).toBeUndefined();
});
