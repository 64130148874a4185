import config from './jest.config.mjs';

/** Stores on real S3 servers, which `npm run stores` installs. */
export default {
	...config,
	testPathIgnorePatterns: ['/node_modules/'],
	testMatch: ['<rootDir>/packages/*/src/**/*.stores.test.ts', '<rootDir>/test/**/*.stores.test.ts'],
	testTimeout: 60_000,
};
