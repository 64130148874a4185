import { readFile } from 'node:fs/promises';
import type { TarEntry } from '@slipway/archive';
import type { DebPackage } from '@slipway/core/config';
import { resolveInProject } from './collect-files.ts';
import { toDebError } from './error.ts';

const invalid = (name: string, source: string, problem: string) =>
	toDebError(
		'DEB_SCRIPT_INVALID',
		`${name} (${source}) ${problem}`,
		'dpkg executes it as root: begin it with "#!/bin/sh" and "set -e", with line feeds only (Policy 6.1).',
	);

/**
 * The maintainer scripts as members of control.tar.
 * @throws SlipwayError DEB_SCRIPT_INVALID, DEB_FILE_MISSING, DEB_FILE_UNSUPPORTED
 */
export const readMaintainerScripts = async (
	scripts: DebPackage['scripts'],
	projectFolder: string,
): Promise<TarEntry[]> => {
	const entries: TarEntry[] = [];
	for (const name of ['preinst', 'postinst', 'prerm', 'postrm'] as const) {
		const source = scripts[name];
		if (source === undefined) continue;
		const content = await readFile(await resolveInProject(projectFolder, source));
		const [interpreter = ''] = content.toString('latin1', 0, 256).split('\n');
		if (!/^#![ \t]*\//.test(interpreter)) throw invalid(name, source, 'does not begin with #! and a path');
		if (interpreter.includes('\r')) throw invalid(name, source, 'has Windows line ends');
		entries.push({ type: 'file', name: `./${name}`, mode: 0o755, content });
	}
	return entries;
};
