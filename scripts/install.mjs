// Installs the dependencies when package-lock.json changed since the last install: versions and digests of the lock file.
// Not `npm ci`: it refuses a lock file without the optional packages of other platforms (npm/cli#4828), and npm leaves
// those out of it where a registry does not carry them. `--no-save` keeps the lock file as it is.
// Plain JavaScript that any Node >= 18 runs: it comes before Node 24 is there.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const stamp = 'node_modules/.slipway-install';
const digest = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');
const installed = existsSync(stamp) && readFileSync(stamp, 'utf8') === digest;
if (!installed) {
	console.error('Installing the dependencies, which takes a minute or more the first time.');
	const npm = process.env.npm_execpath;
	const [command, ...args] = npm ? [process.execPath, npm, 'install'] : ['npm', 'install'];
	const result = spawnSync(command, [...args, '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
		stdio: ['ignore', 'inherit', 'inherit'],
	});
	if (result.status !== 0) {
		console.error('Installing the dependencies failed: see the npm output above.');
		process.exit(1);
	}
	writeFileSync(stamp, digest);
}
