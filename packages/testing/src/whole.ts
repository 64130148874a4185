/**
 * Whether a suite may take minutes: under `npm run test:whole`, whose configuration lists the suites that say everything
 * briefly in `npm test` and at length there.
 */
export const isWhole = (): boolean => Reflect.get(globalThis, 'SLIPWAY_WHOLE') === true;

/** `test`, of which `npm test` knows nothing: the suite is one that `npm run test:whole` runs at length. */
export const testAtLength = (...args: Parameters<typeof test>): void => {
	if (isWhole()) test(...args);
};

/** `describe`, of which `npm test` knows nothing: the suite is one that `npm run test:whole` runs at length. */
export const describeAtLength = (name: string, body: () => void): void => {
	if (isWhole()) describe(name, body);
};
