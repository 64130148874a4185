import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { hashBytes, type Release, readRelease, readStageRecords } from '@slipway/archive';
import { SlipwayError } from '@slipway/core';
import { testContext } from '@slipway/testing';
import { buildProject } from './build.ts';
import { type OpenProject, openProject } from './project.ts';
import { makeSboms, sbomProject } from './sbom.ts';

let temp: string;
let folder: string;

const write = async (files: Record<string, string | object>): Promise<void> => {
	for (const [path, content] of Object.entries(files)) {
		await mkdir(dirname(join(folder, path)), { recursive: true });
		await writeFile(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content));
	}
};

beforeEach(async () => {
	temp = await mkdtemp(join(tmpdir(), 'sbom-join-'));
	folder = join(temp, 'project');
	await mkdir(join(temp, 'run'));
	await write({
		'package.json': {
			name: '@acme/greet',
			version: '1.0.0',
			license: 'Apache-2.0',
			author: 'Ada Example <ada@example.org>',
			repository: 'github:acme/greet',
			description: 'greets',
			homepage: 'https://example.org/greet',
			files: ['main.js'],
			dependencies: { a: '^1.0.0' },
			devDependencies: { tool: '^1.0.0' },
		},
		'main.js': 'export {};\n',
		'package-lock.json': {
			name: '@acme/greet',
			version: '1.0.0',
			lockfileVersion: 3,
			packages: {
				'': {
					name: '@acme/greet',
					version: '1.0.0',
					dependencies: { a: '^1.0.0' },
					devDependencies: { tool: '^1.0.0' },
				},
				'node_modules/a': {
					version: '1.0.0',
					integrity: `sha512-${Buffer.alloc(64, 1).toString('base64')}`,
					license: 'MIT',
				},
				'node_modules/tool': { version: '1.0.0', dev: true },
			},
		},
		'node_modules/a/package.json': {
			name: 'a',
			version: '1.0.0',
			license: 'MIT',
			author: { name: 'Bob', url: 'https://example.org/bob' },
		},
		'slipway.yml': [
			'targets:',
			'  npm: {type: npm}',
			'deb:',
			'  - name: greet',
			'    architecture: all',
			'    copyright: 2026 Ada Example',
			'    depends: ["nodejs (>= 18)"]',
			'    files: [{source: main.js, target: /usr/share/greet/main.js}]',
			'sbom: {merge: [build/*.json]}',
		].join('\n'),
		'build/greet_1.0.0-1_all.deb.cdx.json': {
			bomFormat: 'CycloneDX',
			specVersion: '1.6',
			components: [{ type: 'library', name: 'serde', version: '1.0.0', purl: 'pkg:cargo/serde@1.0.0' }],
		},
	});
});
afterEach(() => rm(temp, { recursive: true }));

const toContext = () => testContext(join(temp, 'run'));

const build = async (): Promise<{ project: OpenProject; release: Release }> => {
	const environment = { PATH: process.env.PATH, HOME: temp, SOURCE_DATE_EPOCH: '1700000000' };
	const project = await openProject({ folder, environment });
	return { project, release: await buildProject(project, toContext(), { test: false }) };
};

const readJson = async (release: Release, path: string) =>
	JSON.parse(await readFile(join(release.folder, path), 'utf8'));

test('each artifact has both SBOMs, bound to its digest, and the stage its record', async () => {
	const { project, release } = await build();
	const report = await sbomProject(project, release, toContext());
	const names = release.manifest.artifacts.map(({ name }) => name);
	expect((await readdir(join(release.folder, 'sbom'))).sort()).toEqual(
		names.flatMap((name) => [`${name}.cdx.json`, `${name}.spdx.json`]).sort(),
	);
	for (const { name, path, digest, purl } of release.manifest.artifacts) {
		const { component } = (await readJson(release, `sbom/${name}.cdx.json`)).metadata;
		const { sha512 } = hashBytes(await readFile(join(release.folder, path))).digest;
		expect(component).toMatchObject({
			purl,
			hashes: [
				{ alg: 'SHA-256', content: digest.sha256 },
				{ alg: 'SHA-512', content: sha512 },
			],
		});
	}
	const records = (await readStageRecords(release)).filter(({ record }) => record.stage === 'sbom');
	expect(records).toHaveLength(1);
	expect(records[0]?.record.inputs.map(({ name }) => name)).toEqual(names);
	expect(records[0]?.record.outputs).toHaveLength(2 * names.length);
	expect(report.kept).toBe(false);
});

