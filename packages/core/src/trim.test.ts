import { trimEndOf } from './trim.ts';

test.each([
	['a//', '/', 'a'],
	['/a', '/', '/a'],
	['///', '/', ''],
	['', '/', ''],
	['a=b==', '=', 'a=b'],
])('%j without %j at its end', (text, character, expected) => {
	expect(trimEndOf(text, character)).toBe(expected);
});

test('a megabyte takes no time (H9)', () => {
	const start = process.threadCpuUsage();
	expect(trimEndOf(`${'/'.repeat(1_000_000)}a`, '/')).toHaveLength(1_000_001);
	expect(trimEndOf('/'.repeat(1_000_000), '/')).toBe('');
	expect(process.threadCpuUsage(start).user / 1000).toBeLessThan(200);
});
