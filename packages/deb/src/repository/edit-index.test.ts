import { editIndex, findInBlocks, type PackageEdit, toListed } from './edit-index.ts';
import { type IndexBlock, toBlocks, toParts } from './gzip-blocks.ts';
import { findStanzas, type IndexStanza, toIndexStanza, toSha256 } from './packages-index.ts';

const toText = (name: string, version: string): string =>
	`Package: ${name}\nVersion: ${version}\nArchitecture: all\nFilename: pool/${name}_${version}.deb\nDescription: ${'x'.repeat(400)}\nSHA256: ${'a'.repeat(64)}\n\n`;
const toStanza = (name: string, version: string): IndexStanza =>
	toIndexStanza(Buffer.from(toText(name, version)));
const toEdit = (name: string, ...versions: readonly string[]): PackageEdit => ({
	name,
	stanzas: versions.map((version) => toStanza(name, version)),
});
const toWhole = (blocks: readonly IndexBlock[]): Buffer => Buffer.concat(blocks.map(({ text }) => text()));
const edit = (index: string, ...edits: readonly PackageEdit[]): string =>
	toWhole(editIndex(toBlocks(Buffer.from(index)), edits)).toString();

const [A, B1, B2, B3, C] = [
	toText('a', '1'),
	toText('b', '1'),
	toText('b', '2'),
	toText('b', '3'),
	toText('c', '1'),
];

describe('one small index', () => {
	test.each<[name: string, before: string, versions: readonly string[], after: string]>([
		['into an empty index', '', ['1'], B1],
		['a new package at the end', A + C, ['1'], A + C + B1],
		['a new version behind the old one', A + B1 + C, ['1', '2'], A + B1 + B2 + C],
		['one version instead of another', A + B1 + C, ['2'], A + B2 + C],
		['two of three go, and one comes', A + B1 + B2 + B3 + C, ['2', '4'], A + B2 + toText('b', '4') + C],
		['the first goes, and one comes behind the last', B1 + A + B2 + C, ['2', '3'], A + B2 + B3 + C],
		['the last goes, and one comes', B1 + A + B2 + C, ['1', '3'], B1 + A + B3 + C],
		['all go', B1 + A + B2 + C, [], A + C],
		['what is there already', A + B1 + C, ['1'], A + B1 + C],
		['the only package', B1, [], ''],
		['an index that ends without an empty line', (A + C).slice(0, -1), ['1'], A + C + B1],
		['an index that ends without a line feed', (A + C).slice(0, -2), ['1'], A + C + B1],
		['a line feed alone', '\n', ['1'], `\n\n${B1}`],
		['an index that ends in a line of one character', `${A}x`, ['1'], `${A}x\n\n${B1}`],
	])('%s', (_name, before, versions, after) => {
		expect(edit(before, toEdit('b', ...versions))).toBe(after);
	});

	test('a stanza that comes without an empty line is parted from the next', () => {
		for (const end of [-1, -2]) {
			const stanza = toIndexStanza(Buffer.from(B2.slice(0, end)));
			expect(edit(A + B1 + C, { name: 'b', stanzas: [toStanza('b', '1'), stanza] })).toBe(A + B1 + B2 + C);
		}
	});

	test('a stanza without bytes adds none', () => {
		const nothing = { ...toStanza('b', '9'), bytes: new Uint8Array() };
		expect(edit(A, { name: 'b', stanzas: [nothing] })).toBe(A);
	});

	test('one version may have several files', () => {
		const other = toIndexStanza(Buffer.from(B1.replace('all', 'amd64')));
		const theirs = toIndexStanza(Buffer.from(B1.replace('aaaa', 'bbbb')));
		const stanzas = [toStanza('b', '1'), other, theirs, other];
		expect(findStanzas(Buffer.from(edit(A, { name: 'b', stanzas })), 'b')).toHaveLength(3);
	});

	test('several packages in turn', () => {
		expect(edit(A + B1 + C, toEdit('a'), toEdit('b', '2'), toEdit('d', '1'))).toBe(B2 + C + toText('d', '1'));
	});

	test('into no blocks at all', () => {
		const blocks = editIndex([], [toEdit('b', '1')]);
		expect(blocks.map(({ text }) => text().length)).toEqual([0]);
		expect(editIndex([], [toEdit('b')])).toEqual([]);
	});
});