test('the npm package: production dependencies only, with what the installed package says of itself', async () => {
	const { project, release } = await build();
	await sbomProject(project, release, toContext());
	const bom = await readJson(release, 'sbom/acme-greet-1.0.0.tgz.cdx.json');
	expect(bom.components).toHaveLength(1);
	expect(bom.components[0]).toMatchObject({
		purl: 'pkg:npm/a@1.0.0',
		scope: 'required',
		supplier: { name: 'Bob', url: ['https://example.org/bob'] },
		licenses: [{ license: { id: 'MIT' } }],
		hashes: [{ alg: 'SHA-512', content: '01'.repeat(64) }],
	});
});

test('the .deb: its files, what it depends on, and the ready SBOM named after it', async () => {
	const { project, release } = await build();
	await sbomProject(project, release, toContext());
	const deb = release.manifest.artifacts.find(({ name }) => name.endsWith('.deb'));
	const bom = await readJson(release, `sbom/${deb?.name}.cdx.json`);
	expect(bom.components.map(({ purl }: { purl: string }) => purl)).toEqual([
		'pkg:cargo/serde@1.0.0',
		'pkg:deb/nodejs',
	]);
	const document = await readJson(release, `sbom/${deb?.name}.spdx.json`);
	expect(document.files.map(({ fileName }: { fileName: string }) => fileName)).toContain(
		'./usr/share/greet/main.js',
	);
	expect(document.packages.find(({ name }: { name: string }) => name === 'nodejs')).toMatchObject({
		versionInfo: 'NOASSERTION',
		supplier: 'NOASSERTION',
	});
});

test('again: the same bytes, the same record, and no second look at the project', async () => {
	const { project, release } = await build();
	const first = await sbomProject(project, release, toContext());
	const before = await readStageRecords(release);
	expect((await makeSboms(project, release, toContext())).kept).toBe(true);
	await rm(join(folder, 'node_modules'), { recursive: true });
	const kept = await sbomProject(project, release, toContext());
	expect(kept.kept).toBe(true);
	expect(kept.sboms.map(({ score }) => score.score)).toEqual(first.sboms.map(({ score }) => score.score));
	expect(await readStageRecords(release)).toEqual(before);
});

test('an SBOM that was changed or removed is made again', async () => {
	const { project, release } = await build();
	await sbomProject(project, release, toContext());
	const path = join(release.folder, 'sbom', 'acme-greet-1.0.0.tgz.spdx.json');
	const bytes = await readFile(path);
	await writeFile(path, '{}');
	await writeFile(join(release.folder, 'sbom', 'stranger.json'), '{}');
	await sbomProject(project, release, toContext());
	expect(await readFile(path)).toEqual(bytes);
	expect(await readdir(join(release.folder, 'sbom'))).not.toContain('stranger.json');
});

test('a pattern that finds no ready SBOM, and a changed artifact, stop the stage', async () => {
	const { project, release } = await build();
	await rm(join(folder, 'build'), { recursive: true });
	await expect(makeSboms(project, release, toContext())).rejects.toThrow(
		expect.objectContaining({ constructor: SlipwayError, code: 'SBOM_SOURCE_MISSING' }),
	);
	await write({ 'build/x.json': { bomFormat: 'CycloneDX', specVersion: '1.6' } });
	await writeFile(join(release.folder, 'artifacts', 'acme-greet-1.0.0.tgz'), 'other');
	await expect(makeSboms(project, await readRelease(release.folder), toContext())).rejects.toThrow(
		expect.objectContaining({ constructor: SlipwayError, code: 'RELEASE_ARTIFACT_CHANGED' }),
	);
});
