// Real and nasty texts that readers of packages have to stand; each one that ever broke something is kept.

export const CONTROL_CORPUS: readonly string[] = [
	'Package: tally\nVersion: 1.2.0-1\nArchitecture: amd64\nMaintainer: Ada Lovelace <ada@example.org>\nInstalled-Size: 24\nDepends: libc6 (>= 2.34), libgcc-s1 (>= 3.0) | libgcc1\nSection: utils\nPriority: optional\nHomepage: https://example.org/tally\nDescription: counts words\n Counts the words of a text.\n .\n In every script.\n',
	'Package: a\n\nPackage: b\n',
	'Package: a\n \nPackage: b\n',
	'Package: a\r\nVersion: 1\r\n',
	'Package: a\nPACKAGE: b\n',
	' continued: first\n',
	'# a comment\nPackage: a\n',
	':\n',
	'Package\n',
	`Description: ${'x'.repeat(10_000)}\n`,
	`${'A: b\n'.repeat(2)}`,
	`__proto__: a\nconstructor: b\n`,
	'Pack\u00e4ge: a\n',
	'Package:\n',
	'',
	'\n\n',
];

export const PACKAGE_JSON_CORPUS: readonly string[] = [
	'{"name":"@acme/greet","version":"1.0.0","bin":{"greet":"cli.js"},"scripts":{"install":"node-gyp rebuild"},"dependencies":{"a":"^1"},"repository":{"type":"git","url":"git+https://git.example/acme/greet.git"},"author":"Ada <ada@example.org> (https://example.org)","files":["dist"]}',
	'\ufeff{"name":"a","version":"1.0.0"}',
	'{"name":"a","version":"1.0.0","name":"b"}',
	'{"name":"a","version":"1.0.0","__proto__":{"scripts":{"install":"x"}}}',
	'{"name":"a","version":"1.0.0","constructor":{"prototype":{}}}',
	'{"name":"a","version":"1.0.0","scripts":["a"],"bin":[],"dependencies":7,"files":{},"author":[]}',
	'{"name":"a","version":"1.0.0","dependencies":{"__proto__":"1"}}',
	'{"name":1,"version":"1.0.0"}',
	`{"name":"a","version":"1.0.0","exports":${'{"a":'.repeat(200)}1${'}'.repeat(200)}}`,
	`${'['.repeat(50_000)}`,
	'null',
	'',
	'"a"',
	'{"name":"a","version":"1.0.0","name":null}',
];