const COUNT = 600;
const INDEX = Buffer.from(
	Array.from({ length: COUNT }, (_, at) => toText(`package-${at}`, `${at}.0-1`)).join(''),
);
const BLOCKS = toBlocks(INDEX);
/** Packages that a block begins with. */
const FIRST = BLOCKS.map(({ text }) => findStanzas(text(), toIndexStanza(text()).name)[0]?.name ?? '');
const toNumber = (name: string): number => Number(name.slice('package-'.length));

/** What must hold after any edit: blocks as one cut gives them, and what did not change is what was there. */
const check = (edits: readonly PackageEdit[], mostNew: number): Buffer => {
	const after = editIndex(BLOCKS, edits);
	const whole = toWhole(after);
	expect(after.map(({ size }) => size)).toEqual(toParts(whole).map(({ length }) => length));
	expect(toListed(after)).toEqual({ size: whole.length, sha256: toSha256(whole) });
	expect(after.filter((block) => !BLOCKS.includes(block)).length).toBeLessThanOrEqual(mostNew);
	return whole;
};

describe('an index of many blocks', () => {
	test('has some', () => {
		expect(BLOCKS.length).toBeGreaterThan(4);
	});

	test('an edit that changes nothing gives the same array', () => {
		expect(editIndex(BLOCKS, [toEdit('package-500', '500.0-1')])).toBe(BLOCKS);
		expect(editIndex(BLOCKS, [toEdit('nothing')])).toBe(BLOCKS);
	});

	test.each([0, 1, 333, 500, COUNT - 1])('package %d gets another version', (at) => {
		const whole = check([toEdit(`package-${at}`, '9')], 1);
		expect(findStanzas(whole, `package-${at}`).map(({ version }) => version)).toEqual(['9']);
		expect(
			whole.equals(
				Buffer.from(
					INDEX.toString().replace(toText(`package-${at}`, `${at}.0-1`), toText(`package-${at}`, '9')),
				),
			),
		).toBe(true);
	});

	test.each(FIRST.slice(1, 5))(
		'%s, with which a block begins, goes: blocks run together or are cut elsewhere',
		(name) => {
			const whole = check([toEdit(name)], 3);
			expect(findStanzas(whole, name)).toEqual([]);
			expect(whole.length).toBe(INDEX.length - toText(name, `${toNumber(name)}.0-1`).length);
		},
	);

	test.each(FIRST.slice(1, 5))('the package before %s gets more versions, and goes', (name) => {
		const before = `package-${toNumber(name) - 1}`;
		check([toEdit(before, `${toNumber(name) - 1}.0-1`, '10', '11')], 2);
		expect(findStanzas(check([toEdit(before)], 2), name)).toHaveLength(1);
	});

	test('a new package goes to the end, and only the last block is new', () => {
		const whole = check([toEdit('new', '1')], 2);
		expect(whole.subarray(INDEX.length).toString()).toBe(toText('new', '1'));
	});

	test.each([0, 100, 300, 450, COUNT - 1])(
		'package %d changes: blocks elsewhere are looked through once, and not cut again',
		(at) => {
			const reads = BLOCKS.map(() => 0);
			const counted = BLOCKS.map((block, index) => ({
				...block,
				text: () => {
					reads[index] = (reads[index] ?? 0) + 1;
					return block.text();
				},
			}));
			const [place] = findInBlocks(BLOCKS, `package-${at}`);
			const after = editIndex(counted, [toEdit(`package-${at}`, '9')]);
			const far = reads.filter((_, index) => Math.abs(index - (place?.block ?? 0)) > 1);
			expect(far).toEqual(far.map(() => 1));
			expect(far.length).toBeGreaterThanOrEqual(BLOCKS.length - 3);
			expect(counted.filter((block) => !after.includes(block)).length).toBeLessThanOrEqual(2);
		},
	);

	test('a whole block goes', () => {
		const [, first = '', second = ''] = FIRST;
		const names = Array.from(
			{ length: toNumber(second) - toNumber(first) },
			(_, at) => `package-${toNumber(first) + at}`,
		);
		const whole = check(
			names.map((name) => toEdit(name)),
			2,
		);
		expect(findStanzas(whole, first)).toEqual([]);
		expect(findStanzas(whole, second)).toHaveLength(1);
	});

	test('a block that becomes too small runs together with the next', () => {
		const [, first = '', second = ''] = FIRST;
		const gone = Array.from(
			{ length: toNumber(second) - toNumber(first) - 1 },
			(_, at) => toNumber(first) + 1 + at,
		);
		const whole = check(
			gone.map((at) => toEdit(`package-${at}`)),
			2,
		);
		const left = gone.reduce(
			(text, at) => text.replace(toText(`package-${at}`, `${at}.0-1`), ''),
			INDEX.toString(),
		);
		expect(whole.toString() === left).toBe(true);
	});

	test('one package in several blocks: each loses its own', () => {
		const spread = BLOCKS.map(({ text }) => text().toString() + B1.replace('1\n', `${text().length}\n`)).join(
			'',
		);
		const blocks = toBlocks(Buffer.from(spread));
		expect(new Set(findInBlocks(blocks, 'b').map(({ block }) => block)).size).toBeGreaterThan(2);
		const after = editIndex(blocks, [toEdit('b')]);
		expect(toWhole(after).equals(INDEX)).toBe(true);
		expect(after.map(({ size }) => size)).toEqual(BLOCKS.map(({ size }) => size));
		const one = editIndex(blocks, [toEdit('b', '9')]);
		expect(findStanzas(toWhole(one), 'b').map(({ version }) => version)).toEqual(['9']);
		expect(toWhole(one).toString().endsWith(toText('b', '9'))).toBe(true);
		expect(one.map(({ size }) => size)).toEqual(toParts(toWhole(one)).map(({ length }) => length));
	});

	test('everything goes: one empty block', () => {
		const all = Array.from({ length: 600 }, (_, at) => toText('b', String(at))).join('');
		const blocks = toBlocks(Buffer.from(all));
		expect(blocks.length).toBeGreaterThan(1);
		expect(editIndex(blocks, [toEdit('b')]).map(({ size }) => size)).toEqual([0]);
	});
});

