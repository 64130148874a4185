import type { Permissions, Workflow } from '@slipway/workflow';
import { toFileName } from './generate-workflow-reference.ts';
import { toPage, toTable } from './markdown-table.ts';
import { readReasons } from './read-reasons.ts';

interface Holder {
	readonly right: string;
	readonly row: readonly [workflow: string, job: string, reason: string];
}

const listRights = (permissions: Permissions): string[] =>
	Object.entries(permissions).map(([scope, level]) => `${scope}: ${level}`);

const toHolders = ({ path, jobs }: Workflow): Holder[] =>
	jobs.flatMap(({ id, permissions, uses }) => {
		const reasons = readReasons(path, id);
		const rights = typeof permissions === 'object' ? listRights(permissions) : [];
		const job = `\`${id}\`${uses ? ` (passes it to ${toFileName(uses)})` : ''}`;
		const toRow = (right: string): Holder['row'] => [toFileName(path), job, reasons.get(right) ?? ''];
		return (rights.length === 0 ? ['none'] : rights).map((right) => ({ right, row: toRow(right) }));
	});

const INTRODUCTION = [
	'# Permissions',
	'',
	'Written by `npm run generate` from .github/workflows; do not edit.',
	'',
	'Who may do what, right by right. Each job holds the least it needs, and whoever can write, sign or publish runs no code',
	'of the project that is released. What a caller grants is in [workflows](workflows.md).',
	'',
];

/** docs/reference/permissions.md: which jobs of the reusable workflows hold a right, and what for. */
export const toPermissionReference = (workflows: readonly Workflow[]): string => {
	const holders = workflows.filter(({ call }) => call !== undefined).flatMap(toHolders);
	const rights = [...new Set(holders.map(({ right }) => right))].sort();
	const toRows = (right: string): Holder['row'][] =>
		holders.filter((holder) => holder.right === right).map(({ row }) => row);
	return toPage([
		...INTRODUCTION,
		...rights.flatMap((right) => [
			`## ${right}`,
			'',
			...toTable(['workflow', 'job', 'what for'], toRows(right)),
		]),
	]);
};
