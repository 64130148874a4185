import { createHttpClient } from '@slipway/http';
import { readSigningServices } from '../join/sign-means.ts';
import { checkClock } from './check-clock.ts';
import type { Check, Examination } from './examination.ts';
import { bad, good, type Observation } from './observation.ts';

const checkService = async (address: string, { context }: Examination): Promise<readonly Observation[]> => {
	const { origin, pathname } = new URL(address);
	const about = `signing service ${origin}`;
	const reply = await createHttpClient({ origin }).send({
		method: 'GET',
		path: pathname,
		signal: context.signal,
		timeoutMs: 2000,
	});
	// Any answer says that it is there; what it thinks of a bare GET does not matter.
	if (reply.kind === 'reply' && reply.status < 500)
		return [
			good(about, 'answers'),
			...checkClock(about, Date.parse(reply.headers.get('date') ?? '') || null, context.clock.now()),
		];
	return [
		bad('warning', 'SERVICE_UNREACHABLE', {
			about,
			message: reply.kind === 'lost' ? reply.reason : `it answers ${reply.status}`,
			action: 'Let this machine reach it, or name other services below `sign:` in slipway.yml.',
		}),
	];
};

/** The services that sign: reached, and of the same time as this machine. */
export const checkSigstore: Check = {
	about: 'signing services',
	look: async (examination) => {
		const { sign } = examination.project.config;
		if (!sign) return [];
		const services = await readSigningServices(examination.project, sign);
		const urls = [services.caUrls, services.rekorTlogUrls, services.tsaUrls].flat().map(({ url }) => url);
		return (await Promise.all([...new Set(urls)].map((url) => checkService(url, examination)))).flat();
	},
};
