// `npm test`: the static checks, then every test but the whole ones. With arguments, only jest, with these arguments.
import { runJest, runNode, runSuite } from './run-jest.ts';
import { provideSystemPackages } from './system-packages.ts';

const runAll = (): boolean => {
	provideSystemPackages();
	const checked = runNode('scripts/check.ts');
	const passed = runSuite('test');
	if (!checked)
		console.error('The static checks failed: see the top of this output, or run `npm run check`.');
	return checked && passed;
};

const args = process.argv.slice(2);
process.exitCode = (args.length > 0 ? runJest(...args) : runAll()) ? 0 : 1;
