/** Suites of `npm test` whose loops are longer in `npm run test:whole`: they ask `isWhole` of @slipway/testing. */
export const AT_LENGTH = [
	'packages/cli/src/join/verify-chain.test.ts',
	'packages/github/src/publisher/github-publisher.test.ts',
	'packages/store/src/git/git-store-server.test.ts',
	'packages/verify/src/bit-flips.test.ts',
];
