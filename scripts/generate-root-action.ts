import { readFileSync } from 'node:fs';

/** action.yml at the root of the repository: the action `release`, whose bundle it runs. */
export const toRootAction = (): string =>
	[
		'# Generated from actions/release/action.yml by `npm run generate`.',
		readFileSync('actions/release/action.yml', 'utf8').replace(
			'main: dist/index.js',
			'main: actions/release/dist/index.js',
		),
	].join('\n');
