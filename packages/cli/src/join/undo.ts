import { type Context, SlipwayError } from '@slipway/core';
import { abort, type ReleaseReport, restore, rollback } from '@slipway/release';
import { type Acting, toProject } from './operations.ts';
import { type Door, type JoinCode, openProject } from './project.ts';

const requireReason = (reason: string | undefined, operation: string): string => {
	if (reason?.trim()) return reason;
	throw new SlipwayError<JoinCode>('REASON_MISSING', `expected a reason for the ${operation}, got none`, {
		hint: 'Say why with --reason TEXT; it is recorded, and users may read it.',
	});
};

export interface UndoOptions extends Acting {
	readonly version: string;
	readonly reason: string | undefined;
	readonly act: boolean;
	readonly to?: string | undefined;
	/** An npm token that may deprecate, which trusted publishing cannot; never used where that can. */
	readonly npmToken?: string | undefined;
}

/** npm reads a token of this name wherever its configuration has none for the address. */
const withNpmToken = (door: Door, token: string | undefined): Door =>
	token === undefined ? door : { ...door, environment: { ...door.environment, NODE_AUTH_TOKEN: token } };

/** The project and what its operation is asked; a dry run holds no credentials as a rule, and needs none. */
const toUndo = async (door: Door, { npmToken, ...options }: UndoOptions) => {
	const { version, act } = options;
	const project = await openProject({ ...withNpmToken(door, npmToken), version });
	return { ...options, ...(await toProject(project, options, { needsCredentials: act })) };
};

/** @throws SlipwayError REASON_MISSING, and as rollback */
export const rollbackProject = async (
	door: Door,
	options: UndoOptions,
	context: Context,
): Promise<ReleaseReport> => {
	const reason = requireReason(options.reason, 'rollback');
	return rollback({ ...(await toUndo(door, options)), reason }, context);
};

export const restoreProject = async (
	door: Door,
	options: UndoOptions,
	context: Context,
): Promise<ReleaseReport> =>
	restore({ ...(await toUndo(door, options)), reason: options.reason ?? null }, context);

/** @throws SlipwayError REASON_MISSING, and as abort */
export const abortProject = async (
	door: Door,
	options: Omit<UndoOptions, 'act'>,
	context: Context,
): Promise<ReleaseReport> => {
	const reason = requireReason(options.reason, 'abort');
	return abort({ ...(await toUndo(door, { ...options, act: true })), reason }, context);
};
