import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from '@slipway/testing';
import { toAr } from '../write-ar.ts';
import { readAr } from './read-ar.ts';

const MAGIC = '!<arch>\n';
const member = (name: string, content = 'x', size = String(content.length), end = '`\n'): string =>
	name.padEnd(16) +
	'0'.padEnd(12) +
	'0'.padEnd(6) +
	'0'.padEnd(6) +
	'100644'.padEnd(8) +
	size.padEnd(10) +
	end +
	content +
	(content.length % 2 === 1 ? '\n' : '');

const refusals: readonly [name: string, code: string, archive: string][] = [
	['nothing', 'CORRUPT', ''],
	['another magic', 'CORRUPT', '!<thin>\n'],
	['a header that is cut off', 'TRUNCATED', `${MAGIC}debian-binary`],
	['content that is cut off', 'TRUNCATED', MAGIC + member('a', 'x', '100')],
	['a name that climbs', 'PATH_UNSAFE', MAGIC + member('..')],
	['a path as name', 'CORRUPT', MAGIC + member('a/b')],
	['an absolute name', 'CORRUPT', MAGIC + member('/a')],
	['a symbol table', 'CORRUPT', MAGIC + member('/')],
	['a table of long names', 'CORRUPT', MAGIC + member('//')],
	['an empty name', 'CORRUPT', MAGIC + member('')],
	['a name with a control character', 'CORRUPT', MAGIC + member('a\u0007')],
	['a member twice', 'DUPLICATE', MAGIC + member('a') + member('a')],
	['a member twice, once with slash', 'DUPLICATE', MAGIC + member('a') + member('a/')],
	['a member twice in other case', 'DUPLICATE', MAGIC + member('a') + member('A')],
	['a negative size', 'CORRUPT', MAGIC + member('a', 'x', '-1')],
	['a size in hexadecimal', 'CORRUPT', MAGIC + member('a', 'x', '0x1')],
	['a size with text behind', 'CORRUPT', MAGIC + member('a', 'x', '1 x')],
	['a wrong header end', 'CORRUPT', MAGIC + member('a', 'x', '1', '\n`')],
	['9.9 GB declared', 'LIMIT_EXCEEDED', MAGIC + member('a', 'x', '9999999999')],
	['a wrong padding byte', 'CORRUPT', `${MAGIC + member('a').slice(0, -1)}x${member('b')}`],
];

test.each(refusals)('refuses %s: ARCHIVE_%s', (_name, code, archive) => {
	expect(() => readAr(Buffer.from(archive, 'latin1'))).toThrow(
		expect.objectContaining({ name: 'SlipwayError', code: `ARCHIVE_${code}` }),
	);
});

test('reads what our writer writes', () => {
	const bytes = Buffer.concat([
		...toAr(
			[
				{ name: 'debian-binary', content: [Buffer.from('2.0\n')] },
				{ name: 'control.tar.zst', content: [Buffer.from('odd')] },
				{ name: 'data.tar', content: [] },
			],
			{ mtime: 1_700_000_000 },
		),
	]);
	const entries = readAr(bytes);
	expect(entries.map(({ path, size, mtime, mode }) => ({ path, size, mtime, mode }))).toEqual([
		{ path: 'debian-binary', size: 4, mtime: 1_700_000_000, mode: 0o100644 & 0o7777 },
		{ path: 'control.tar.zst', size: 3, mtime: 1_700_000_000, mode: 0o644 },
		{ path: 'data.tar', size: 0, mtime: 1_700_000_000, mode: 0o644 },
	]);
	expect(Buffer.from(entries[1]?.bytes ?? []).toString()).toBe('odd');
});

describeWith('ar', 'the real ar', () => {
	test('writes what we read', () => {
		const root = mkdtempSync(join(tmpdir(), 'slipway-ar-'));
		writeFileSync(join(root, 'one'), '1');
		writeFileSync(join(root, 'two'), '22');
		const made = spawnSync('ar', ['rcD', 'out.a', 'one', 'two'], { cwd: root, encoding: 'utf8' });
		expect(made.stderr).toBe('');
		const entries = readAr(readFileSync(join(root, 'out.a')));
		rmSync(root, { recursive: true });
		expect(entries.map(({ path, size }) => [path, size])).toEqual([
			['one', 1],
			['two', 2],
		]);
	});
});
