import type { BenchRow } from '../row.ts';
import { toNumber } from '../table.ts';

const WIDTH = 720;
const LABEL = 190;
const VALUE = 110;
const BAR = 18;
const GAP = 10;
const TOP = 6;

export const escapeXml = (text: string): string =>
	text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const toBar = (row: BenchRow, index: number, scale: (value: number) => number): string => {
	const y = TOP + index * (BAR + GAP);
	const who = row.peer ?? 'slipway';
	const middle = y + BAR / 2;
	const [low, high] = [scale(row.min), scale(row.max)];
	const label = who.length > 30 ? `${who.slice(0, 29)}…` : who;
	return [
		`<text x="${LABEL - 8}" y="${middle}" text-anchor="end">${escapeXml(label)}</text>`,
		`<rect class="${row.peer ? 'peer' : 'own'}" x="${LABEL}" y="${y}" width="${(scale(row.median) - LABEL).toFixed(1)}" height="${BAR}" rx="2"/>`,
		`<path class="spread" d="M${low.toFixed(1)} ${middle}H${high.toFixed(1)}M${low.toFixed(1)} ${middle - 5}v10M${high.toFixed(1)} ${middle - 5}v10"/>`,
		`<text x="${(high + 8).toFixed(1)}" y="${middle}">${escapeXml(`${toNumber(row.median)} ${row.unit}`)}</text>`,
	].join('');
};

const toLimit = (rows: readonly BenchRow[]): number | undefined => {
	const [own] = rows;
	return own?.wanted && 'atMost' in own.wanted ? own.wanted.atMost : undefined;
};

/**
 * One bar for each row (they have one unit), as long as the median, with a whisker from the fastest to the slowest run;
 * a dashed line where Slipway's figure has a limit.
 */
export const toChart = (rows: readonly BenchRow[]): string => {
	const limit = toLimit(rows);
	const largest = Math.max(...rows.map(({ max }) => max), limit ?? 0) || 1;
	const scale = (value: number): number => LABEL + (Math.max(value, 0) / largest) * (WIDTH - LABEL - VALUE);
	const height = TOP * 2 + rows.length * (BAR + GAP) - GAP;
	const bars = rows.map((row, index) => toBar(row, index, scale));
	const line =
		limit === undefined
			? ''
			: `<path class="limit" d="M${scale(limit).toFixed(1)} 0V${height}"><title>at most ${toNumber(limit)}</title></path>`;
	const title = `${rows[0]?.name ?? ''}: ${rows.map((row) => `${row.peer ?? 'slipway'} ${toNumber(row.median)} ${row.unit}`).join(', ')}`;
	return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeXml(title)}">${line}${bars.join('')}</svg>`;
};
