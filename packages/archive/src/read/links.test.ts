import { isWhole } from '@slipway/testing';
import type { ArchiveEntry } from './entry.ts';
import { checkSymlinks } from './links.ts';

/** Of processor time: the machine may have more to do. */
const MAX_MS = 8000;

const LINKS = isWhole() ? 100_000 : 20_000;

const NO_BYTES = new Uint8Array();
const OWNER = { uid: 0, gid: 0, user: '', group: '' };

const link = (path: string, linkName: string): ArchiveEntry => ({
	path,
	type: 'symlink',
	linkName,
	mode: 0o777,
	size: 0,
	mtime: 0,
	bytes: NO_BYTES,
	owner: OWNER,
});
const many = (count: number, toTarget: (index: number) => string): readonly ArchiveEntry[] =>
	Array.from({ length: count }, (_, index) => link(`l${index}`, toTarget(index)));
const code = (expected: string) => expect.objectContaining({ name: 'SlipwayError', code: expected });

test.each<[string, readonly ArchiveEntry[]]>([
	['many short segments', many(LINKS, () => 'a/'.repeat(2047))],
	['many empty segments', many(LINKS, () => './'.repeat(2047))],
	['up and down', many(LINKS, () => 'a/../'.repeat(819))],
	['one long segment each', many(LINKS, () => 'a'.repeat(4096))],
	[
		'each through the one before, ever longer',
		many(LINKS, (n) => `l${n - (n % 40 ? 1 : 0)}/${'a/'.repeat(2000)}`).slice(1),
	],
	['each through the one before, many times', many(LINKS, (n) => (n ? 'l0/../'.repeat(600) : 'd'))],
])('many thousand links, %s, are refused before they cost time', (_name, entries) => {
	const start = process.threadCpuUsage();
	expect(() => checkSymlinks(entries, false)).toThrow(
		expect.objectContaining({ code: expect.stringMatching(/^ARCHIVE_(LIMIT_EXCEEDED|LINK_UNSAFE)$/) }),
	);
	expect(process.threadCpuUsage(start).user / 1000).toBeLessThan(MAX_MS);
});

test('long targets end at the limit', () => {
	expect(() =>
		checkSymlinks(
			many(LINKS, () => 'a/'.repeat(2047)),
			false,
		),
	).toThrow(code('ARCHIVE_LIMIT_EXCEEDED'));
});

test('many thousand links as packages have them are followed', () => {
	expect(() =>
		checkSymlinks(
			many(LINKS, (n) => `../l/store/p${n}/x`.slice(3)),
			false,
		),
	).not.toThrow();
});

test('40 links on the way are followed, 41 are too many, in whatever order they come', () => {
	const chain = (length: number) => many(length + 1, (n) => (n === 0 ? 'file' : `l${n - 1}`));
	for (const order of [chain(40), chain(40).toReversed()])
		expect(() => checkSymlinks(order, false)).not.toThrow();
	for (const order of [chain(41), chain(41).toReversed()])
		expect(() => checkSymlinks(order, false)).toThrow(code('ARCHIVE_LINK_UNSAFE'));
});
