// Installs the dependencies when package-lock.json changed since the last install.
// Plain JavaScript that any Node >= 18 runs: it comes before Node 24 is there.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const stamp = 'node_modules/.slipway-install';
const digest = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');
const installed = existsSync(stamp) && readFileSync(stamp, 'utf8') === digest;
if (!installed) {
	const npm = process.env.npm_execpath;
	const [command, ...args] = npm ? [process.execPath, npm, 'ci'] : ['npm', 'ci'];
	const result = spawnSync(command, [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
		stdio: ['ignore', 'inherit', 'inherit'],
	});
	if (result.status !== 0) {
		console.error('Installing the dependencies failed: see the npm output above.');
		process.exit(1);
	}
	writeFileSync(stamp, digest);
}
