import * as v from 'valibot';
import { record } from './schema.ts';

const Tags = record(v.string(), v.string());

test.each<[unknown, object]>([
	[{}, {}],
	[{ latest: '1.0.0' }, { latest: '1.0.0' }],
])('%j is a map', (value, expected) => {
	expect(v.parse(Tags, value)).toEqual(expected);
});

test.each<[unknown, string]>([
	[[], 'expected an object, got a list'],
	[['1.0.0'], 'expected an object, got a list'],
	[null, 'expected an object'],
	['latest', 'expected an object'],
	[1, 'expected an object'],
])('%j is none', (value, message) => {
	expect(v.safeParse(Tags, value).issues).toMatchObject([{ message }]);
});

test('its own words are told', () => {
	const { issues } = v.safeParse(record(v.string(), v.string(), 'expected a map of jobs'), []);
	expect(issues).toMatchObject([{ message: 'expected a map of jobs, got a list' }]);
});
