import { html, type Markup } from './html.ts';
import type { RehearsalRecord } from './rehearsal-result.ts';

const toClockText = (time: string): string => /T(\d\d:\d\d:\d\d(?:\.\d{1,3})?)/.exec(time)?.[1] ?? time;

const toRecord = ({ path, time, text }: RehearsalRecord): Markup => html`
<li class="record">
${time === null ? html`<span class="time"></span>` : html`<time class="time" datetime="${time}">${toClockText(time)}</time>`}
<span class="record-body"><span>${text}</span><code class="path">${path}</code></span>
</li>`;

/** Every record of the release journals, one fold a project. */
export const toJournalSection = (records: readonly RehearsalRecord[]): Markup | null => {
	if (records.length === 0) return null;
	const projects = [...Map.groupBy(records, ({ project }) => project)];
	return html`
<section aria-labelledby="journal">
<h2 id="journal">Journal</h2>
<p class="lead">What the releases recorded while they ran. Times are UTC.</p>
${projects.map(
	([project, list]) => html`
<details class="card">
<summary><strong>${project}</strong> <span class="quiet">${list.length} records</span></summary>
<ol class="records">${list.map(toRecord)}</ol>
</details>`,
)}
</section>`;
};
