import type { BenchRow } from '../row.ts';
import { isMet, toNumber, toWanted } from '../table.ts';
import { escapeXml, toChart } from './chart.ts';
import type { BenchResult, Load, Measurement, PeerState } from './result.ts';
import { STYLE } from './style.ts';

/** Slipway's row and those of its peers at the same work stay together, in the order they were measured in. */
const toGroups = (rows: readonly BenchRow[]): readonly (readonly BenchRow[])[] => {
	const groups = Map.groupBy(rows, ({ name, unit }) => `${name}\0${unit}`);
	return [...groups.values()].map((group) => group.toSorted((a, b) => Number(!!a.peer) - Number(!!b.peer)));
};

const toVerdict = (row: BenchRow): string => {
	const met = isMet(row);
	if (met === undefined) return '';
	return ` <span class="${met ? 'met' : 'missed'}">${escapeXml(toWanted(row))}</span>`;
};

const toSentence = (row: BenchRow): string => {
	const spread = `${toNumber(row.min)} to ${toNumber(row.max)} ${row.unit}`;
	if (row.ratio === undefined) return `${row.peer ?? 'slipway'}: ${spread}.`;
	return `${row.peer}: ${spread}, ${toNumber(row.ratio)} times Slipway's.`;
};

const toFigure = (group: readonly BenchRow[]): string =>
	[
		`<figure><h3>${escapeXml(group[0]?.name ?? '')}</h3>${toChart(group)}<figcaption>`,
		group.map((row) => `${escapeXml(toSentence(row))}${toVerdict(row)}`).join('<br>'),
		'</figcaption></figure>',
	].join('');

const toLoadText = (load: Load): string => load.map((value) => value.toFixed(1)).join(', ');

const toSection = ({ name, command, load, rows }: Measurement): string =>
	[
		`<section><h2 id="${escapeXml(name)}">${escapeXml(name)}</h2>`,
		`<p class="soft"><code>${escapeXml(command)}</code>; load of the machine (1, 5, 15 minutes) ${toLoadText(load.start)} before, ${toLoadText(load.end)} after</p>`,
		rows
			? toGroups(rows).map(toFigure).join('')
			: '<p class="missed">It failed; what it printed says why.</p>',
		'</section>',
	].join('\n');

const toSummaryRow = (row: BenchRow): string =>
	`<tr><td>${escapeXml(row.name)}${row.peer ? `, beside ${escapeXml(row.peer)}` : ''}</td><td class="number">${toNumber(row.median)} ${escapeXml(row.unit)}</td><td class="number">${row.ratio === undefined ? '' : toNumber(row.ratio)}</td><td>${toVerdict(row)}</td></tr>`;

const toSummary = (results: readonly Measurement[]): string => {
	const rows = results.flatMap((result) => result.rows ?? []).filter(({ wanted }) => wanted);
	if (rows.length === 0) return '';
	const head = ['what has to be reached', 'median', "times Slipway's", 'wanted'];
	return `<h2>Limits</h2><div class="scroll"><table><thead><tr>${head.map((cell) => `<th>${escapeXml(cell)}</th>`).join('')}</tr></thead><tbody>${rows.map(toSummaryRow).join('')}</tbody></table></div>`;
};

const toPeer = ({ name, version, install }: PeerState): string =>
	version === undefined
		? `<tr><td>${escapeXml(name)}</td><td>not installed: <code>${escapeXml(install)}</code></td></tr>`
		: `<tr><td>${escapeXml(name)}</td><td>${escapeXml(version)}</td></tr>`;

/** The whole page of a run in one file that asks nobody for anything. */
export const toPage = ({ machine, commit, start, end, peers, results }: BenchResult): string =>
	`${[
		'<!doctype html>',
		'<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
		`<title>Slipway: measurements</title><style>${STYLE}</style></head><body>`,
		'<h1>Measurements</h1>',
		`<p>${escapeXml(machine)}</p>`,
		`<p class="soft">commit ${escapeXml(commit)}, ${escapeXml(start)} to ${escapeXml(end)}</p>`,
		'<p class="soft">A bar is the median of its runs, the whisker goes from the fastest to the slowest. Contestants of one chart took turns on one machine: ratios mean more than figures.</p>',
		toSummary(results),
		...results.map(toSection),
		`<h2>Peers</h2><div class="scroll"><table><tbody>${peers.map(toPeer).join('')}</tbody></table></div>`,
		'</body></html>',
	].join('\n')}\n`;
