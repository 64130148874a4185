import type { KeyLife } from './life.ts';

/**
 * good: nothing to do. not-yet-valid: its time comes. rotating: it ends soon, and another takes over without a gap.
 * retired: it has ended, and another took over. expires-soon, expired: nobody takes over: an alarm.
 */
export type LifeState = 'good' | 'not-yet-valid' | 'rotating' | 'retired' | 'expires-soon' | 'expired';

export interface LifeFinding extends KeyLife {
	readonly state: LifeState;
	/** Whole days until its end; negative after it; null without an end. */
	readonly days: number | null;
	/** Who takes over. */
	readonly successor: string | null;
}

const DAY_MS = 86_400_000;

const isAlarm = ({ state }: LifeFinding): boolean => state === 'expires-soon' || state === 'expired';

/** Another of the same role that is valid when this one ends, and long enough after. */
const findSuccessor = (life: KeyLife, lives: readonly KeyLife[], horizon: number): KeyLife | undefined => {
	const end = life.validUntil?.getTime() ?? Number.POSITIVE_INFINITY;
	return lives.find(
		(other) =>
			other !== life &&
			other.role === life.role &&
			(other.validFrom?.getTime() ?? 0) <= end + 1000 &&
			(other.validUntil?.getTime() ?? Number.POSITIVE_INFINITY) > Math.max(end, horizon),
	);
};

const toState = (life: KeyLife, now: number, horizon: number, hasSuccessor: boolean): LifeState => {
	const end = life.validUntil?.getTime() ?? Number.POSITIVE_INFINITY;
	if (end < now) return hasSuccessor ? 'retired' : 'expired';
	if (end < horizon) return hasSuccessor ? 'rotating' : 'expires-soon';
	return (life.validFrom?.getTime() ?? 0) > now ? 'not-yet-valid' : 'good';
};

/**
 * Looks at how long keys and authorities last.
 * @param days an end within so many days is an alarm, unless somebody takes over without a gap
 */
export const checkLives = (
	lives: readonly KeyLife[],
	{ now, days }: { readonly now: number; readonly days: number },
): { readonly alarm: boolean; readonly findings: readonly LifeFinding[] } => {
	const horizon = now + days * DAY_MS;
	const findings = lives.map((life) => {
		const successor = life.validUntil === null ? undefined : findSuccessor(life, lives, horizon);
		const left = life.validUntil && (life.validUntil.getTime() - now) / DAY_MS;
		return {
			...life,
			state: toState(life, now, horizon, successor !== undefined),
			days: left === null ? null : Math.floor(left),
			successor: successor?.name ?? null,
		};
	});
	return { alarm: findings.some(isAlarm), findings };
};
