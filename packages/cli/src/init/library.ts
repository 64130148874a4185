import { SlipwayError, toPrintable } from '@slipway/core';
import type { InitCode } from './code.ts';

/** Where the reusable workflows and actions come from: a repository at one commit, and the version that stands beside it. */
export interface Library {
	/** OWNER/REPO */
	readonly repository: string;
	/** 40 hexadecimal digits. */
	readonly commit: string;
	/** vX.Y.Z, for readers and for tools that keep pins up to date. */
	readonly version: string;
}

const REPOSITORY = /^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/[A-Za-z0-9._-]{1,100}$/;
const COMMIT = /^[0-9a-f]{40}$/;
const VERSION = /^v?\d{1,9}\.\d{1,9}\.\d{1,9}(?:-[0-9A-Za-z.-]{1,64})?$/;

/** Nothing is known: the caller files say so by a commit that no repository has. */
export const PLACEHOLDER: Library = {
	repository: 'OWNER/slipway',
	commit: '0'.repeat(40),
	version: 'v0.0.0',
};

export const isPlaceholder = ({ commit }: Library): boolean => commit === PLACEHOLDER.commit;

/** undefined: one of the three is not what it has to be. */
export const toLibrary = (repository: unknown, commit: unknown, version: unknown): Library | undefined => {
	const [name, id, number] = [repository, commit, version].map((each) =>
		typeof each === 'string' ? each : '',
	) as [string, string, string];
	if (!REPOSITORY.test(name) || !COMMIT.test(id) || !VERSION.test(number)) return undefined;
	return { repository: name, commit: id, version: `v${number.replace(/^v/, '')}` };
};

/**
 * Reads `OWNER/REPO@COMMIT`, with `#vX.Y.Z` behind it where the version is known.
 * @throws SlipwayError INIT_OPTION_INVALID
 */
export const parseLibrary = (text: string): Library => {
	const [, repository, commit, version = PLACEHOLDER.version] =
		/^([^@#]+)@([^#]+)(?:#(.+))?$/.exec(text) ?? [];
	const library = toLibrary(repository, commit, version);
	if (library) return library;
	throw new SlipwayError<InitCode>(
		'INIT_OPTION_INVALID',
		`expected --library OWNER/REPO@COMMIT#vX.Y.Z with a full commit, got ${toPrintable(text, 200)}`,
		{
			hint: 'A tag can be moved, a full commit (40 hexadecimal digits) cannot: name the commit of the version.',
		},
	);
};
