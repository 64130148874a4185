import { parsePackages } from './parse-packages.ts';

const SUM = '0123456789abcdef'.repeat(4);
const FIELDS = {
	Package: 'greet',
	Version: '1.0-1',
	Architecture: 'all',
	Filename: 'pool/greet.deb',
	Size: '12',
	SHA256: SUM,
};

const toBytes = (fields: Readonly<Record<string, string>>): Uint8Array =>
	Buffer.from(
		Object.entries({ ...FIELDS, ...fields })
			.filter(([, value]) => value !== '-')
			.map(([name, value]) => `${name}:${value && ` ${value}`}\n`)
			.join(''),
	);

const GREET = {
	name: 'greet',
	version: '1.0-1',
	architecture: 'all',
	filename: 'pool/greet.deb',
	size: 12,
	sha256: SUM,
};

test.each([
	['as it is', {}, GREET],
	['a path that says where it begins', { Filename: './pool/greet.deb' }, GREET],
	['a sum in capital letters', { SHA256: SUM.toUpperCase() }, GREET],
	['a path with dots in it', { Filename: 'pool/./x.deb' }, { ...GREET, filename: 'pool/./x.deb' }],
	['a large size', { Size: '9'.repeat(15) }, { ...GREET, size: 999_999_999_999_999 }],
])('%s', (_name, fields, expected) => {
	expect(parsePackages(toBytes(fields), 'index')).toEqual([expected]);
});

test('every stanza is read', () => {
	const text = Buffer.concat([toBytes({}), Buffer.from('\n'), toBytes({ Package: 'tally' })]);
	expect(parsePackages(text, 'index').map(({ name }) => name)).toEqual(['greet', 'tally']);
	expect(parsePackages(Buffer.alloc(0), 'index')).toEqual([]);
});

test('an index may be larger than other texts', () => {
	const stanza = Buffer.concat([toBytes({ Description: 'x'.repeat(250_000) }), Buffer.from('\n')]);
	const index = Buffer.alloc(stanza.length * 270, stanza);
	expect(index.length).toBeGreaterThan(64 * 1024 ** 2);
	expect(parsePackages(index, 'index')).toHaveLength(270);
});

test.each(Object.keys(FIELDS).flatMap((name) => [[name, '-'] as const, [name, ''] as const]))(
	'without %s (%j) it is refused',
	(name, value) => {
		expect(() => parsePackages(toBytes({ [name]: value }), 'dists/x')).toThrow(
			expect.objectContaining({
				code: 'APT_INDEX_INVALID',
				message: expect.stringContaining(`dists/x: expected the field ${name} of `),
			}),
		);
	},
);

test('what has no name is called a package', () => {
	for (const name of ['-', ''])
		expect(() => parsePackages(toBytes({ Package: name }), 'x')).toThrow('Package of a package, found none');
	expect(() => parsePackages(toBytes({ Size: '' }), 'x')).toThrow('Size of greet, found none');
});

test.each([
	['Size', '1.5'],
	['Size', '-1'],
	['Size', '1 2'],
	['Size', 'x1'],
	['Size', '1'.repeat(16)],
	['SHA256', SUM.slice(1)],
	['SHA256', `${SUM}0`],
	['SHA256', `${SUM.slice(1)}g`],
])('%s %s is refused', (name, value) => {
	expect(() => parsePackages(toBytes({ [name]: value }), 'dists/x')).toThrow(
		expect.objectContaining({
			code: 'APT_INDEX_INVALID',
			message: 'dists/x: expected a size and a SHA-256 of greet',
		}),
	);
});
