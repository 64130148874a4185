import { ProjectName, SlipwayError } from '@slipway/core';
import * as v from 'valibot';
import type { RehearsalCode } from '../code.ts';

/** What npm takes as a name: words that are one path segment each, older names in upper case too. */
const NPM_NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/i;
const MAX_LENGTH = 214;

/** @throws SlipwayError REHEARSAL_PROJECT_INVALID for a name that npm would not take */
export const checkPackageName = (name: string, where: string): void => {
	if (name.length <= MAX_LENGTH && NPM_NAME.test(name)) return;
	throw new SlipwayError<RehearsalCode>(
		'REHEARSAL_PROJECT_INVALID',
		`expected the name of an npm package in ${where}, got ${JSON.stringify(name.slice(0, 80))}`,
		{ hint: 'Correct `name` in package.json; `npm pkg fix` repairs what npm itself would.' },
	);
};

/** @throws SlipwayError REHEARSAL_PROJECT_INVALID for a name that a Release could not have */
export const checkProjectName = (name: string, folder: string): void => {
	const { success, issues } = v.safeParse(ProjectName, name);
	if (success) return;
	throw new SlipwayError<RehearsalCode>(
		'REHEARSAL_PROJECT_INVALID',
		`${folder}: ${issues[0].message}, got the project name ${JSON.stringify(name.slice(0, 80))}`,
		{ hint: 'Set `project` in slipway.yml.' },
	);
};
