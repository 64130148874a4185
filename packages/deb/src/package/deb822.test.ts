import fc from 'fast-check';
import { findField, parseStanzas, toStanza } from './deb822.ts';

const read = (text: string | Uint8Array) =>
	parseStanzas(text, 'it').map((stanza) => Object.fromEntries(stanza));

test('reads simple, folded and multiline fields as they stand', () => {
	const text =
		'Package: a\nDepends: b,\n c (>= 1)\nDescription: short\n long\n .\n\tmore\n\n\nPackage: b\nConffiles:\n /etc/b\n';
	expect(read(text)).toEqual([
		{ Package: 'a', Depends: 'b,\n c (>= 1)', Description: 'short\n long\n .\n\tmore' },
		{ Package: 'b', Conffiles: '\n /etc/b' },
	]);
	const written = parseStanzas(text, 'it').map(toStanza).join('\n');
	expect(written).toBe(text.replace('\n\n\n', '\n\n'));
});

test('an empty text has no stanza, and a final line feed is not needed', () => {
	expect(read('')).toEqual([]);
	expect(read('\n\n')).toEqual([]);
	expect(read('A:1')).toEqual([{ A: '1' }]);
});

test('finds a field in any case', () => {
	const [stanza = new Map()] = parseStanzas('package: a\n', 'it');
	expect(findField(stanza, 'Package')).toBe('a');
	expect(findField(stanza, 'Version')).toBeUndefined();
});

const refused: readonly [name: string, text: string | Uint8Array, code: string][] = [
	['a duplicate field (H11)', 'Package: a\nPackage: b\n', 'DEB_STANZA_INVALID'],
	['a duplicate field in another case', 'Package: a\npackage: b\n', 'DEB_STANZA_INVALID'],
	['a line of blanks as a fake end of stanza (H11)', 'Package: a\n \t\nPackage: b\n', 'DEB_STANZA_INVALID'],
	['a carriage return (H11)', 'Package: a\r\nVersion: 1\r\n', 'DEB_STANZA_INVALID'],
	['a lone carriage return before a fake stanza', 'Package: a\r\rPackage: b\n', 'DEB_STANZA_INVALID'],
	['a form feed', 'Package: a\f\n', 'DEB_STANZA_INVALID'],
	['NUL', 'Package: a\0\n', 'DEB_STANZA_INVALID'],
	['a Unicode line separator', 'Package: a\u2028Package: b\n', 'DEB_STANZA_INVALID'],
	['NEL', 'Package: a\u0085b\n', 'DEB_STANZA_INVALID'],
	['a byte order mark', Buffer.from('\ufeffPackage: a\n'), 'DEB_STANZA_INVALID'],
	['a continuation at the start (H11)', ' Package: a\n', 'DEB_STANZA_INVALID'],
	['a continuation after the end of a stanza', 'Package: a\n\n b\n', 'DEB_STANZA_INVALID'],
	['a comment', 'Package: a\n# no\n', 'DEB_STANZA_INVALID'],
	['a line without a colon', 'Package a\n', 'DEB_STANZA_INVALID'],
	['a blank in a name', 'Pack age: a\n', 'DEB_STANZA_INVALID'],
	['a signature header', '-----BEGIN PGP SIGNED MESSAGE-----\n', 'DEB_STANZA_INVALID'],
	['bytes that are not UTF-8', new Uint8Array([0x41, 0x3a, 0xff]), 'DEB_STANZA_INVALID'],
	['a field of 1 MB (H11)', `A: ${'x'.repeat(1_000_000)}\n`, 'DEB_TOO_LARGE'],
	['a folded field of 1 MB (H11)', `A: x\n${' y\n'.repeat(400_000)}`, 'DEB_TOO_LARGE'],
	['a thousand fields', Array.from({ length: 1000 }, (_, i) => `F${i}: 1\n`).join(''), 'DEB_TOO_LARGE'],
];
test.each(refused)('refuses %s', (_name, text, code) => {
	expect(() => read(text)).toThrow(expect.objectContaining({ code }));
});

test('refuses more bytes and stanzas than asked for', () => {
	expect(() => parseStanzas('A: 1\n', 'it', { maxBytes: 4 })).toThrow(
		expect.objectContaining({ code: 'DEB_TOO_LARGE' }),
	);
	expect(() => parseStanzas('A: 1\n\nA: 2\n', 'it', { maxStanzas: 1 })).toThrow(
		expect.objectContaining({ code: 'DEB_TOO_LARGE' }),
	);
});

const unwritable: readonly [name: string, field: string, value: string][] = [
	['a new field in a value', 'Homepage', 'x\nEssential: yes'],
	['a new stanza in a value', 'Homepage', 'x\n\nPackage: y'],
	['a line of blanks', 'Description', 'x\n \n y'],
	['a final line feed', 'Homepage', 'x\n'],
	['a carriage return', 'Homepage', 'x\rEssential: yes'],
	['a colon in a name', 'A:B', 'x'],
	['blanks around', 'A', ' x'],
	['1 MB', 'A', 'x'.repeat(1_000_000)],
];
test.each(unwritable)('never writes %s', (_name, field, value) => {
	expect(() => toStanza([[field, value]])).toThrow(expect.objectContaining({ code: 'DEB_CONTROL_INVALID' }));
});

test('what can be written is read back as one equal stanza', () => {
	const value = fc.string({
		unit: fc.constantFrom('a', ' ', '\n', '\t', '.', ':', '\r', '\u2028', 'é', '#', '-'),
	});
	fc.assert(
		fc.property(fc.dictionary(fc.stringMatching(/^[A-Z][a-z-]{0,5}$/), value, { minKeys: 1 }), (fields) => {
			let text: string;
			try {
				text = toStanza(Object.entries(fields));
			} catch {
				return; // refused: as good
			}
			const [stanza, ...more] = read(text);
			expect(more).toEqual([]);
			const trimmed = Object.entries(fields).map(([name, raw]) => [name, raw.replace(/[ \t]+$/gm, '')]);
			expect(stanza).toEqual(Object.fromEntries(trimmed));
		}),
		{ numRuns: 2000 },
	);
});

test('50,000 stanzas are read within 4 s', () => {
	const stanza = toStanza([
		['Package', 'a'],
		['Version', '1.0-1'],
		['Description', 'short\n long text of a package'],
	]);
	const start = process.threadCpuUsage();
	expect(parseStanzas(`${stanza}\n`.repeat(50_000), 'it')).toHaveLength(50_000);
	expect(process.threadCpuUsage(start).user / 1000).toBeLessThan(4000);
});
