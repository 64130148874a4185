import fc from 'fast-check';
import { toNameKey } from './asset-file.ts';
import { declares, parseMarker, toMarker, toMarkerLine } from './marker.ts';
import { isWithdrawn, toRestored, toWithdrawn } from './marks.ts';

const artifact = (name: string, digit = '0') => ({ name, digest: { sha256: digit.repeat(64) } });

test('a marker is found in the text, and knows its files', () => {
	const marker = toMarker('greet', '1.0.0', [artifact('b'), artifact('constructor'), artifact('a', '1')]);
	expect(parseMarker(`notes\n\n${toMarkerLine(marker)}`)).toEqual(marker);
	expect(declares(marker, artifact('a', '1'))).toBe(true);
	expect(declares(marker, artifact('a', '2'))).toBe(false);
	expect(declares(marker, artifact('c'))).toBe(false);
});

test('it does not depend on the order of files, but on each byte', () => {
	const of = (...files: ReturnType<typeof artifact>[]) => toMarker('greet', '1.0.0', files).contents;
	expect(of(artifact('a'), artifact('b'))).toBe(of(artifact('b'), artifact('a')));
	expect(of(artifact('a'), artifact('b'))).not.toBe(of(artifact('a'), artifact('b', '1')));
});

test('of very many files it lists none', () => {
	const marker = toMarker(
		'greet',
		'1.0.0',
		Array.from({ length: 301 }, (_, at) => artifact(`f${at}`)),
	);
	expect(declares(marker, artifact('f1'))).toBeUndefined();
	expect(toMarkerLine(marker).length).toBeLessThan(500);
});

test('whatever stands in a text, parsing it gives a marker or none', () => {
	const start = '<!-- slipway-release:';
	fc.assert(fc.property(fc.string(), (text) => parseMarker(text) === undefined));
	fc.assert(fc.property(fc.string(), (text) => parseMarker(`${start}${text} -->`) === undefined));
	fc.assert(
		fc.property(
			fc.json(),
			(json) => parseMarker(`${start}${Buffer.from(json).toString('base64url')} -->`) === undefined,
		),
	);
	expect(parseMarker(null)).toBeUndefined();
	const large = start.repeat(50_000);
	const before = process.threadCpuUsage();
	expect(parseMarker(large)).toBeUndefined();
	expect(process.threadCpuUsage(before).user / 1000).toBeLessThan(200);
});

test('a mark stays within the room that is kept for it', () => {
	for (const reason of ['\u202e'.repeat(5000), '@'.repeat(5000), 'a'.repeat(5000)])
		expect(toWithdrawn({ name: 'v1', tag_name: 'v1', body: '' }, reason).body.length).toBeLessThan(4000);
});

test('marks come off as they went on', () => {
	fc.assert(
		fc.property(fc.string(), fc.string(), (body, reason) => {
			const release = { name: 'v1', tag_name: 'v1', body };
			const marked = toWithdrawn(release, reason);
			expect(isWithdrawn(marked)).toBe(true);
			expect(toRestored({ ...release, ...marked })).toEqual({ name: 'v1', body });
		}),
	);
});

test.each([
	['a~1.deb', 'a.1.deb'],
	['a:1 (2).deb', 'a.1.2.deb'],
	['.a.', 'a'],
	['a+b@c', 'a.b.c'],
])('the key of %s is %s', (name, key) => {
	expect(toNameKey(name)).toBe(key);
});
