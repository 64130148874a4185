import type { FaultEffect } from '../github/index.ts';
import type { FaultTarget } from './fault.ts';

/** Nothing but GitHub is there to be hit. */
export const goesToGitHubOnly = ({ npmNames, repositories, releases }: FaultTarget): boolean =>
	npmNames.length === 0 && repositories.length === 0 && releases.length > 0;

/** A path below a repository, whose name has no sign of a pattern but the dot. */
const toPath = (prefix: string, name: string, rest: string): RegExp =>
	new RegExp(`/${prefix}repos/${name.replaceAll('.', '\\.')}/${rest}`, 'i');

/** What the next uploads of files to the project's repositories meet. */
export const spoilUploads = (
	{ services, releases, note }: FaultTarget,
	fault: FaultEffect & { readonly times?: number },
	text: string,
): void => {
	for (const name of releases) {
		const path = toPath('uploads/', name, '');
		services.github?.misbehave({ ...fault, method: 'POST', path, onStrike: () => note(text) });
	}
};

/** The next reads of releases show what was there when the fault was asked for. */
export const serveOldReleases = ({ services, releases, note }: FaultTarget, times: number): void => {
	for (const name of releases) {
		const path = toPath('', name, 'releases');
		const onStrike = () => note('a cache answered a read of the releases with what was there before');
		services.github?.misbehave({ kind: 'stale', method: 'GET', path, times, onStrike });
	}
};
