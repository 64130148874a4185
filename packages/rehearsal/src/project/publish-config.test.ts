import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unpinRegistry } from './publish-config.ts';
import { readProject } from './read-project.ts';

let folder: string;

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'slipway-pins-'));
});

afterEach(() => {
	rmSync(folder, { recursive: true, force: true });
});

const unpin = async (publishConfig: object, config = '{}') => {
	const packageJson = { name: '@acme/box', version: '1.0.0', publishConfig };
	writeFileSync(join(folder, 'package.json'), JSON.stringify(packageJson, null, '\t'));
	writeFileSync(join(folder, 'slipway.yml'), config);
	const notes = await unpinRegistry(folder, await readProject(folder), 'https://registry.example/');
	return { notes, ...JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) };
};

test.each([[{ registry: 'https://registry.example' }], [{ '@acme:registry': 'https://registry.example/' }]])(
	'the pinned registry %j is left out where it is that of the target',
	async (pin) => {
		const { notes, publishConfig } = await unpin({ ...pin, access: 'public' });
		expect(publishConfig).toEqual({ access: 'public' });
		expect(notes).toEqual([expect.stringContaining('@acme/box was rehearsed without')]);
	},
);

test('the registry that slipway.yml names counts', async () => {
	const config = 'targets: { npm: { type: npm, registry: "https://npm.acme.example" } }';
	expect((await unpin({ registry: 'https://npm.acme.example/' }, config)).notes).toHaveLength(1);
});

test('a package without a pin stays as it is, to the byte', async () => {
	const { notes, publishConfig } = await unpin({ access: 'public' });
	expect({ notes, publishConfig }).toEqual({ notes: [], publishConfig: { access: 'public' } });
	expect(readFileSync(join(folder, 'package.json'), 'utf8')).not.toMatch(/\n$/);
});

test('a package that pins another registry than its target is refused', async () => {
	await expect(unpin({ registry: 'https://elsewhere.example' })).rejects.toMatchObject({
		code: 'REHEARSAL_PROJECT_INVALID',
		message: expect.stringContaining('elsewhere.example'),
	});
});
