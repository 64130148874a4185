import { AT_LENGTH } from './scripts/at-length.mjs';

/** Where `npm run test:whole` comes next anyway, they run there alone. */
const LATER = process.env.SLIPWAY_WHOLE_FOLLOWS ? AT_LENGTH.map((path) => `/${path}$`) : [];

/** @type {import('jest').Config} */
export default {
	testEnvironment: './scripts/jest-environment.mjs',
	extensionsToTreatAsEsm: ['.ts'],
	transform: { '\\.ts$': './scripts/jest-transform.mjs' },
	testMatch: ['<rootDir>/packages/*/src/**/*.test.ts', '<rootDir>/test/**/*.test.ts'],
	testPathIgnorePatterns: ['/node_modules/', '\\.(?:whole|stores)\\.test\\.ts$', ...LATER],
	modulePathIgnorePatterns: ['<rootDir>/.cache/', '<rootDir>/out/', '/dist/'],
	// Ends what hangs; nothing is measured by it. Machines of CI may be busy with other work.
	testTimeout: process.env.CI ? 240_000 : 120_000,
	// Starting a child costs a process what its memory has grown to: forty times as much at half a gigabyte as at the start.
	workerIdleMemoryLimit: '400MB',
	// Not in the folder of temporary files, which goes with each run.
	cacheDirectory: '<rootDir>/.cache/jest',
};
