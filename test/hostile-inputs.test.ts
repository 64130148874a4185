// H1 and H2: text that a shell, the runner or an option parser would act on, in every input of every action.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readActionYml, runBundle } from '@slipway/testing';
import { provideBundles } from '../scripts/bundle-all.ts';
import { ROOT } from './source-tree.ts';

const HOSTILE = [
	'$(touch pwned)',
	'`touch pwned`',
	'; touch pwned',
	'&& touch pwned',
	'" && touch pwned && "',
	"' && touch pwned && '",
	'--help',
	'-o/tmp',
	'a\n::set-output name=state::COMPLETED',
	'%0A::add-mask::a',
	'::error::fake',
	'##[add-path]/tmp',
	'<script>alert(1)</script>',
	'../../../etc',
	'\u202egnp.exe',
];

const bundles = provideBundles(false);

/** One run with the same text in all text inputs shows as much as one run for each, where each is checked at the start. */
const runWith = async (action: string, text: string, names: readonly string[]) => {
	const workspace = await mkdtemp(join(tmpdir(), 'hostile-'));
	try {
		await writeFile(
			join(workspace, 'package.json'),
			JSON.stringify({ name: 'greet', version: '1.0.0', private: true }),
		);
		const result = await runBundle(
			{ action: join(ROOT, 'actions', action), dist: join(ROOT, (await bundles).get(action) ?? '') },
			{ workspace, inputs: Object.fromEntries(names.map((name) => [name, text])) },
		);
		return { ...result, files: await readdir(workspace, { recursive: true }) };
	} finally {
		await rm(workspace, { recursive: true, force: true });
	}
};

describe.each(['build-once', 'publish-npm', 'publish-deb', 'expose', 'rollback'])('%s', (action) => {
	test.each(HOSTILE)('%j', async (text) => {
		const { inputs } = await readActionYml(join(ROOT, 'actions', action));
		const names = Object.keys(inputs).filter((name) => !/Allowed:/.test(inputs[name]?.description ?? ''));
		const result = await runWith(action, text, names);
		expect(result.code).toBe(1);
		expect(result.errors).toHaveLength(1);
		expect(result.errors[0]?.properties.title).toMatch(/^[A-Z]+(_[A-Z]+)+$/);
		expect(result.commands.map(({ command }) => command)).toEqual(['error']);
		expect(result.files.filter((file) => file.includes('pwned'))).toEqual([]);
		expect(result.strayWrites).toBe('');
	});
});
