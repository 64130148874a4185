import { type Section, toBounded } from './bounded.ts';
import { toCell, toCode, toPointer, toSize, toSizeChange } from './inert.ts';
import { toFileSection } from './plan-files.ts';
import { toGateSection } from './plan-gates.ts';
import type { PlanPreview, PreviewArtifact, PreviewFinding, PreviewMove } from './plan-preview.ts';

/** GitHub takes 65,536 characters; a marker and a signature stand besides. */
export const MAX_COMMENT_LENGTH = 60_000;

const VERDICTS = {
	pass: 'it can be released',
	warn: 'it can be released, with warnings',
	fail: '**it would be refused**',
} as const;

const toHead = ({ project, version, verdict, commit, policy, moves }: PlanPreview): Section => ({
	head: [
		`## What a release of ${toCell(project)} ${toCell(version)} would do`,
		'',
		`As it stands, ${VERDICTS[verdict]}${verdict !== 'fail' && moves.length === 0 ? '; nothing would be published' : ''}. Nothing was changed.`,
		'',
		[
			commit === null ? undefined : `Commit ${toCode(commit.slice(0, 12))}`,
			policy
				? `policy ${toCode(policy.sha256.slice(0, 12))} from ${toCell(policy.from, 200)}`
				: 'no policy: the gates have their defaults',
		]
			.filter((part) => part !== undefined)
			.join(', '),
		'',
	],
});

const toFindingRow = ({ target, severity, code, message, hint }: PreviewFinding): string =>
	`- **${severity}** ${toCell(target)} ${toCode(code)}: ${toCell(message, 600)}<br>Do: ${toCell(hint, 400)}`;

const toFindings = ({ findings }: PlanPreview): Section[] =>
	findings.length === 0
		? []
		: [
				{
					head: ['### Found', ''],
					rows: findings.toSorted((a, b) => a.severity.localeCompare(b.severity)).map(toFindingRow),
					tail: [''],
					what: 'findings',
				},
			];

const toMoveRow = (move: PreviewMove, index: number): string =>
	`| ${[
		index + 1,
		toCell(move.target),
		toCode(move.subject),
		`${toCell(move.mode.name)}${move.mode.hides ? '' : ' (public at once)'}`,
		toCode(move.pointer),
		toPointer(move.from),
		toPointer(move.to),
	].join(' | ')} |`;

const toMoves = ({ moves }: PlanPreview): Section[] =>
	moves.length === 0
		? []
		: [
				{
					head: [
						'### Pointers that would move, in this order',
						'',
						'| | target | package | mode | pointer | from | to |',
						'|---|---|---|---|---|---|---|',
					],
					rows: moves.map(toMoveRow),
					tail: [''],
					what: 'pointers',
				},
			];

const toTargets = ({ targets }: PlanPreview): Section[] =>
	targets.length === 0
		? []
		: [
				{
					head: ['### Targets', '', '| target | where | how it behaves |', '|---|---|---|'],
					rows: targets.map(
						({ id, description, traits }) =>
							`| ${toCell(id)} | ${toCell(description)} | ${traits.map((trait) => toCell(trait)).join('<br>')} |`,
					),
					tail: [''],
					what: 'targets',
				},
			];

const toArtifactRow = ({ name, size, sha256, targets, before, note }: PreviewArtifact): string =>
	`| ${[
		toCode(name),
		targets.map((target) => toCell(target)).join(', ') || 'none',
		toSize(size),
		before ? `${toSizeChange(size, before.size)} since ${toCell(before.version)}` : toCell(note ?? 'new'),
		toCode(sha256.slice(0, 12)),
	].join(' | ')} |`;

const toArtifacts = ({ artifacts }: PlanPreview): Section => ({
	head: [
		'### Files to publish',
		'',
		'| file | targets | size | against the last published version | sha256 |',
		'|---|---|---|---|---|',
	],
	rows: artifacts.map(toArtifactRow),
	tail: [''],
	what: 'files',
});

const toPermissions = ({ permissions }: PlanPreview): Section[] =>
	permissions.map(({ workflow, scopes }) => ({
		head: [
			`### Permissions that the job calling ${toCell(workflow)} has to grant`,
			'',
			'```yaml',
			'permissions:',
			...scopes.map(({ scope, access }) => `  ${scope}: ${access}`),
			'```',
			'',
		],
	}));

/**
 * A plan preview as Markdown for a summary or a comment, at most `max` characters. All text of others in it is inert: no
 * markup, links, images, mentions or HTML. Lists give way, the last ones first, and say so.
 */
export const toPlanMarkdown = (preview: PlanPreview, max = MAX_COMMENT_LENGTH): string =>
	toBounded(
		[
			toHead(preview),
			...toFindings(preview),
			...toMoves(preview),
			...toTargets(preview),
			toArtifacts(preview),
			...toGateSection(preview.gates),
			...toPermissions(preview),
			...preview.artifacts.flatMap(toFileSection),
		],
		max,
	);
