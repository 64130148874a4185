import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/**
 * Builds the package as npm gets it, with the dependencies of this repository around it. @returns the path of the command
 * @throws Error where it cannot be built
 */
export const buildOwnPackage = (): string => {
	const folder = join(ROOT, 'out', 'bench', 'slipway');
	const argv = ['--no-warnings', join(ROOT, 'scripts', 'build-packages.ts'), folder];
	const { status, stderr } = spawnSync(process.execPath, argv, { cwd: ROOT, encoding: 'utf8' });
	if (status !== 0) throw new Error(`the package could not be built: ${stderr.slice(-400)}`);
	return join(folder, 'bin', 'slipway.js');
};
