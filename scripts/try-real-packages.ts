// `node scripts/try-real-packages.ts [NAME...]`: init, then a rehearsal of real packages, unpacked from the registry that npm
// is configured to use, as a new user would: no file is edited by hand. Prints one line a package, with its time.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findNpmCli } from '@slipway/process';

const NAMES = ['semver', 'yaml', 'express', 'commander', 'valibot'];
/** From the first command to a green rehearsal, in seconds. */
const LIMIT = 60;
const MAIN = resolve('packages/cli/src/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'slipway-real-'));

const run = (command: readonly string[], cwd: string): string | undefined => {
	const [program = '', ...args] = command;
	const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' });
	return status === 0 ? undefined : `${stdout}${stderr}`.trim();
};

/** undefined: it was unpacked into its folder. */
const unpack = (name: string, into: string): string | undefined => {
	const packed = join(into, 'packed');
	mkdirSync(packed, { recursive: true });
	const failed = run(
		[...findNpmCli(process.env), 'pack', '--silent', '--pack-destination', packed, name],
		into,
	);
	const [file = ''] = readdirSync(packed);
	return failed ?? run(['tar', '-xzf', join(packed, file), '-C', into], into);
};

const tryPackage = (name: string): boolean => {
	const place = join(folder, name);
	mkdirSync(place);
	const missing = unpack(name, place);
	if (missing !== undefined) {
		console.log(`${name}: SKIPPED, npm could not pack it: ${missing.split('\n').at(-1)}`);
		return true;
	}
	const start = performance.now();
	const project = join(place, 'package');
	const failed =
		run([process.execPath, MAIN, 'init', '--quiet'], project) ??
		run([process.execPath, MAIN, 'rehearse', '--quiet'], project);
	const seconds = (performance.now() - start) / 1000;
	const isFine = failed === undefined && seconds <= LIMIT;
	console.log(
		`${name}: ${failed === undefined ? 'green' : 'FAILED'} in ${seconds.toFixed(1)} s (at most ${LIMIT} s)`,
	);
	if (failed !== undefined) console.log(failed);
	return isFine;
};

const wanted = process.argv.slice(2);
const results = (wanted.length > 0 ? wanted : NAMES).map(tryPackage);
rmSync(folder, { recursive: true, force: true });
process.exitCode = results.every(Boolean) ? 0 : 1;
