import { readWorkflows } from '../join/preview-permissions.ts';
import { readCallers } from './callers.ts';
import type { Check } from './examination.ts';
import { bad, good, type Observation } from './observation.ts';

/** The workflow files that call the library: rights, inputs, secrets, pins, events. Needs no network. */
export const checkCallers: Check = {
	about: 'workflows',
	look: async ({ project }) => {
		const { checkCaller, LIBRARY } = await import('@slipway/workflow');
		const found = checkCaller(await readWorkflows(project), LIBRARY);
		const { file } = await readCallers(project);
		const caller =
			file === undefined
				? bad('warning', 'CALLER_MISSING', {
						about: 'workflows',
						message: 'no workflow file calls the release',
						action: 'Write them with `slipway init`.',
					})
				: good('workflows', `${file} releases; npm has to trust this file`);
		return [
			caller,
			...found.map(
				({ severity, code, file: path, place, message, hint }): Observation => ({
					verdict: severity,
					about: path,
					code,
					message: `${place}: ${message}`,
					action: hint,
				}),
			),
		];
	},
};
