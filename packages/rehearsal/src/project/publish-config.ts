import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SlipwayError } from '@slipway/core';
import type { RehearsalCode } from '../code.ts';
import type { Project } from './read-project.ts';

const toHost = (text: unknown): string =>
	typeof text === 'string' && URL.canParse(text) ? new URL(text).host : String(text).slice(0, 100);

const isRegistry = (key: string): boolean => key === 'registry' || key.endsWith(':registry');

/** Hosts that the npm targets publish to in earnest. */
const toRealHosts = ({ config }: Project, configured: string | undefined): readonly string[] =>
	Object.values(config.targets).flatMap((target) => {
		const registry = target.type === 'npm' ? (target.registry ?? configured) : undefined;
		return registry === undefined ? [] : [toHost(registry)];
	});

/**
 * Takes the real registry out of the package.json files of a copy, where `publishConfig` pins it: a pinned package would
 * be refused by the embedded one. Packages that pin another registry than their target's are refused as in earnest.
 * @returns a sentence for each package whose tarball differs by that
 * @throws SlipwayError REHEARSAL_PROJECT_INVALID
 */
export const unpinRegistry = async (
	folder: string,
	project: Project,
	configured: string | undefined,
): Promise<readonly string[]> => {
	const hosts = toRealHosts(project, configured);
	const notes: string[] = [];
	for (const { name, folder: path } of project.npmPackages) {
		const file = join(folder, path, 'package.json');
		const text = await readFile(file, 'utf8');
		const { publishConfig = {}, ...rest } = JSON.parse(text);
		const pins = Object.entries(publishConfig).filter(([key]) => isRegistry(key));
		if (pins.length === 0 || hosts.length === 0) continue;
		const foreign = pins.map(([, value]) => toHost(value)).find((host) => !hosts.includes(host));
		if (foreign !== undefined)
			throw new SlipwayError<RehearsalCode>(
				'REHEARSAL_PROJECT_INVALID',
				`${name}: expected publishConfig to name the registry of the npm target (${hosts.join(', ')}), got ${foreign}`,
				{ hint: 'Set `registry` of the npm target in slipway.yml to where this package is to go.' },
			);
		const kept = Object.entries(publishConfig).filter(([key]) => !isRegistry(key));
		const indent = /^[ \t]+/m.exec(text)?.[0] ?? '  ';
		const changed = { ...rest, publishConfig: Object.fromEntries(kept) };
		await writeFile(file, `${JSON.stringify(changed, null, indent)}\n`);
		notes.push(`${name} was rehearsed without its publishConfig registry: its tarball differs in that.`);
	}
	return notes;
};
