import type { Context } from '@slipway/core';

/** So often a Release is looked at that does not change, and so often one that does. */
const MOST_STILL = 4;
const MOST_LOOKS = 40;
const PAUSE_MS = 250;

/**
 * Reads what a Release names. A publish writes its indexes before the Release that names them, so that what lies at a
 * plain path may belong to the next one for a moment: what does not fit is read again, by the newest Release, as long as
 * publishes go on, and for a second where none is seen.
 * @throws what reading the Release throws, at once; what reading by it throws, in the end
 */
export const readSettled = async <Release extends { readonly mark: string }, T>(
	readRelease: () => Promise<Release>,
	readBy: (release: Release) => Promise<T>,
	{ clock, signal }: Pick<Context, 'clock' | 'signal'>,
): Promise<{ readonly release: Release; readonly value: T }> => {
	let still = 0;
	let last: string | undefined;
	for (let looks = 1; ; looks += 1) {
		const release = await readRelease();
		still = release.mark === last ? still + 1 : 1;
		last = release.mark;
		try {
			return { release, value: await readBy(release) };
		} catch (thrown) {
			if (signal.aborted || still >= MOST_STILL || looks >= MOST_LOOKS) throw thrown;
		}
		await clock.sleep(PAUSE_MS, signal);
	}
};
