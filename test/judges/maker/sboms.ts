import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeProjectSbom, readProjectGraph, type Sbom } from '@slipway/sbom';

const FACTS = { license: 'MIT', author: 'Ada Example <ada@example.org>', homepage: 'https://example.org' };
const INTEGRITY = `sha512-${Buffer.alloc(64, 7).toString('base64')}`;

/** A project as npm installed it: two packages, one of which needs the other; each says who made it. */
export const writeProject = (folder: string): string => {
	const packages = {
		'': { name: 'judged', version: '1.0.0', dependencies: { left: '^1.0.0' } },
		'node_modules/left': { version: '1.0.0', integrity: INTEGRITY, dependencies: { right: '^2.0.0' } },
		'node_modules/right': { version: '2.0.0', integrity: INTEGRITY },
	};
	for (const [path, facts] of Object.entries(packages)) {
		mkdirSync(join(folder, path), { recursive: true });
		const name = path.split('/').at(-1) || 'judged';
		writeFileSync(join(folder, path, 'package.json'), JSON.stringify({ name, ...facts, ...FACTS }));
	}
	const lock = { name: 'judged', version: '1.0.0', lockfileVersion: 3, requires: true, packages };
	writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
	return folder;
};

/** The SBOM of a project folder, without what only development needs. */
export const makeSbomOf = async (folder: string): Promise<Sbom> =>
	makeProjectSbom({
		project: await readProjectGraph(folder),
		development: false,
		epoch: 1_700_000_000,
		tool: { name: 'slipway', version: '0.0.0' },
	});
