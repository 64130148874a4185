import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findNpmCli, run } from '@slipway/process';
import type { World } from './world.ts';

/** Publishes a version with npm, as the owner, that no release knows of; from then on npm trusts the release workflow. */
export const publishByHand = async (world: World, name: string, version: string): Promise<void> => {
	const { folder, npm, npmOwnerToken, repository } = world.services;
	const place = join(folder, 'by-hand', name, version);
	await mkdir(place, { recursive: true });
	const host = new URL(npm.origin).host;
	const files = {
		'package.json': JSON.stringify({
			name,
			version,
			license: 'MIT',
			repository: `github:${repository.name}`,
		}),
		'.npmrc': `registry=${npm.origin}/\n//${host}/:_authToken=${npmOwnerToken}\n`,
	};
	for (const [path, text] of Object.entries(files)) await writeFile(join(place, path), text);
	const options = ['--no-audit', '--no-fund', '--access', 'public', '--tag', 'latest'];
	const finished = await run([...findNpmCli(), 'publish', ...options], {
		cwd: place,
		// npm writes logs into its home while it packs.
		environment: { PATH: process.env.PATH, HOME: join(folder, 'by-hand') },
	});
	if (finished.code !== 0) throw new Error(`npm publish: ${finished.stderr}`);
	npm.control.trust({
		name,
		repository: repository.name,
		workflow: 'release.yml',
		environment: 'npm',
		allow: ['publish', 'stage', 'dist-tag'],
	});
};
