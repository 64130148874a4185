import { parsePurl } from '@slipway/core';
import { LATEST } from './github-releases.ts';
import { BASE } from './releases.ts';
import type { World } from './world.ts';

const YEAR_MS = 365 * 24 * 3_600_000;

/** What was released before the story begins. */
export const begin = (world: World): void => {
	const now = world.time.now;
	for (const { purl, name: file, digest } of world.manifest(BASE).artifacts) {
		const { type, name } = parsePurl(purl);
		const { sha256 } = digest;
		if (type === 'npm') {
			world.npm.publish(name, { version: BASE, sha256, tag: 'latest', now: now - YEAR_MS });
			world.npm.settle(name);
			world.npm.pointers.set(`${name}@latest`, BASE, now, 'us');
		} else if (type === 'deb') {
			world.apt.pool.set(`pool/${file}`, sha256);
			world.apt.offer(name, BASE, now - YEAR_MS);
			world.apt.pointers.set(name, BASE, now, 'us');
		} else if (type === 'github') {
			const release = world.github.draft(`v${BASE}`, `${file} ${sha256}`);
			release.assets.set(file, sha256);
			release.isDraft = false;
			world.github.pointers.set(LATEST, `v${BASE}`, now, 'us');
		} else {
			world.plain.files.set(file, { sha256, visibleAt: 0 });
			world.plain.pointers.set(name, BASE, now, 'us');
		}
	}
};
