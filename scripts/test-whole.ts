// `npm run test:whole`: whole releases, rehearsals and jobs, in processes of their own. Takes jest's arguments.
import { runJest, runSuite } from './run-jest.ts';
import { provideSystemPackages } from './system-packages.ts';

const CONFIG = '--config=jest.whole.config.mjs';
const args = process.argv.slice(2);
if (args.length === 0) provideSystemPackages();
process.exitCode = (args.length > 0 ? runJest(CONFIG, ...args) : runSuite('test:whole', CONFIG)) ? 0 : 1;
