import { SlipwayError } from '@slipway/core';
import type { GateId, Override } from '@slipway/core/policy';
import type { GateCode } from './code.ts';
import type { AppliedOverride, Emergency, GateFinding } from './gate.ts';

/**
 * What an emergency can never skip: what the bytes are (rebuild, metadata, npm-files), who vouches for them
 * (provenance-regression), and what nobody can take back once it is public (secrets, malware). Digests and signatures are
 * no gates at all: they are verified before and after, whatever a gate says.
 */
export const UNSKIPPABLE: ReadonlySet<GateId> = new Set([
	'rebuild',
	'metadata',
	'npm-files',
	'provenance-regression',
	'secrets',
	'malware',
]);

/** Of one gate: its findings that were accepted, and what people should know about those that were not. */
export interface Overridden {
	readonly applied: readonly AppliedOverride[];
	readonly notes: readonly string[];
}

const DAY_MS = 86_400_000;

const toDayText = ({ date, expires }: Override): string => `${date} to ${expires}`;

/** Why an override of the policy does not count today, or undefined. Both days belong to it, in UTC. */
const findProblem = (override: Override, now: number): string | undefined => {
	const [start, end] = [Date.parse(override.date), Date.parse(override.expires) + DAY_MS];
	if (Number.isNaN(start) || Number.isNaN(end)) return 'has a date that does not exist';
	if (now >= end) return `expired on ${override.expires}`;
	if (now < start) return `begins only on ${override.date}`;
	if (override.finding === undefined && UNSKIPPABLE.has(override.gate))
		return 'names no finding: of this gate each finding has to be named';
	return undefined;
};

const isFor = ({ finding: wanted }: Override, { id, aliases = [] }: GateFinding): boolean =>
	wanted === undefined || wanted === id || aliases.includes(wanted);

const toApplied = (override: Override, finding: GateFinding): AppliedOverride => ({
	kind: 'policy',
	finding: finding.id,
	by: override.by,
	reason: override.reason,
	date: override.date,
	expires: override.expires,
});

const toName = (override: Override): string =>
	`the override of ${override.finding ?? 'every finding'} by ${override.by} (${toDayText(override)})`;

/** Applies the policy's overrides of one gate to its errors and warnings. */
export const applyOverrides = (
	findings: readonly GateFinding[],
	overrides: readonly Override[],
	now: number,
): Overridden => {
	const judged = overrides.map((override) => ({ override, problem: findProblem(override, now) }));
	const counting = judged.filter(({ problem }) => problem === undefined).map(({ override }) => override);
	const applied = findings
		.filter(({ severity }) => severity !== 'note')
		.flatMap((finding) => {
			const override = counting.find((each) => isFor(each, finding));
			return override ? [toApplied(override, finding)] : [];
		});
	const isUsed = (override: Override): boolean => findings.some((finding) => isFor(override, finding));
	return {
		applied,
		notes: [
			...judged.flatMap(({ override, problem }) =>
				problem === undefined ? [] : [`${toName(override)} does not count: it ${problem}`],
			),
			...counting
				.filter((override) => !isUsed(override))
				.map((override) => `${toName(override)} matches nothing: remove it`),
		],
	};
};

/** Takes every open error of a gate upon whoever declared the emergency, where the gate allows it. */
export const applyEmergency = (
	gate: GateId,
	open: readonly GateFinding[],
	emergency: Emergency | undefined,
): Overridden => {
	if (!emergency || open.length === 0) return { applied: [], notes: [] };
	if (UNSKIPPABLE.has(gate)) return { applied: [], notes: ['an emergency does not cover this gate'] };
	const { by, reason } = emergency;
	return { applied: open.map(({ id }) => ({ kind: 'emergency', finding: id, by, reason })), notes: [] };
};

const MIN_REASON = 10;

/** An emergency names a person and a reason. @throws SlipwayError GATE_EMERGENCY_INVALID */
export const checkEmergency = (emergency: Emergency | undefined): void => {
	if (!emergency) return;
	if (emergency.by.trim() !== '' && emergency.reason.trim().length >= MIN_REASON) return;
	throw new SlipwayError<GateCode>(
		'GATE_EMERGENCY_INVALID',
		`expected who declares the emergency and a reason of at least ${MIN_REASON} characters`,
		{ hint: 'Say both: --by WHO --emergency REASON. They are recorded and signed with the release.' },
	);
};
