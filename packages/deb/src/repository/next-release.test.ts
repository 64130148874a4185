import { testContext, VirtualClock } from '@slipway/testing';
import type { EditedIndex } from './edit-suite.ts';
import { toNextRelease, verifyClock, waitForDate } from './next-release.ts';
import { toHistoryPath } from './paths.ts';
import type { Suite } from './read-suite.ts';
import type { Release } from './release-file.ts';
import type { Repository } from './repository.ts';

const NOW = Date.parse('2026-11-21T05:19:00.250Z');
const DATE = Date.parse('2026-11-21T05:19:00Z');

const release = (more: Partial<Release> = {}): Release => ({
	suite: 'stable',
	codename: 'hull',
	origin: 'Old',
	label: 'Old',
	date: DATE,
	validUntil: null,
	serial: 7,
	architectures: ['amd64'],
	components: ['main'],
	files: new Map(),
	removed: [],
	others: [],
	...more,
});

const repository = (more: Partial<Repository> = {}): Repository =>
	({ origin: 'Example', label: 'Label', architectures: ['arm64'], ...more }) as Repository;

const suite = (more: Partial<Suite> = {}): Suite => ({
	name: 'stable',
	release: release(),
	inRelease: null,
	text: '',
	releaseVersion: null,
	history: [],
	...more,
});

describe('the date', () => {
	const wait = async (ahead: number | null) => {
		const clock = new VirtualClock(NOW);
		const served = ahead === null ? null : release({ date: DATE + ahead });
		const date = await waitForDate(served, testContext('', clock));
		return [date - DATE, clock.now() - NOW];
	};

	test.each([
		['nothing is served', null, 0, 0],
		['an older one', -86_400_000, 0, 0],
		['this second', 0, 1000, 0],
		['seconds ahead', 4000, 5000, 0],
		['as far as nobody notices', 4250, 5250, 0],
		['a little too far', 4251, 5251, 1],
		['too far: wait', 10_000, 11_000, 5750],
		['as far as is waited for', 64_250, 65_250, 60_000],
	])('%s', async (_name, ahead, date, waited) => {
		expect(await wait(ahead)).toEqual([date, waited]);
	});

	test('more than a minute ahead is refused', async () => {
		await expect(wait(64_251)).rejects.toMatchObject({
			code: 'APT_DATE_AHEAD',
			message: expect.stringContaining('2026-11-21T05:20:04.251Z'),
		});
	});

	test('whoever waits can be cancelled', async () => {
		const context = testContext('', new VirtualClock(NOW));
		context.abort(new Error('enough'));
		await expect(waitForDate(release({ date: DATE + 10_000 }), context)).rejects.toThrow('enough');
	});
});

describe('the clock', () => {
	const check = (offset: number | null | undefined) => {
		const serverClock = async (signal: AbortSignal) => {
			signal.throwIfAborted();
			return offset === null ? null : NOW - (offset ?? 0);
		};
		const given = offset === undefined ? repository() : repository({ serverClock });
		return verifyClock(given, testContext('', new VirtualClock(NOW)));
	};

	test.each([undefined, null, 0, 5500, -5500])('%s ms off is fine', async (offset) => {
		await expect(check(offset)).resolves.toBeUndefined();
	});

	test.each([
		[5501, '5.5 s off'],
		[-60_000, '-60.0 s off'],
	])('%d ms off is refused', async (offset, said) => {
		await expect(check(offset)).rejects.toMatchObject({
			code: 'APT_CLOCK_WRONG',
			message: expect.stringContaining(said),
		});
	});
});

const file = (size: number) => ({ size, sha256: String(size).repeat(64) });
const edited = (folder: string, size: number): EditedIndex => ({
	folder,
	files: [{ name: 'Packages.gz', bytes: null, ...file(size) }],
});

describe('the next Release', () => {
	test('of a suite that there was not yet', () => {
		const next = toNextRelease(repository(), suite({ release: null }), {
			indexes: [edited('main/binary-arm64', 1)],
			removed: ['pool/x.deb'],
			date: DATE,
		});
		expect(next).toEqual({
			suite: 'stable',
			codename: 'stable',
			origin: 'Example',
			label: 'Label',
			date: DATE,
			validUntil: null,
			serial: 1,
			architectures: ['arm64'],
			components: ['main'],
			files: new Map([['main/binary-arm64/Packages.gz', file(1)]]),
			removed: ['pool/x.deb'],
			others: [],
		});
	});

	test('keeps what it does not manage, and adds what is new', () => {
		const others = [['Description', 'old'] as const, ['Changelogs', 'no'] as const];
		const next = toNextRelease(repository(), suite({ release: release({ others }) }), {
			indexes: [edited('contrib/binary-arm64', 1), edited('main/binary-arm64', 1)],
			removed: [],
			date: DATE,
		});
		expect(next).toMatchObject({
			codename: 'hull',
			serial: 8,
			architectures: ['amd64', 'arm64'],
			components: ['main', 'contrib'],
			others,
		});
	});

	test('every form of an edited index goes, and those of others stay', () => {
		const names = ['Packages', 'Packages.gz', 'Packages.xz', 'PackagesX', 'Release', 'a/Packages'];
		const files = new Map(
			['main/binary-amd64', 'main/binary-arm64'].flatMap((folder) =>
				names.map((name) => [`${folder}/${name}`, file(1)] as const),
			),
		);
		const next = toNextRelease(repository(), suite({ release: release({ files }) }), {
			indexes: [edited('main/binary-amd64', 2)],
			removed: [],
			date: DATE,
		});
		const own = [...next.files].filter(([path]) => path.startsWith('main/binary-amd64/'));
		expect(own.map(([path, { size }]) => `${path.slice(18)} ${size}`)).toEqual([
			'PackagesX 1',
			'Release 1',
			'a/Packages 1',
			'Packages.gz 2',
		]);
		expect(next.files.size).toBe(4 + names.length);
		expect(files.size).toBe(2 * names.length);
	});

	test.each([
		[undefined, null],
		[30, DATE + 30 * 86_400_000],
	])('valid for %s days', (validDays, validUntil) => {
		const given = repository(validDays === undefined ? {} : { validDays });
		expect(toNextRelease(given, suite(), { indexes: [], removed: [], date: DATE })).toMatchObject({
			validUntil,
			date: DATE,
		});
	});

	test('a description is replaced, however its name is written', () => {
		const others = [['DESCRIPTION', 'old'] as const, ['Changelogs', 'no'] as const];
		const given = repository({ description: 'new' });
		const next = toNextRelease(given, suite({ release: release({ others }) }), {
			indexes: [],
			removed: [],
			date: DATE,
		});
		expect(next.others).toEqual([
			['Changelogs', 'no'],
			['Description', 'new'],
		]);
	});

	test.each([
		['what is served', 7, [6], 8],
		['what was served, where an older state was put back', 7, [6, 12], 13],
		['the one state that was archived', 7, [12], 13],
		['nothing', 0, [], 1],
	])('its serial is above %s', (_name, serial, history, next) => {
		const paths = history.map((number) => toHistoryPath('stable', number, 'a'.repeat(64)));
		const given = suite({ release: release({ serial }), history: paths });
		expect(toNextRelease(repository(), given, { indexes: [], removed: [], date: DATE }).serial).toBe(next);
	});
});
