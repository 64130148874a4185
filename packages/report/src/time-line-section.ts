import { toDurationText } from './duration.ts';
import { html, type Markup } from './html.ts';
import type { RehearsalResult, RehearsalStep } from './rehearsal-result.ts';

const TICK_STEPS_MS = [100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 60_000, 120_000, 300_000] as const;
const MOST_TICKS = 9;

const toPercent = (ms: number, total: number): string => ((100 * ms) / total).toFixed(2);

/** Round moments on the axis, at most nine and one at zero. */
export const toTicks = (total: number): readonly number[] => {
	const step = TICK_STEPS_MS.find((ms) => total / ms < MOST_TICKS) ?? 600_000;
	return Array.from({ length: Math.floor(total / step) + 1 }, (_, index) => index * step);
};

const toRow = ({ name, ms, start, outcome }: RehearsalStep, total: number): Markup => html`
<li class="row ${outcome}">
<span class="row-name">${name}</span>
<span class="bar-track" aria-hidden="true"><span class="bar" style="left:${toPercent(start, total)}%;width:${toPercent(ms, total)}%"></span></span>
<span class="row-time">${toDurationText(ms)}${outcome === 'failed' ? html` <span class="failed-word">failed</span>` : null}</span>
</li>`;

const toLane = (name: string, steps: readonly RehearsalStep[], total: number): Markup => html`
<div class="lane">
<h3>${name}</h3>
<ol class="rows">${steps.map((step) => toRow(step, total))}</ol>
</div>`;

/** The work for all first, then the projects in the order in which they were named. */
const toLanes = ({
	steps,
	projects,
}: RehearsalResult): readonly (readonly [string, readonly RehearsalStep[]])[] => {
	const ordered = steps.toSorted((a, b) => a.start - b.start);
	const lanes = [null, ...projects.map(({ name }) => name)].map((project) => {
		const lane = ordered.filter((step) => step.project === project);
		return [project ?? 'Services', lane] as const;
	});
	return lanes.filter(([, lane]) => lane.length > 0);
};

/** Which step ran when and how long, one lane a project. */
export const toTimeLineSection = (result: RehearsalResult): Markup => {
	const { steps, seconds } = result;
	const total = Math.max(1, seconds * 1000, ...steps.map(({ start, ms }) => start + ms));
	const ticks = toTicks(total).map(
		(ms) =>
			html`<span style="left:${toPercent(ms, total)}%">${ms === 0 ? '0' : ms < 1000 ? `${ms} ms` : `${ms / 1000} s`}</span>`,
	);
	return html`
<section aria-labelledby="time-line">
<h2 id="time-line">Time line</h2>
<div class="card time-line">
<div class="axis" aria-hidden="true"><span class="axis-track">${ticks}</span></div>
${toLanes(result).map(([name, lane]) => toLane(name, lane, total))}
</div>
</section>`;
};
