// `npm run build:packages`: the package `slipway` as npm gets it, in out/packages/slipway or the folder that is named, and
// beside it an SBOM of what is bundled in it.
// One package with the code of all workspaces: one name to trust, one file to verify, nothing of ours to resolve.
import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundlePackage, EXTERNAL } from './package-bundle.ts';
import { collectWorkspaces, emitPackages } from './package-emit.ts';
import { LIB, type Manifest, toKeptImports, toManifest, toPublicPlaces } from './package-manifest.ts';
import { mergeBundled, toBundledSbom } from './package-parts.ts';
import { bundleRegistry } from './package-registry.ts';

/** Plain syntax, and nothing imported by name: an old Node must get as far as the sentence. */
const BIN = `#!/usr/bin/env node
import * as nodeModule from 'node:module';

if (Number(process.versions.node.split('.')[0]) < 24) {
	console.error(\`slipway needs Node.js 24 or newer, this is \${process.versions.node}. Try: npx --package=node@24 --package=slipway slipway\`);
	process.exitCode = 1;
} else {
	nodeModule.enableCompileCache();
	await import('../${LIB}/cli/src/main.js');
}
`;

const FILES = ['LICENSE', 'README.md', 'slipway.schema.json', 'slipway.policy.schema.json'];

const build = (folder: string): void => {
	const workspaces = collectWorkspaces('slipway');
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(join(folder, 'bin'), { recursive: true });
	const lib = join(folder, LIB);
	const entries = toPublicPlaces(workspaces).map((place) => place.slice(`./${LIB}/`.length));
	const declared = emitPackages(
		workspaces,
		lib,
		entries.map((entry) => `${entry}.d.ts`),
	);
	const registry = bundleRegistry(lib);
	const needed = new Set([...EXTERNAL, ...declared]);
	const manifest = toManifest(workspaces, needed);
	const writeManifest = (imports: Manifest['imports']): void =>
		writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ ...manifest, imports }, null, 2)}\n`);
	// The bundler finds the workspaces by it.
	writeManifest(manifest.imports);
	const bundled = bundlePackage(
		lib,
		entries.map((entry) => `${entry}.js`),
		[registry.file],
	);
	writeManifest(toKeptImports(manifest.imports, folder));
	const bin = join(folder, 'bin', 'slipway.js');
	writeFileSync(bin, BIN);
	chmodSync(bin, 0o755);
	for (const name of FILES) copyFileSync(name, join(folder, name));
	const sbom = toBundledSbom(manifest, mergeBundled([registry.bundled, bundled]));
	writeFileSync(`${folder}-${manifest.version}.tgz.cdx.json`, `${JSON.stringify(sbom, null, 2)}\n`);
};

build(process.argv[2] ?? join('out', 'packages', 'slipway'));
