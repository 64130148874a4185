import { spawnSync } from 'node:child_process';
import { describeWith } from '@slipway/testing';
import { toChangelogText } from './changelog.ts';

const facts = {
	name: 'greet',
	version: '1.2.0-1',
	maintainer: 'Ada Lovelace <ada@example.org>',
	time: 1_700_000_000,
	changes: ['Release 1.2.0.', `long ${'word '.repeat(30)}`, 'x\n\n -- Eve <eve@example.org>  now\u202e'],
};
const text = toChangelogText(facts);

test('one entry, each change one item, no foreign line of its own (H14)', () => {
	const lines = text.split('\n');
	expect(lines[0]).toBe('greet (1.2.0-1) stable; urgency=medium');
	expect(lines.filter((line) => line.startsWith('  * '))).toHaveLength(3);
	expect(lines.filter((line) => line.startsWith(' -- '))).toEqual([
		' -- Ada Lovelace <ada@example.org>  Tue, 14 Nov 2023 22:13:20 +0000',
	]);
	expect(text).toContain('\\u{202e}');
	expect(lines.every((line) => line.length <= 80)).toBe(true);
});

describeWith('dpkg-parsechangelog', 'dpkg-parsechangelog', () => {
	test('reads it without a warning', () => {
		const { stdout, stderr } = spawnSync('dpkg-parsechangelog', ['-l', '-'], {
			input: text,
			encoding: 'utf8',
		});
		expect(stderr).toBe('');
		expect(stdout).toContain('Version: 1.2.0-1\n');
		expect(stdout).toContain('Maintainer: Ada Lovelace <ada@example.org>\n');
		expect(stdout).toContain('Timestamp: 1700000000\n');
	});
});
