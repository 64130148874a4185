import { toSignError } from '../code.ts';
import type { Selection, Service, SigningConfig } from './signing-config.ts';

/** The services that one signature asks. */
export interface SelectedServices {
	/** undefined: signed with a key of one's own. */
	readonly authority: Service | undefined;
	readonly logs: readonly Service[];
	readonly timestamps: readonly Service[];
}

interface Kind {
	readonly what: string;
	/** Best first. */
	readonly versions: readonly number[];
	readonly selection: Selection;
}

const missing = (message: string): Error =>
	toSignError('SIGN_SERVICES_MISSING', message, {
		hint: 'Add the service to the signing config that `sign: services:` names, or correct its period of validity.',
	});

const isValidAt = ({ validFor: { start, end } }: Service, now: number): boolean =>
	(start === undefined || start <= now) && (end === undefined || end === null || now < end);

/** The newest service of each operator at the best version that is there (as in sigstore-go, SelectServices). */
const findCandidates = (services: readonly Service[], { versions }: Kind, now: number): Service[] => {
	const usable = services
		.filter((service) => isValidAt(service, now))
		.sort((a, b) => (b.validFor.start ?? 0) - (a.validFor.start ?? 0));
	const version = versions.find((wanted) => usable.some(({ majorApiVersion }) => majorApiVersion === wanted));
	const found = new Map<string, Service>();
	for (const service of usable)
		if (service.majorApiVersion === version && !found.has(service.operator))
			found.set(service.operator, service);
	return [...found.values()];
};

const select = (services: readonly Service[], kind: Kind, now: number): Service[] => {
	if (services.length === 0) return [];
	const found = findCandidates(services, kind, now);
	const { selector, count = 1 } = kind.selection;
	const wanted = selector === 'EXACT' ? count : 1;
	if (found.length < wanted)
		throw missing(
			`expected ${wanted} ${kind.what} of version ${kind.versions.join(' or ')} in the signing config that may be used now, got ${found.length}`,
		);
	return selector === 'ALL' ? found : found.slice(0, wanted);
};

const ANY: Selection = { selector: 'ANY' };

/** A short-lived certificate is worth nothing later unless somebody else says when it was used. */
const checkTime = ({ logs, timestamps }: SelectedServices): void => {
	const hasTime = timestamps.length > 0 || logs.some(({ majorApiVersion }) => majorApiVersion === 1);
	if (hasTime) return;
	throw missing(
		logs.length > 0
			? 'expected a timestamp authority beside the log: a log of version 2 says nothing of time'
			: 'expected a transparency log or a timestamp authority, got neither: such a signature could not be verified later',
	);
};

/**
 * The services to ask now. Those of the newest interface that both sides speak are taken, of each operator one.
 * @param now ms since 1970
 * @throws SlipwayError SIGN_SERVICES_MISSING
 */
export const selectServices = (
	config: SigningConfig,
	{ keyless, now }: { readonly keyless: boolean; readonly now: number },
): SelectedServices => {
	const authority = { what: 'certificate authority', versions: [1], selection: ANY };
	const log = { what: 'transparency log', versions: [2, 1], selection: config.rekorTlogConfig };
	const timestamp = { what: 'timestamp authority', versions: [1], selection: config.tsaConfig };
	const selected: SelectedServices = {
		authority: keyless ? select(config.caUrls, authority, now)[0] : undefined,
		logs: select(config.rekorTlogUrls, log, now),
		timestamps: select(config.tsaUrls, timestamp, now),
	};
	if (!keyless) return selected;
	if (!selected.authority) throw missing('expected a certificate authority in the signing config, got none');
	checkTime(selected);
	return selected;
};
