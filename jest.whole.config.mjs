import config from './jest.config.mjs';
import { AT_LENGTH } from './scripts/at-length.mjs';

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
