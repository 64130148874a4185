import { html, type Markup } from './html.ts';
import type { RehearsalTampering } from './rehearsal-chain.ts';

const toRow = ({ what, code, message }: RehearsalTampering): Markup => html`
<tr>
<th scope="row">${what}</th>
<td data-label="Refused"><code>${code}</code> <span class="quiet">${message}</span></td>
</tr>`;

const toProject = (project: string, tried: readonly RehearsalTampering[]): Markup => html`
<details class="card">
<summary><strong>${project}</strong> <span class="quiet">${tried.length} tried, ${tried.length} refused</span></summary>
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
<p class="lead">One thing was changed in each copy of a release, or in what it is held against. Every one was refused, and the refusal names the link that broke.</p>
${projects.map(([project, tried]) => toProject(project, tried))}
</section>`;
};
