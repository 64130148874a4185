import { type Context, SlipwayError, toMessage } from '@slipway/core';
import type { ReleaseReport } from '@slipway/release';
import type { Acting } from './operations.ts';
import { statusProject } from './operations.ts';
import { type Door, openProject } from './project.ts';

/**
 * Where the release stands. `unplanned`: the journal knows nothing of this version, so that nothing was published;
 * `unknown`: nobody could ask; `absent`: there is no project here to ask for.
 */
export type Standing =
	| { readonly state: 'known'; readonly report: ReleaseReport }
	| { readonly state: 'unplanned' }
	| { readonly state: 'absent' }
	| { readonly state: 'unknown'; readonly reason: string };

const toStanding = (thrown: unknown): Standing => {
	if (!(thrown instanceof SlipwayError)) return { state: 'unknown', reason: toMessage(thrown) };
	if (thrown.code === 'PLAN_MISSING') return { state: 'unplanned' };
	return { state: 'unknown', reason: `${thrown.code} ${thrown.message}` };
};

/** The project's own name; undefined where there is none to read. */
export const readProjectName = async (door: Door): Promise<string | undefined> =>
	openProject(door).then(
		({ project }) => project,
		() => undefined,
	);

/** Asks the targets where a version stands. What cannot be asked is told, never thrown: a notice must not fail for it. */
export const readStanding = async (
	door: Door,
	options: Acting & { readonly version: string | undefined },
	context: Context,
): Promise<Standing> => {
	const { version, ...acting } = options;
	if (version === undefined || (await readProjectName({ ...door, version })) === undefined)
		return { state: 'absent' };
	try {
		return { state: 'known', report: await statusProject(door, { ...acting, version }, context) };
	} catch (thrown) {
		context.signal.throwIfAborted();
		return toStanding(thrown);
	}
};
