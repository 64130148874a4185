import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import { toPage } from '../bench/report/page.ts';
import type { BenchResult } from '../bench/report/result.ts';
import { inTurns } from '../bench/row.ts';

const LOAD = { start: [0.1, 0.2, 0.3], end: [1, 0.5, 0.4] };
const RESULT: BenchResult = {
	version: 1,
	machine: 'Node v24, 2 cores (<b>Processor</b>)',
	commit: '0123456789ab',
	start: '2026-11-21T12:00:00.000Z',
	end: '2026-11-21T12:01:00.000Z',
	peers: [
		{ name: 'dpkg-deb', version: "Debian 'dpkg-deb' 1.21", install: 'apt-get install dpkg' },
		{ name: 'nfpm', install: 'go install nfpm' },
	],
	results: [
		{
			name: 'deb',
			command: 'npm run bench -- deb',
			load: LOAD,
			rows: [
				{ name: 'a .deb', unit: 'ms', median: 500, min: 450, max: 700 },
				{ name: 'memory', unit: 'MiB', median: 200, min: 200, max: 200, wanted: { atMost: 150 } },
				{
					name: 'a .deb',
					unit: 'ms',
					median: 600,
					min: 600,
					max: 650,
					peer: 'dpkg-deb 1.21',
					ratio: 1.2,
					wanted: { ratioAtLeast: 1 },
				},
			],
		},
		{ name: 'sign', command: 'npm run bench -- sign', load: LOAD },
	],
};

const page = toPage(RESULT);

test('the result is what its schema says', () => {
	const file = join(import.meta.dirname, '../docs/reference/bench-result.v1.schema.json');
	const validate = new Ajv2020.default({ allErrors: true }).compile(JSON.parse(readFileSync(file, 'utf8')));
	expect(validate(RESULT) ? [] : validate.errors).toEqual([]);
	expect(validate({ ...RESULT, results: [{ name: 'deb', load: LOAD }] })).toBe(false);
});

test('one chart for each piece of work, with a bar for each contestant', () => {
	expect(page.match(/<svg /g)).toHaveLength(2);
	expect(page.match(/<rect class="own"/g)).toHaveLength(2);
	expect(page.match(/<rect class="peer"/g)).toHaveLength(1);
	expect(page.match(/class="spread"/g)).toHaveLength(3);
	expect(page.match(/class="limit"/g)).toHaveLength(1);
});

test('it says what is met, missed, failed and not installed, and how to repeat it', () => {
	for (const text of [
		'at least 1.0 times: met',
		'at most 150: MISSED',
		'It failed',
		'not installed: <code>go install nfpm</code>',
		'npm run bench -- deb',
		'600 to 650 ms',
		'0.1, 0.2, 0.3 before, 1.0, 0.5, 0.4 after',
	])
		expect(page).toContain(text);
});

test('it asks nobody for anything, and foreign text is escaped', () => {
	expect(page).not.toMatch(/<script|https?:|src=|@import|url\(/);
	expect(page).not.toContain('<b>');
});

test('contestants take turns in both orders', async () => {
	const order: string[] = [];
	const run = (name: string) => () => order.push(name);
	const results = await inTurns(3, { a: run('a'), b: run('b') });
	expect(order.join('')).toBe('abbaab');
	expect(results).toEqual({ a: [1, 4, 5], b: [2, 3, 6] });
});
