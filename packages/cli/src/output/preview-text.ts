import { toPrintable } from '@slipway/core';
import type { PlanPreview, PreviewArtifact, PreviewGate, PreviewMove } from '@slipway/report';
import type { Paint } from './paint.ts';
import { toShort } from './short.ts';

const MARKS = { pass: 'good', warn: 'warn', fail: 'bad', skipped: 'faint' } as const;
const VERDICTS = {
	pass: 'can be released',
	warn: 'can be released, with warnings',
	fail: 'would be refused',
} as const;
const MAX_FILES = 20;

const toTargetLines = ({ targets }: PlanPreview): string[] =>
	targets.flatMap(({ id, description, traits }) => [
		`  ${id}  ${toPrintable(description)}`,
		`    ${traits.map((trait) => toPrintable(trait)).join('; ')}`,
	]);

const toMoveLines = (
	{ target, subject, version, mode, pointer, from, to }: PreviewMove,
	index: number,
): string[] => [
	`  ${index + 1}. ${target}: ${toPrintable(subject)} ${toPrintable(version)}, mode ${mode.name}${mode.hides ? '' : ' (public at once)'}`,
	`     ${toPrintable(pointer)}: ${toShort(from)} -> ${toShort(to)}`,
];

const toSign = (change: number): string => (change > 0 ? `+${change}` : String(change));

const toBefore = ({ size, before, note }: PreviewArtifact): string =>
	before
		? `${toSign(size - before.size)} bytes since ${toPrintable(before.version)}`
		: toPrintable(note ?? 'new', 300);

const toArtifactLines = (artifact: PreviewArtifact): string[] => {
	const changed = artifact.before ? artifact.files.filter(({ change }) => change !== 'same') : [];
	return [
		`  ${toPrintable(artifact.name)}, ${artifact.size} bytes (${toBefore(artifact)}), ${artifact.files.length} files`,
		`    sha256 ${artifact.sha256}`,
		...changed
			.slice(0, MAX_FILES)
			.map(
				({ path, change, size, before }) =>
					`    ${change.padEnd(7)} ${toPrintable(path, 200)}, ${size ?? before} bytes`,
			),
		...(changed.length > MAX_FILES ? [`    and ${changed.length - MAX_FILES} more: --json has all`] : []),
	];
};

const toGateLines = ({ id, verdict, accepted, findings }: PreviewGate, paint: Paint): string[] => {
	const told = findings.filter(({ severity }) => severity !== 'note');
	const shown = verdict === 'fail' || verdict === 'warn' ? told : [];
	return [
		`  ${toPrintable(id).padEnd(22)} ${paint(MARKS[verdict], verdict)}${accepted > 0 ? `, ${accepted} accepted` : ''}`,
		...shown
			.slice(0, MAX_FILES)
			.flatMap(({ id: finding, message, hint }) => [
				`    ${toPrintable(finding, 120)}: ${toPrintable(message, 500)}`,
				`      ${paint('strong', 'do')}: ${toPrintable(hint, 300)}`,
			]),
		...(shown.length > MAX_FILES ? [`    and ${shown.length - MAX_FILES} more: --json has all`] : []),
	];
};

const toFindingLines = ({ findings }: PlanPreview, paint: Paint): string[] =>
	findings.flatMap(({ severity, target, code, message, hint }) => [
		`  ${paint(severity === 'error' ? 'bad' : 'warn', severity)} ${target}: ${code} ${toPrintable(message)}`,
		`    ${paint('strong', 'do')}: ${toPrintable(hint)}`,
	]);

const toPart = (title: string, lines: readonly string[], paint: Paint): string[] =>
	lines.length === 0 ? [] : [paint('strong', title), ...lines];

/** A preview for people: what was found, pointers in their order, targets, files, gates, permissions. */
export const toPreviewText = (preview: PlanPreview, paint: Paint): string => {
	const { project, version, verdict, policy, moves, artifacts, gates, permissions } = preview;
	const scopes = permissions.flatMap((each) => [
		`  ${each.workflow}: ${each.scopes.map(({ scope, access }) => `${scope}: ${access}`).join(', ')}`,
	]);
	return [
		`${paint('strong', `plan for ${project} ${version}`)}: ${paint(MARKS[verdict], VERDICTS[verdict])}; nothing was changed`,
		...toPart('found', toFindingLines(preview, paint), paint),
		...toPart('pointers that would move, in this order', moves.flatMap(toMoveLines), paint),
		...toPart('targets', toTargetLines(preview), paint),
		...toPart('files', artifacts.flatMap(toArtifactLines), paint),
		policy
			? `policy ${policy.sha256.slice(0, 12)} from ${toPrintable(policy.from)}`
			: 'policy: none, the gates have their defaults',
		...toPart(
			'gates',
			gates.flatMap((gate) => toGateLines(gate, paint)),
			paint,
		),
		...toPart('permissions that a caller has to grant', scopes, paint),
	].join('\n');
};
