/**
 * A task that many ask for at once: those who ask while it runs share the next run, so each gets what was true after it
 * asked, and there is never more than one run at a time.
 */
export const shareNext = <T>(task: () => Promise<T>): (() => Promise<T>) => {
	let running: Promise<unknown> = Promise.resolve();
	let next: Promise<T> | undefined;
	return () => {
		next ??= running.then(() => {
			next = undefined;
			const run = task();
			running = run.catch(() => {});
			return run;
		});
		return next;
	};
};

/** Makes a thing at the first call and gives the same one ever after; a failure is forgotten. */
export const lazily = <T>(make: () => Promise<T>): (() => Promise<T>) => {
	let made: Promise<T> | undefined;
	return () => {
		made ??= make().catch((thrown) => {
			made = undefined;
			throw thrown;
		});
		return made;
	};
};
