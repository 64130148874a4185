import { sequentialChecks } from './describe-store-checks.ts';
import { racingChecks } from './describe-store-races.ts';
import type { StoreCheck, StoreSubject } from './describe-store-subject.ts';

/** The whole contract of a Store, one named property each. */
export const storeChecks: readonly StoreCheck[] = [...sequentialChecks, ...racingChecks];

export { racingChecks, sequentialChecks };

/** Runs one check against a fresh store. */
export const runStoreCheck = async (
	{ check }: StoreCheck,
	make: () => Promise<StoreSubject>,
): Promise<void> => {
	const subject = await make();
	try {
		await check(subject);
	} finally {
		await subject.remove();
	}
};

/**
 * The suite that every Store passes. `make` gives a fresh, empty store each time. `checks`: a part of it, where another
 * suite has the rest.
 */
export const describeStore = (
	name: string,
	make: () => Promise<StoreSubject>,
	checks: readonly StoreCheck[] = storeChecks,
): void => {
	describe(`${name} is a Store`, () => {
		test.each(checks.map((check) => [check.name, check] as const))(
			'%s',
			(_name, check) => runStoreCheck(check, make),
			900_000,
		);
	});
};
