import { toTransferTimeout } from './transfer-timeout.ts';

test.each([
	[0, 60_000],
	[1, 61_000],
	[256 * 1024, 61_000],
	[256 * 1024 + 1, 62_000],
	[500 * 1024 ** 2, 2_060_000],
])('%d bytes may take %d ms', (bytes, expected) => {
	expect(toTransferTimeout(bytes)).toBe(expected);
});
