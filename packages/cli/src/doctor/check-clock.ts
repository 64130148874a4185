import { bad, good, type Observation } from './observation.ts';

/** Files dated further ahead than this are refused by apt (10 s) and by us. */
const MAX_SKEW_MS = 5000;

/** This machine's clock against a server's. @param server ms since 1970; null: it did not say */
export const checkClock = (about: string, server: number | null, now: number): readonly Observation[] => {
	if (server === null) return [];
	const skew = Math.round((now - server) / 1000);
	if (Math.abs(now - server) <= MAX_SKEW_MS)
		return [good('clock', `within ${MAX_SKEW_MS / 1000} s of ${about}`)];
	return [
		bad('error', 'CLOCK_WRONG', {
			about: 'clock',
			message: `this machine is ${Math.abs(skew)} s ${skew > 0 ? 'ahead of' : 'behind'} ${about}`,
			action: 'Set the clock (NTP): clients refuse what is signed in their future.',
		}),
	];
};
