/**
 * Whether a suite may take minutes: under `npm run test:whole`, whose configuration lists the suites that say everything
 * briefly in `npm test` and at length there.
 */
export const isWhole = (): boolean => Reflect.get(globalThis, 'SLIPWAY_WHOLE') === true;
