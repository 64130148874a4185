/**
 * Suites of `npm test` that say more in `npm run test:whole`: they ask `isWhole` of @slipway/testing, or hold tests that are
 * `testAtLength`.
 */
export const AT_LENGTH = [
	'packages/archive/src/read/links.test.ts',
	'packages/cli/src/join/verify-chain.test.ts',
	'packages/deb/src/package/compress-member.test.ts',
	'packages/deb/src/package/lintian.test.ts',
	'packages/deb/src/package/same-bytes.test.ts',
	'packages/deb/src/publisher/torn-publish.test.ts',
	'packages/github/src/publisher/github-publisher.test.ts',
	'packages/npm/src/publisher/npm-faults.test.ts',
	'packages/npm/src/registry/publish-document.test.ts',
	'packages/rehearsal/src/npm-registry/npm-front.test.ts',
	'packages/runner/src/cache.test.ts',
	'packages/runner/src/toolkit-services.test.ts',
	'packages/sbom/src/fuzz.test.ts',
	'packages/sign/src/faults.test.ts',
	'packages/store/src/directory-store-crash.test.ts',
	'packages/store/src/git/git-store-history.test.ts',
	'packages/store/src/git/git-store-server.test.ts',
	'packages/store/src/git/git-store.test.ts',
	'packages/store/src/git/squash.test.ts',
	'packages/testing/src/describe-store.test.ts',
	'packages/verify/src/bit-flips.test.ts',
	'test/actions-speech.test.ts',
	'test/actions-trust.test.ts',
	'test/actions.test.ts',
	'test/simulation/simulate.test.ts',
];
