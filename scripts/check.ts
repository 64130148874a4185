// `npm run check`: formatting, lint and types. Seconds; the first thing to run after a change.
import { spawnSync } from 'node:child_process';

const CHECKS = [
	['node_modules/@biomejs/biome/bin/biome', 'check', '--no-errors-on-unmatched', '.'],
	['node_modules/typescript/bin/tsc', '--noEmit'],
];

const results = CHECKS.map((args) => spawnSync(process.execPath, args, { stdio: 'inherit' }).status === 0);
process.exitCode = results.every(Boolean) ? 0 : 1;
