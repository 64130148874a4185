const MAX_TRIES = 2000;
/** What is slow itself is not cut to its end. */
const MAX_MS = 15_000;

/**
 * Cuts out what is not needed for a failure, in ever smaller pieces (delta debugging).
 * @param fails whether bytes still fail
 */
export const minimize = async (
	bytes: Uint8Array,
	fails: (bytes: Uint8Array) => Promise<boolean>,
): Promise<Uint8Array> => {
	let smallest = bytes;
	let tries = 0;
	const end = performance.now() + MAX_MS;
	for (let size = smallest.length >> 1; size >= 1; size >>= 1) {
		for (let at = 0; at < smallest.length && tries < MAX_TRIES && performance.now() < end; tries += 1) {
			const shorter = Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + size)]);
			if (await fails(shorter)) smallest = shorter;
			else at += size;
		}
	}
	return smallest;
};
