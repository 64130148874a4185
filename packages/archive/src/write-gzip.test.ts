import { execFileSync } from 'node:child_process';
import { gunzipSync } from 'node:zlib';
import { describeWith } from '@slipway/testing';
import { toGzip } from './write-gzip.ts';

test('the header names neither a time nor the machine', () => {
	const bytes = toGzip(new TextEncoder().encode('a'.repeat(1000)));
	expect([...bytes.subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3]);
	expect(gunzipSync(bytes).toString()).toBe('a'.repeat(1000));
});

describeWith('gzip', 'gzip', () => {
	test('has the same header as gzip -9n', () => {
		const input = 'some text\n'.repeat(100);
		const theirs = execFileSync('gzip', ['-9n'], { input });
		expect(toGzip(Buffer.from(input)).subarray(0, 10)).toEqual(theirs.subarray(0, 10));
		expect(execFileSync('gzip', ['-dc'], { input: toGzip(Buffer.from(input)) }).toString()).toBe(input);
	});
});
