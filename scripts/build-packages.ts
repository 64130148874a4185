// `npm run build:packages`: the package `slipway` as npm gets it, in out/packages/slipway or the folder that is named.
// One package with the code of all workspaces: one name to trust, one file to verify, nothing of ours to resolve.
import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleCommand } from './package-command.ts';
import { collectWorkspaces, emitPackages } from './package-emit.ts';
import { LIB, toManifest, toPublicPlaces } from './package-manifest.ts';
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
	const entries = toPublicPlaces(workspaces).map((place) => `${place.slice(`./${LIB}/`.length)}.d.ts`);
	emitPackages(workspaces, join(folder, LIB), entries);
	const bundled = bundleRegistry(join(folder, LIB));
	const manifest = toManifest(workspaces, bundled);
	writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
	// It finds the workspaces by `imports` of the manifest.
	bundleCommand(join(folder, LIB, 'cli', 'src', 'alone', 'apt.js'), join(folder, LIB));
	const bin = join(folder, 'bin', 'slipway.js');
	writeFileSync(bin, BIN);
	chmodSync(bin, 0o755);
	for (const name of FILES) copyFileSync(name, join(folder, name));
};

build(process.argv[2] ?? join('out', 'packages', 'slipway'));
