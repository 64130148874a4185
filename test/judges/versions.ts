import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GO_VERSIONS } from '../../scripts/judges/go-tools.ts';
import { PYTHON_VERSIONS } from '../../scripts/judges/python-tools.ts';

const readFirstLine = (program: string, ...args: readonly string[]): string => {
	const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
	return (stdout || stderr || 'not here').split('\n')[0]?.trim() ?? '';
};

const readNpmVersion = (name: string): string => {
	const file = join(import.meta.dirname, '..', '..', 'node_modules', name, 'package.json');
	return JSON.parse(readFileSync(file, 'utf8')).version;
};

/** Who judged, with which version. */
export const readVersions = (): Readonly<Record<string, string>> => ({
	...GO_VERSIONS,
	...PYTHON_VERSIONS,
	'@sigstore/verify': readNpmVersion('@sigstore/verify'),
	openssl: readFirstLine('openssl', 'version'),
	gpgv: readFirstLine('gpgv', '--version'),
	sqv: readFirstLine('sqv', '--version'),
});
