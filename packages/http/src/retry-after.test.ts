import { retryAfterMs } from './retry-after.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');

test.each([
	['seconds', '5', 5_000],
	['zero', '0', 0],
	['a date to come', 'Sat, 21 Nov 2026 12:00:30 GMT', 30_000],
	['a date gone by', 'Sat, 21 Nov 2026 11:00:00 GMT', 0],
	['seconds between blanks', ' 5 ', 5_000],
	['absurdly many seconds', '99999999999999999999999', 600_000],
	['a date in a hundred years', 'Sat, 21 Nov 2126 12:00:00 GMT', 600_000],
	['negative seconds', '-5', undefined],
	['a fraction', '1.5', undefined],
	['an exponent', '1e3', undefined],
	['a word', 'soon', undefined],
	['a date of another form', '2026-11-21T12:00:30Z', undefined],
	['a date and more', 'Sat, 21 Nov 2026 12:00:30 GMT+1', undefined],
	['more and a date', 'on Sat, 21 Nov 2026 12:00:30 GMT', undefined],
	['a day that is none', 'Sat, 99 Nov 2026 12:00:00 GMT', undefined],
	['nothing', '', undefined],
])('%s (F5)', (_name, value, expected) => {
	expect(retryAfterMs(new Headers({ 'retry-after': value }), NOW)).toBe(expected);
});

test('no header', () => {
	expect(retryAfterMs(new Headers(), NOW)).toBeUndefined();
});
