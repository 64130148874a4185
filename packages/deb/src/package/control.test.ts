import { toControlText } from './control.ts';
import { parseControl } from './parse-control.ts';

const fields = {
	Description: 'says hello\n In a loop.',
	Package: 'greet',
	Homepage: 'https://example.org/greet',
	Version: '1.2.0-1',
	Depends: '',
	Architecture: 'all',
	Maintainer: 'Ada Lovelace <ada@example.org>',
};
const text = toControlText(fields);

test("fields come in dpkg-gencontrol's order, empty ones not at all", () => {
	expect(text).toBe(
		[
			'Package: greet',
			'Version: 1.2.0-1',
			'Architecture: all',
			'Maintainer: Ada Lovelace <ada@example.org>',
			'Homepage: https://example.org/greet',
			'Description: says hello',
			' In a loop.',
			'',
		].join('\n'),
	);
	expect(parseControl(text)).toMatchObject({ name: 'greet', version: '1.2.0-1', architecture: 'all' });
});

test('no value can add a field (H11)', () => {
	expect(() => toControlText({ ...fields, Homepage: 'x\nEssential: yes' })).toThrow(
		expect.objectContaining({ code: 'DEB_CONTROL_INVALID' }),
	);
});

const change = (name: string, line: string) => text.replace(new RegExp(`^${name}: .*\n`, 'm'), line);
const refused: readonly [name: string, text: string, code: string][] = [
	['nothing', '', 'DEB_CONTROL_INVALID'],
	['a second stanza', `${text}\nPackage: other\n`, 'DEB_CONTROL_INVALID'],
	['no version', change('Version', ''), 'DEB_CONTROL_INVALID'],
	['an empty maintainer', change('Maintainer', 'Maintainer:\n'), 'DEB_CONTROL_INVALID'],
	['a name with slashes', change('Package', 'Package: ../../etc/x\n'), 'DEB_CONTROL_INVALID'],
	['a name with capitals', change('Package', 'Package: Greet\n'), 'DEB_CONTROL_INVALID'],
	['a name in other letters (H6)', change('Package', 'Package: grеet\n'), 'DEB_CONTROL_INVALID'],
	['a folded name', change('Package', 'Package: greet\n x\n'), 'DEB_CONTROL_INVALID'],
	['a folded version', change('Version', 'Version: 1.2.0\n -1\n'), 'DEB_CONTROL_INVALID'],
	['a bad version', change('Version', 'Version: one\n'), 'DEB_VERSION_INVALID'],
	['two architectures', change('Architecture', 'Architecture: amd64 i386\n'), 'DEB_CONTROL_INVALID'],
	['a wildcard', change('Architecture', 'Architecture: any\n'), 'DEB_CONTROL_INVALID'],
	['a path as architecture', change('Architecture', 'Architecture: ../all\n'), 'DEB_CONTROL_INVALID'],
	['an index field', `${text}Filename: pool/x\n`, 'DEB_CONTROL_INVALID'],
	['an index field in another case', `${text}sha256: 00\n`, 'DEB_CONTROL_INVALID'],
	['a field twice', `${text}Version: 2\n`, 'DEB_STANZA_INVALID'],
	['2 MB', text + 'X'.repeat(2_000_000), 'DEB_TOO_LARGE'],
];
test.each(refused)('refuses %s', (_name, source, code) => {
	expect(() => parseControl(source)).toThrow(expect.objectContaining({ code }));
});
