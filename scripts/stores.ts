// `npm run stores`: tests of stores on real S3 servers (versitygw, MinIO), which it installs once (Go modules). Takes
// jest's arguments.
import { findTool } from '@slipway/testing';
import { type Counts, toCountsLine, writeCounts } from './counts.ts';
import { runJest, runSuite } from './run-jest.ts';
import { installStores } from './stores/install.ts';
import { provideSystemPackages } from './system-packages.ts';

const CONFIG = '--config=jest.stores.config.mjs';

/** Where the servers cannot be had: a laptop goes on with a loud line, CI fails. */
const refuse = (reason: string): never => {
	const counts: Counts = { passed: 0, failed: process.env.CI ? 1 : 0, skipped: process.env.CI ? 0 : 1 };
	writeCounts('stores', counts);
	console.error(`SKIPPED: no S3 server was asked: ${reason}\n${toCountsLine(counts)}`);
	process.exit(counts.failed);
};

provideSystemPackages();
if (findTool('go') === undefined) refuse('installing them needs go');
await installStores().catch((error: Error) => refuse(`they could not be installed: ${error.message}`));
const args = process.argv.slice(2);
process.exitCode = (args.length > 0 ? runJest(CONFIG, ...args) : runSuite('stores', CONFIG)) ? 0 : 1;
