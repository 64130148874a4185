import { findDefault, type Offer, parsePointer, toNextOffers, toPointer } from './offers.ts';

const offer = (version: string, architecture = 'all', digit = 'a'): Offer => ({
	version,
	architecture,
	sha256: digit.repeat(64),
});

test('a pointer is one text for one set of offers', () => {
	const offers = [offer('1.10-1'), offer('1.9-1', 'amd64'), offer('1.9-1', 'all', 'b')];
	const text = `1.9-1 all sha256:${'b'.repeat(64)} 1.9-1 amd64 sha256:${'a'.repeat(64)} 1.10-1 all sha256:${'a'.repeat(64)}`;
	expect(toPointer(offers)).toBe(text);
	expect(toPointer([...offers, ...offers].reverse())).toBe(text);
	expect(toPointer(parsePointer(text))).toBe(text);
	expect(toPointer([])).toBeNull();
	expect(parsePointer(null)).toEqual([]);
});

test.each([
	'1.0',
	'1.0 all',
	'1.0 all sha256:ab',
	`1.0 all sha256:${'a'.repeat(64)}x`,
	`1.0 all sha256:${'a'.repeat(64)}  `,
])('%j is no pointer', (text) => {
	expect(() => parsePointer(text)).toThrow(expect.objectContaining({ code: 'APT_POINTER_INVALID' }));
});

const retention: readonly [name: string, current: string[], ours: string[], keep: number, next: string[]][] =
	[
		['a first version', [], ['1'], 5, ['1']],
		['room for all', ['1', '2'], ['3'], 5, ['1', '2', '3']],
		['the oldest goes', ['1', '2'], ['3'], 2, ['2', '3']],
		['by version, not by text', ['9', '10'], ['11'], 2, ['10', '11']],
		['ours stays, however old', ['2', '3'], ['1'], 2, ['1', '2', '3']],
		['what is there already', ['1', '2'], ['2'], 5, ['1', '2']],
		['only one is kept', ['1~rc1', '1'], ['1.1'], 1, ['1.1']],
	];
test.each(retention)('keep: %s', (_name, current, ours, keep, next) => {
	const toOffers = (versions: readonly string[]) => versions.map((version) => offer(version));
	expect(toNextOffers(toOffers(current), toOffers(ours), keep).map(({ version }) => version)).toEqual(next);
});

test('a version counts once for keep, however many architectures it has', () => {
	const current = [offer('1', 'amd64'), offer('1', 'arm64'), offer('2', 'amd64'), offer('2', 'arm64')];
	expect(toNextOffers(current, [offer('3', 'amd64')], 2).map(({ version }) => version)).toEqual([
		'2',
		'2',
		'3',
	]);
});

test('the default is the highest version of an architecture', () => {
	const offers = [offer('2', 'arm64'), offer('1'), offer('1.5', 'amd64')];
	expect(findDefault(offers, 'amd64')?.version).toBe('1.5');
	expect(findDefault(offers, 'arm64')?.version).toBe('2');
	expect(findDefault(offers, 'riscv64')?.version).toBe('1');
	expect(findDefault([], 'amd64')).toBeUndefined();
});
