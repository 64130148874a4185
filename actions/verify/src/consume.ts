import { SlipwayError } from '@slipway/core';
import type { Place, Runner } from '@slipway/runner';

export type ConsumeCode = 'VERIFY_CONSUMER_FAILED';

/** Looks at every target as its users do. @returns the report as JSON; anything else than what was planned throws */
export const consume = async (
	version: string | undefined,
	place: Place,
	{ context, run }: Runner,
): Promise<string> => {
	const { verifyProject } = await import('slipway/consumer');
	const report = await verifyProject(place, { run, version }, context);
	for (const { target, subject, version: got, verifiedBy } of report.subjects)
		context.log.info(`${target}: ${subject} ${got}, verified by ${verifiedBy.join(', ') || 'nobody'}`);
	if (report.state !== 'COMPLETED')
		throw new SlipwayError<ConsumeCode>('VERIFY_CONSUMER_FAILED', report.reason, {
			hint: `Users do not get what was released. Look at \`slipway status ${report.version}\`; haul it back with the operation rollback.`,
		});
	return JSON.stringify(report);
};
