import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from '@slipway/testing';
import { type ArMember, toAr } from './write-ar.ts';

const text = (value: string) => new TextEncoder().encode(value);

test('an odd member is padded, and its header is the one of deb(5)', () => {
	const bytes = Buffer.concat([
		...toAr([{ name: 'debian-binary', content: [text('2.'), text('0')] }], { mtime: 1_700_000_000 }),
	]);
	expect(bytes.toString('latin1')).toBe(
		'!<arch>\ndebian-binary   1700000000  0     0     100644  3         `\n2.0\n',
	);
});

describeWith('ar', 'binutils ar', () => {
	test('lists and prints members', () => {
		const folder = mkdtempSync(join(tmpdir(), 'slipway-ar-'));
		try {
			const members = [
				{ name: 'odd', content: [text('abc')] },
				{ name: 'even', content: [text('abcd')] },
				{ name: 'none', content: [] },
			];
			writeFileSync(join(folder, 'it.a'), Buffer.concat([...toAr(members, { mtime: 0 })]));
			const ar = (...args: string[]) => execFileSync('ar', args, { cwd: folder, encoding: 'utf8' });
			expect(ar('t', 'it.a')).toBe('odd\neven\nnone\n');
			expect(ar('p', 'it.a', 'even')).toBe('abcd');
		} finally {
			rmSync(folder, { recursive: true, force: true });
		}
	});
});

const huge = { length: 10_000_000_000 } as Uint8Array;
const refused: readonly [name: string, member: ArMember, mtime: number][] = [
	['a long name', { name: 'a'.repeat(17), content: [] }, 0],
	['a slash', { name: 'a/b', content: [] }, 0],
	['a blank', { name: 'a b', content: [] }, 0],
	['no name', { name: '', content: [] }, 0],
	['10 GB', { name: 'a', content: [huge] }, 0],
	['a time before 1970', { name: 'a', content: [] }, -1],
];
test.each(refused)('refuses %s', (_name, member, mtime) => {
	expect(() => [...toAr([member], { mtime })]).toThrow(/^expected /);
});
