import { readKeyValues } from '@slipway/testing';
import { toOutputText } from './output.ts';

test.each(['', 'plain', '{"a":"b<<c=d"}', '%0A::set-output name=x::y', '$(id) `id`', 'ünïcode'])(
	'the runner reads %j back',
	(value) => {
		expect(readKeyValues(toOutputText({ a: value, b: 'next' }))).toEqual({ a: value, b: 'next' });
	},
);

test.each(['a\nb', 'a\r', 'a\u0000', 'a\u001b[31m', 'a\u0085', 'a\u2028b', 'x'.repeat(300_000)])(
	'refuses %#',
	(value) => {
		expect(() => toOutputText({ a: value })).toThrow(
			expect.objectContaining({ code: 'RUNNER_OUTPUT_INVALID' }),
		);
	},
);
