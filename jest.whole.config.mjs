import config from './jest.config.mjs';

/** Suites of `npm test` whose loops are longer here: they ask `isWhole` of @slipway/testing. */
const AT_LENGTH = [
	'packages/cli/src/join/verify-chain.test.ts',
	'packages/github/src/publisher/github-publisher.test.ts',
	'packages/store/src/git/git-store-server.test.ts',
	'packages/verify/src/bit-flips.test.ts',
];

/** Whole releases and rehearsals in processes of their own: minutes, and so apart from `npm test`. */
export default {
	...config,
	testPathIgnorePatterns: ['/node_modules/'],
	testMatch: [
		'<rootDir>/packages/*/src/**/*.whole.test.ts',
		'<rootDir>/test/**/*.whole.test.ts',
		...AT_LENGTH.map((path) => `<rootDir>/${path}`),
	],
	globals: { SLIPWAY_WHOLE: true },
};
