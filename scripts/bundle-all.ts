import { listActions, provideBundle } from './bundle-action.ts';
import { emitJavaScript } from './bundle-emit.ts';
import { withLock } from './with-lock.ts';

const PARALLEL = 2;

const build = async (fresh: boolean): Promise<ReadonlyMap<string, string>> => {
	emitJavaScript(fresh);
	const folders = new Map<string, string>();
	const names = listActions();
	const work = async (): Promise<void> => {
		for (let name = names.shift(); name; name = names.shift())
			folders.set(name, await provideBundle(name, fresh));
	};
	await Promise.all(Array.from({ length: PARALLEL }, work));
	return folders;
};

/**
 * The bundles of all actions, as folders by action name: the committed ones where they are made of the present code,
 * else from the cache. `fresh`: nothing of an earlier run is used. Two at a time: each bundler is one busy thread.
 */
export const provideBundles = (fresh: boolean): Promise<ReadonlyMap<string, string>> =>
	withLock('.cache/bundles.lock', () => build(fresh));
