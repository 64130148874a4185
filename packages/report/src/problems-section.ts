import { html, type Markup } from './html.ts';
import type { RehearsalFailure, RehearsalFault } from './rehearsal-result.ts';

const toLines = (text: string): readonly Markup[] =>
	text.split('\n').map((line, index) => html`${index > 0 ? html`<br>` : null}${line}`);

const toFailure = ({ project, step, code, message, hint }: RehearsalFailure): Markup => html`
<article class="card failure">
<h3>${project === null ? step : `${project}: ${step}`} <code>${code}</code></h3>
<p class="message">${toLines(message)}</p>
${hint === '' ? null : html`<p><strong>What to do:</strong> ${toLines(hint)}</p>`}
</article>`;

/** Why the rehearsal failed and what to do; nothing where it passed. */
export const toFailuresSection = (failures: readonly RehearsalFailure[]): Markup | null =>
	failures.length === 0
		? null
		: html`
<section aria-labelledby="failures">
<h2 id="failures">What went wrong</h2>
${failures.map(toFailure)}
</section>`;

/** The fault that was injected and how the releases took it. */
export const toFaultSection = (fault: RehearsalFault | null): Markup | null =>
	fault === null
		? null
		: html`
<section aria-labelledby="fault">
<h2 id="fault">The fault: ${fault.name}</h2>
<div class="card fault">
<p>${fault.description}</p>
<ol>${fault.events.map(({ project, text }) => html`<li><strong>${project}</strong> ${text}</li>`)}</ol>
</div>
</section>`;
