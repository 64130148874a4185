import type { Section } from './bounded.ts';
import { toCode, toCount, toSize, toSizeChange } from './inert.ts';
import type { FileChange, PreviewArtifact, PreviewFile } from './plan-preview.ts';

const ORDER: Readonly<Record<FileChange, number>> = { added: 0, removed: 1, changed: 2, same: 3 };

const toSizes = ({ size, before }: PreviewFile): string => {
	if (size === null) return `was ${toSize(before ?? 0)}`;
	return before === null ? toSize(size) : `${toSize(size)}, ${toSizeChange(size, before)}`;
};

const toRow = (file: PreviewFile): string => `| ${file.change} | ${toCode(file.path)} | ${toSizes(file)} |`;

const countOf = (files: readonly PreviewFile[], change: FileChange): number =>
	files.filter((file) => file.change === change).length;

const toSummary = ({ files, before }: PreviewArtifact): string => {
	const all = toCount(files.length - countOf(files, 'removed'), 'file');
	if (!before) return all;
	const changes = (['added', 'removed', 'changed'] as const)
		.filter((change) => countOf(files, change) > 0)
		.map((change) => `${countOf(files, change)} ${change}`);
	return `${all}, ${changes.join(', ') || 'none changed'}`;
};

/** The files of one artifact, what changed first; folded. Artifacts that hold no others have none. */
export const toFileSection = (artifact: PreviewArtifact): Section[] =>
	artifact.files.length === 0
		? []
		: [
				{
					head: [
						`<details><summary>${toCode(artifact.name)}: ${toSummary(artifact)}</summary>`,
						'',
						'| | file | size |',
						'|---|---|---|',
					],
					rows: artifact.files.toSorted((a, b) => ORDER[a.change] - ORDER[b.change]).map(toRow),
					tail: ['', '</details>', ''],
					what: 'files',
				},
			];
