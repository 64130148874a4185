import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeStage } from '@slipway/archive';
import { REBUILD_GATE } from './rebuild-gate.ts';
import { type Made, makeDeb, makeNpm, makeWorld, toShort, type World } from './release.fixture.ts';

let world: World;
beforeAll(() => {
	world = makeWorld();
});
afterAll(() => world.remove());

const npm = makeNpm();
const deb = makeDeb();
const other = makeNpm({ 'index.js': 'other' });

const run = async (inputs: readonly Made[] | undefined, notes: readonly string[] = []) => {
	const request = await world.toRequest([npm, deb]);
	if (inputs)
		await writeStage(request.release, 'reproduce', {
			tool: { name: 'slipway', version: '1' },
			start: 0,
			end: 1,
			inputs: inputs.map(({ artifact }) => artifact),
			notes,
		});
	return REBUILD_GATE.check(request, world.context);
};

test.each<readonly [string, readonly Made[] | undefined, readonly string[], readonly string[]]>([
	['no second build', undefined, [], ['error npm/greet:rebuild', 'error deb/greet/all:rebuild']],
	['the same bytes', [npm, deb], ['reproducible: 2 of 2 artifacts have the same bytes'], []],
	[
		'other bytes of one',
		[npm, deb],
		[
			'not reproducible: 1 of 2 artifacts differ',
			'greet-1.1.0.tgz: identical',
			'greet_1.1.0-1_all.deb: differs',
		],
		['error deb/greet/all:rebuild'],
	],
	[
		'of other bytes than these',
		[other, deb],
		['reproducible: 2 of 2 artifacts have the same bytes'],
		['error npm/greet:rebuild'],
	],
	[
		'of one artifact only',
		[npm],
		['reproducible: 1 of 1 artifacts have the same bytes'],
		['error deb/greet/all:rebuild'],
	],
	['a record that says nothing', [npm, deb], [], ['error npm/greet:rebuild', 'error deb/greet/all:rebuild']],
])('%s', async (_, inputs, notes, expected) => {
	expect(toShort(await run(inputs, notes))).toEqual(expected);
});

test('the record is named by digest', async () => {
	const { evidence } = await run([npm, deb], ['reproducible: 2 of 2 artifacts have the same bytes']);
	expect(evidence).toEqual([
		{ name: expect.stringMatching(/^records\/reproduce-/), digest: { sha256: expect.any(String) } },
	]);
});

test('a record that is none is no pass', async () => {
	const request = await world.toRequest([npm]);
	mkdirSync(join(request.release.folder, 'records'), { recursive: true });
	writeFileSync(join(request.release.folder, 'records', 'reproduce-x-y.json'), '{}');
	expect(toShort(await REBUILD_GATE.check(request, world.context))).toEqual(['error records']);
});