describe('stanzas', () => {
	test('are read in the fields that are edited by', () => {
		const bytes = Buffer.from(
			'PACKAGE:a\nversion \t:  1.0-1 \nArchitecture:\tall\nSHA256: ABCDEF\nFilename: pool/a.deb\nX-Version: 9\n',
		);
		expect(toIndexStanza(bytes)).toEqual({
			name: 'a',
			version: '1.0-1',
			architecture: 'all',
			sha256: 'abcdef',
			filename: 'pool/a.deb',
			bytes,
		});
	});

	test('lack what is not there', () => {
		const bytes = Buffer.from('Package: a\nDescription: x\n Version: 9\n');
		expect(toIndexStanza(bytes)).toEqual({
			name: 'a',
			version: '',
			architecture: '',
			sha256: '',
			filename: '',
			bytes,
		});
		expect(toIndexStanza(bytes.subarray(11)).name).toBe('');
	});

	const found = (index: string, name = 'b') =>
		findStanzas(Buffer.from(index), name).map(({ start, end }) => index.slice(start, end));

	test.each<[string, string, readonly string[]]>([
		['nowhere', A + C, []],
		['in the middle', A + B1 + C, [B1]],
		['at the beginning', B1 + A, [B1]],
		['at the end', A + B1, [B1]],
		['at the end, without an empty line', A + B1.slice(0, -1), [B1.slice(0, -1)]],
		['at the end, without a line feed', A + B1.slice(0, -2), [B1.slice(0, -2)]],
		['several, also beside each other', B1 + B2 + A + B3, [B1, B2, B3]],
		[
			'with its name in a later line',
			`${A}Version: 1\nPackage: b\nX: y\n\n${C}`,
			['Version: 1\nPackage: b\nX: y\n\n'],
		],
		['in the second line of the first', 'X: y\nPackage: b\n\n', ['X: y\nPackage: b\n\n']],
		['with a name that goes on', toText('bb', '1'), []],
		['with a name that ends so', A.replace('Package: a', 'XPackage: b'), []],
		['in a text', A.replace('x'.repeat(20), '\n Package: b\n '), []],
	])('are found %s', (_name, index, expected) => {
		expect(found(index)).toEqual(expected);
	});
});
