// What is committed in actions/*/dist, or would be: small, quick to start, whole, and the same on every machine.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { provideBundles } from '../scripts/bundle-all.ts';
import { ROOT } from './source-tree.ts';

const MAX_BYTES = 3_000_000;
/** What is loaded before an action knows what it has to do. */
const MAX_START_BYTES = 200_000;

const actions = readdirSync(join(ROOT, 'actions'));
const bundles = provideBundles(false);
const listFiles = async (action: string): Promise<string[]> => {
	const folder = join(ROOT, (await bundles).get(action) ?? '');
	return readdirSync(folder).map((name) => join(folder, name));
};

describe.each(actions)('%s', (action) => {
	test('is small', async () => {
		const files = await listFiles(action);
		expect(files.reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThanOrEqual(MAX_BYTES);
		const start = files.find((file) => file.endsWith('/index.js') || file.endsWith('\\index.js')) ?? '';
		expect(statSync(start).size).toBeLessThanOrEqual(MAX_START_BYTES);
	});

	test('names no path of the machine that made it', async () => {
		const texts = (await listFiles(action)).map((file) => readFileSync(file, 'utf8'));
		expect(texts.filter((text) => text.includes(ROOT) || /\/home\/|\/Users\//.test(text))).toEqual([]);
	});

	test('is an ES module with the licences of what is in it', async () => {
		const names = (await listFiles(action)).map((file) => file.replace(/^.*[\\/]/, ''));
		expect(names.filter((name) => !/^(\d+\.)?index\.js$/.test(name)).sort()).toEqual([
			'licenses.txt',
			'package.json',
		]);
	});
});
