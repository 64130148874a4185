// `npm run judges`: strangers judge what Slipway made, and what was broken of it. Installs them once (Go modules, PyPI,
// Debian packages), then runs everything on a network that is nothing but loopback: real servers of Sigstore, real
// clients. What each has to say is written down beside it; anything else is a failure.
import { findTool } from '@slipway/testing';
import { type Counts, toCountsLine, writeCounts } from './counts.ts';
import { installJudges } from './judges/install.ts';
import { runIsolated } from './judges/isolate.ts';
import { provideSystemPackages } from './system-packages.ts';

/** What installs and isolates the judges; some of them come with the system. */
const NEEDED = ['go', 'python3', 'unshare', 'ip', 'openssl', 'gpgv', 'sqv'];

const end = (counts: Counts): never => {
	writeCounts('judges', counts);
	console.error(toCountsLine(counts));
	process.exit(counts.failed > 0 ? 1 : 0);
};

/** Where nobody can judge: a laptop goes on with a loud line, CI fails. */
const refuse = (reason: string): never => {
	console.error(`SKIPPED: nobody judged: ${reason}`);
	return end(process.env.CI ? { passed: 0, failed: 1, skipped: 0 } : { passed: 0, failed: 0, skipped: 1 });
};

provideSystemPackages();
const missing = NEEDED.filter(
	(tool) => findTool(tool, { PATH: `${process.env.PATH}:/usr/sbin:/sbin` }) === undefined,
);
if (missing.length > 0) refuse(`they need ${missing.join(', ')}`);
await installJudges().catch((error: Error) => refuse(`they could not be installed: ${error.message}`));
const arguments_ = ['--no-warnings', 'test/judges/run.ts', ...process.argv.slice(2)];
const status = runIsolated([process.execPath, ...arguments_]);
if (status === undefined)
	refuse('neither `unshare --net --map-root-user` nor `sudo -n unshare --net` works here');
process.exitCode = status ?? 1;
