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

const run = async (inputs: readonly Made[] | undefined, outputs: readonly Made[] = []) => {
	const request = await world.toRequest([npm, deb]);
	if (inputs)
		await writeStage(request.release, 'reproduce', {
			tool: { name: 'slipway', version: '1' },
			start: 0,
			end: 1,
			inputs: inputs.map(({ artifact }) => artifact),
			outputs: outputs.map(({ artifact }) => artifact),
			notes: [],
		});
	return REBUILD_GATE.check(request, world.context);
};

test.each<readonly [string, readonly Made[] | undefined, readonly Made[], readonly string[]]>([
	['no second build', undefined, [], ['error npm/greet:rebuild', 'error deb/greet/all:rebuild']],
	['the same bytes', [npm, deb], [npm, deb], []],
	['other bytes of one', [npm, deb], [npm], ['error deb/greet/all:rebuild']],
	['of other bytes than these', [other, deb], [other, deb], ['error npm/greet:rebuild']],
	['of one artifact only', [npm], [npm], ['error deb/greet/all:rebuild']],
	['a record that gives nothing', [npm, deb], [], ['error npm/greet:rebuild', 'error deb/greet/all:rebuild']],
])('%s', async (_, inputs, outputs, expected) => {
	expect(toShort(await run(inputs, outputs))).toEqual(expected);
});

test('the record is named by digest', async () => {
	const { evidence } = await run([npm, deb], [npm, deb]);
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
