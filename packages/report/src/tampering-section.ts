import { html, type Markup } from './html.ts';
import type { RehearsalTampering } from './rehearsal-chain.ts';

const toRow = ({ what, code, message }: RehearsalTampering): Markup => html`
<tr>
<th scope="row">${what}</th>
<td data-label="Refused"><code>${code}</code> <span class="quiet">${message}</span></td>
</tr>`;

const toProject = (project: string, tried: readonly RehearsalTampering[], open: boolean): Markup => html`
<details class="card"${open ? html` open` : null}>
<summary><strong>${project}</strong> <span class="quiet">${tried.length} changed copies, ${tried.length} refused</span></summary>
<table class="tampering">
<caption class="visually-hidden">What was changed in copies of ${project}, and how each was refused</caption>
<thead><tr><th scope="col">What was done to a copy</th><th scope="col">How it was refused</th></tr></thead>
<tbody>${tried.map(toRow)}</tbody>
</table>
</details>`;

/** Every change that was tried on copies of the releases, one fold a project. */
export const toTamperingSection = (tampering: readonly RehearsalTampering[]): Markup | null => {
	if (tampering.length === 0) return null;
	const projects = [...Map.groupBy(tampering, ({ project }) => project)];
	return html`
<section aria-labelledby="tampering">
<h2 id="tampering">Tampering that was tried</h2>
<p class="lead">One thing was changed in each copy of a release. Every copy was refused, and the refusal names the link that broke.</p>
${projects.map(([project, tried], index) => toProject(project, tried, index === 0))}
</section>`;
};
