import type { Context, Subject } from '@slipway/core';
import { isWithdrawn } from '../release/marks.ts';
import { type Release, readLatest, readReleaseByTag } from '../release/release.ts';
import { LATEST, restOf, type Target } from './target.ts';

type Pointer = Subject['pointer'];

const isShown = (release: Release | undefined): boolean => release !== undefined && !isWithdrawn(release);

/**
 * What a pointer names now. `latest`: the tag of the latest release. A pointer of its own (pre-releases, older lines):
 * the tag while its release is published and not withdrawn.
 * @param known the published release of the pointer's tag, where it was read a moment ago
 */
export const readPointer = async (
	target: Target,
	pointer: Pointer,
	{ context, known }: { readonly context: Context; readonly known?: Release | undefined },
): Promise<string | null> => {
	const rest = restOf(target, context);
	if (pointer.name === LATEST) return readLatest(rest);
	const release = known ?? (await readReleaseByTag(rest, pointer.next));
	return isShown(release) ? pointer.next : null;
};

const TRIES = 4;
const PAUSE_MS = 500;

/** Reads until the pointer has left `from`; GitHub may need a moment to show its own change. */
export const readBack = async (
	target: Target,
	pointer: Pointer,
	{ from, context }: { readonly from: string | null; readonly context: Context },
): Promise<string | null> => {
	for (let tries = 1; ; tries += 1) {
		const current = await readPointer(target, pointer, { context });
		if (current !== from || tries === TRIES) return current;
		await context.clock.sleep(PAUSE_MS, context.signal);
	}
};
