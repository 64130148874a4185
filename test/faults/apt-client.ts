import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '@slipway/process';
import { toToolVerdict } from '@slipway/testing';
import type { World } from './world.ts';

const FOLDERS = [
	'etc/apt/sources.list.d',
	'etc/apt/preferences.d',
	'state/lists/partial',
	'cache/archives/partial',
];

const toConfig = (root: string): string =>
	[
		`Dir::Etc "${root}/etc/apt"`,
		'Dir::Etc::main "/dev/null"',
		'Dir::Etc::parts "/dev/null"',
		`Dir::State "${root}/state"`,
		`Dir::State::status "${root}/status"`,
		`Dir::Cache "${root}/cache"`,
		'APT::Architecture "amd64"',
		'APT::Architectures "amd64"',
		'APT::Sandbox::User ""',
		'Acquire::http::Proxy "DIRECT"',
		'Acquire::Retries "0"',
		'Debug::NoLocking "1"',
		'',
	].join(';\n');

/**
 * F19: the real apt-get reads the repository as a user's machine does, whatever was cut off. Without apt-get a laptop
 * says that nothing was looked at; CI skips nothing.
 * @throws AssertionError with apt-get's own words, or where CI has no apt-get
 */
export const checkApt = async (world: World): Promise<void> => {
	const verdict = toToolVerdict('apt-get');
	assert(verdict !== 'fail', 'expected apt-get on PATH (CI skips nothing): install it before the faults run');
	if (verdict === 'skip') {
		process.stderr.write(
			'SKIPPED: "apt-get reads what the crash left" needs apt-get, which is not installed\n',
		);
		return;
	}
	const root = join(world.base, 'apt-client');
	await rm(root, { recursive: true, force: true });
	for (const folder of FOLDERS) await mkdir(join(root, folder), { recursive: true });
	await writeFile(join(root, 'status'), '');
	await writeFile(join(root, 'apt.conf'), toConfig(root));
	const source = `Types: deb\nURIs: ${world.aptOrigin}\nSuites: stable\nComponents: main\nSigned-By: ${world.publicKeyFile}\n`;
	await writeFile(join(root, 'etc/apt/sources.list.d/faults.sources'), source);
	const { code, stdout, stderr } = await run(['apt-get', 'update'], {
		cwd: root,
		environment: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', APT_CONFIG: join(root, 'apt.conf') },
		timeoutMs: 60_000,
	});
	assert.equal(code, 0, `apt-get update after the crash:\n${stdout}\n${stderr}`);
	assert.doesNotMatch(stdout + stderr, /^(W|E|Err)[: ]/m);
};
