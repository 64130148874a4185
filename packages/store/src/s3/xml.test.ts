import { assert, property, string } from 'fast-check';
import { encodeText, findElements, findText } from './xml.ts';

test.each([
	['<Error><Code>NoSuchKey</Code></Error>', 'Code', 'NoSuchKey'],
	['<Key>a&amp;b&lt;&#x41;&#228;&quot;&apos;</Key>', 'Key', 'a&b<Aä"\''],
	['<Key>a&gt;b</Key>', 'Key', 'a>b'],
	['<Key></Key>', 'Key', ''],
	['<Key>a', 'Key', undefined],
	['<Keys>a</Keys>', 'Key', undefined],
	['<Key><Inner>a</Inner></Key>', 'Key', undefined],
	['<Key>&unknown;&#xd800;&#0;&#x110000;</Key>', 'Key', '&unknown;&#xd800;&#0;&#x110000;'],
	['<!DOCTYPE a [<!ENTITY e "x">]><Key>&e;</Key>', 'Key', '&e;'],
	['', 'Key', undefined],
	['<Key>&#x10ffff;&#xdfff;&#xe000;&#xd7ff;</Key>', 'Key', '\u{10ffff}&#xdfff;\ue000\ud7ff'],
])('%s', (xml, name, text) => {
	expect(findText(xml, name)).toBe(text);
});

test('elements come in their order', () => {
	expect(findElements('<a><K>1</K><K>2</K></a><K>3</K><K>', 'K')).toEqual(['1', '2', '3']);
});

test('what stands before an element is none of it, and an encoded text has no brackets', () => {
	expect(findElements('</K><K>1</K>', 'K')).toEqual(['1']);
	expect(findElements('xx<K></K>', 'K')).toEqual(['']);
	expect(encodeText('<a & "b">')).toBe('&#60;a &#38; &#34;b&#34;&#62;');
});

test('text that was encoded reads as it was', () => {
	assert(
		property(string({ unit: 'grapheme' }), (text) => {
			expect(findText(`<K>${encodeText(text)}</K>`, 'K')).toBe(text);
		}),
	);
});

test('any text is read in time that grows with its length (H9)', () => {
	assert(property(string(), (text) => void findElements(text, 'K')));
	for (const xml of ['<K>', '<K></K>', '&#', '<K>&amp', '</K>'].map((part) => part.repeat(250_000))) {
		const started = process.threadCpuUsage();
		findElements(xml, 'K');
		findText(`<L>${xml.replaceAll('<', '')}</L>`, 'L');
		expect(process.threadCpuUsage(started).user / 1000).toBeLessThan(1000);
	}
});
