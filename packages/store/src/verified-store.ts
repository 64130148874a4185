import type { Store } from './store.ts';

/**
 * A Store that verifies before its first write that its server compares (Store.verifyConditions): for a journal, which no
 * preflight looks at. Where that fails nothing is written, and the next write looks again.
 */
export const verifiedStore = (store: Store): Store => {
	if (!store.verifyConditions) return store;
	let verified: Promise<void> | undefined;
	const verify = async (): Promise<void> => {
		verified ??= store.verifyConditions?.();
		try {
			await verified;
		} catch (thrown) {
			verified = undefined;
			throw thrown;
		}
	};
	return {
		...store,
		write: async (changes, guard) => {
			await guard?.();
			await verify();
			return store.write(changes, guard);
		},
	};
};
