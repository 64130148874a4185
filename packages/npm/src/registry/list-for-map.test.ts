// A list where the registry's documents have a map: valibot takes it for one with "0", "1" … as its names.
import { testContext } from '@slipway/testing';
import { withSmallRegistry } from '../publisher/small-registry.fixture.ts';
import { readDistTags } from './dist-tags.ts';
import { parsePackument } from './read-packument.ts';

const registry = withSmallRegistry();

test.each([
	[[], { state: 'unknown' }],
	[['1.0.0'], { state: 'unknown' }],
	[{}, { state: 'found', value: new Map() }],
	[
		{ latest: '1.0.0', _etag: 'x', odd: 1 },
		{ state: 'found', value: new Map([['latest', '1.0.0']]) },
	],
])('dist-tags %j', async (body, expected) => {
	registry().replies = { '-/package/greet/dist-tags': [200, body] };
	const request = { name: 'greet', context: testContext(''), authorization: undefined };
	expect(await readDistTags(registry().target({}).registry, request)).toMatchObject(expected);
});

test.each(['dist-tags', 'versions', 'time'])('a packument with a list as %s is none', (field) => {
	const read = (value: unknown) =>
		parsePackument(Buffer.from(JSON.stringify({ name: 'greet', [field]: value })), 'greet');
	expect(read({}).name).toBe('greet');
	for (const list of [[], ['1.0.0'], [{}]])
		expect(() => read(list)).toThrow(expect.objectContaining({ code: 'NPM_REPLY_INVALID' }));
});
