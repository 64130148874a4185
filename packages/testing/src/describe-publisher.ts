import { ordinaryChecks } from './describe-publisher-checks.ts';
import { faultChecks, guardedVerbs, runGuardCheck } from './describe-publisher-faults.ts';
import type { PublisherCheck, PublisherSubject } from './describe-publisher-subject.ts';

/** The contract of a Publisher, one named property each; the guard's own come beside them. */
export const publisherChecks: readonly PublisherCheck[] = [...ordinaryChecks, ...faultChecks];

/** Runs one check against a fresh target. */
export const runPublisherCheck = async (
	{ check }: PublisherCheck,
	make: () => Promise<PublisherSubject>,
): Promise<void> => {
	const given = await make();
	try {
		await check(given);
	} finally {
		await given.remove();
	}
};

/**
 * The suite that every Publisher passes, against its real counterpart. `make` gives a fresh target each time (a new
 * package name or folder is enough; the service behind it may be shared).
 */
export const describePublisher = (name: string, make: () => Promise<PublisherSubject>): void => {
	describe(`${name} is a Publisher`, () => {
		test.each(publisherChecks.map((check) => [check.name, check] as const))(
			'%s',
			(_name, check) => runPublisherCheck(check, make),
			900_000,
		);
		test.each(guardedVerbs.map((verb) => [verb.name, verb] as const))(
			'%s stops before its next change when its guard throws',
			(_name, verb) => runGuardCheck(make, verb),
			900_000,
		);
	});
};
