import type { Section } from './bounded.ts';
import { toCell, toCode, toCount } from './inert.ts';
import type { PreviewGate } from './plan-preview.ts';

/** What a gate holds against the release or tells; notes are left to its own report. */
const toTold = ({ findings }: PreviewGate) => findings.filter(({ severity }) => severity !== 'note');

const toRow = (gate: PreviewGate): string => {
	const told = toTold(gate).length;
	const text = [
		...(told > 0 ? [toCount(told, 'finding')] : []),
		...(gate.accepted > 0 ? [`${gate.accepted} accepted`] : []),
		...gate.notes.slice(0, 3).map((note) => toCell(note, 200)),
	];
	const verdict = gate.verdict === 'fail' ? '**fail**' : gate.verdict;
	return `| ${toCell(gate.id)} | ${verdict} | ${text.join('; ') || 'nothing found'} |`;
};

const toFindingRows = (gate: PreviewGate): string[] =>
	toTold(gate).map(
		({ id, severity, message, hint }) =>
			`- **${severity}** ${toCell(gate.id)} ${toCode(id)}: ${toCell(message, 500)}<br>Do: ${toCell(hint)}`,
	);

/** Gates that would fail or warn, then what they found. */
export const toGateSection = (gates: readonly PreviewGate[]): Section[] => {
	const found = gates
		.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn')
		.flatMap(toFindingRows);
	const table: Section = {
		head: ['### Gates', '', '| gate | verdict | |', '|---|---|---|'],
		rows: gates.map(toRow),
		tail: [''],
		what: 'gates',
	};
	if (gates.length === 0) return [];
	return found.length === 0 ? [table] : [table, { head: [], rows: found, tail: [''], what: 'findings' }];
};
