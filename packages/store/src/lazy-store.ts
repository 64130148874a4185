import type { Store } from './store.ts';

/** A Store whose code is loaded, and which is opened, at its first use. It compares by a server: its conditions can be verified. */
export const lazyStore = (description: string, open: () => Promise<Store>): Store => {
	let opened: Promise<Store> | undefined;
	const use = (): Promise<Store> => {
		opened ??= open();
		return opened;
	};
	return {
		description,
		read: async (path) => (await use()).read(path),
		list: async (prefix) => (await use()).list(prefix),
		write: async (changes, guard) => (await use()).write(changes, guard),
		verifyConditions: async () => (await use()).verifyConditions?.(),
	};
};
