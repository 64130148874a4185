import { toPrintable } from '@slipway/core';
import type { PlannedEvidence, Preview } from '@slipway/release';
import type { Paint } from './paint.ts';
import { toShort } from './short.ts';

const toTraitText = ({
	hides,
	undo,
	safeProbe,
}: {
	hides: boolean;
	undo: string;
	safeProbe: boolean;
}): string =>
	`${hides ? 'hides uploads' : 'shows uploads at once'}, undo: ${undo}${safeProbe ? ', a repeated upload is harmless' : ''}`;

const MARKS = { pass: 'good', warn: 'warn', fail: 'bad', skipped: 'warn' } as const;

/** Under which policy, and what each gate said. */
const toEvidenceLines = ({ policy, gates }: PlannedEvidence, paint: Paint): string[] => [
	policy
		? `  policy ${policy.sha256.slice(0, 12)} from ${toPrintable(policy.from)}`
		: '  policy: none, the gates have their defaults',
	...gates.map(
		({ id, verdict, overrides }) =>
			`    ${toPrintable(id).padEnd(22)} ${paint(MARKS[verdict], verdict)}${overrides.length > 0 ? `, ${overrides.length} accepted by ${overrides.map(({ by }) => toPrintable(by)).join(', ')}` : ''}`,
	),
];

/** A preview for people: each target with its traits, each subject with its mode, bytes and pointer, then what was found. */
export const toPreviewText = ({ plan, findings }: Preview, paint: Paint): string =>
	[
		plan
			? paint('strong', `plan for ${plan.project} ${plan.version}`)
			: paint('bad', 'refused: nothing was changed'),
		...(plan ? toEvidenceLines(plan.evidence, paint) : []),
		...(plan?.targets ?? []).flatMap((target) => [
			`  ${target.id}  ${toPrintable(target.description)} (${toTraitText(target.traits)})`,
			...(plan?.subjects ?? [])
				.filter((subject) => subject.target === target.id)
				.flatMap(({ id, version, mode, pointer, artifacts }) => [
					`    ${toPrintable(id)} ${toPrintable(version)}, mode ${mode.name}`,
					`      ${toPrintable(pointer.name)}: ${toShort(pointer.previous)} -> ${toShort(pointer.next)}`,
					...artifacts.map(
						({ name, size, digest }) => `      ${toPrintable(name)}, ${size} bytes, sha256 ${digest.sha256}`,
					),
				]),
		]),
		...findings.flatMap(({ severity, target, code, message, hint }) => [
			`  ${paint(severity === 'error' ? 'bad' : 'warn', severity)} ${target}: ${code} ${toPrintable(message)}`,
			`    ${paint('strong', 'do')}: ${toPrintable(hint)}`,
		]),
	].join('\n');
