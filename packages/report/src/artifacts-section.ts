import { toSizeText } from './duration.ts';
import { html, type Markup } from './html.ts';
import type { RehearsalProject, RehearsalResult, RehearsalTarget } from './rehearsal-result.ts';

const toHex = (digest: string): string => digest.slice(digest.indexOf(':') + 1);

const toRow = ({ artifact, digest, size, version, id }: RehearsalTarget): Markup => html`
<tr>
<th scope="row"><code class="file">${artifact}</code></th>
<td data-label="Target">${id}</td>
<td data-label="Version">${version}</td>
<td data-label="Size">${toSizeText(size)}</td>
<td data-label="SHA-256"><code class="digest">${toHex(digest)}</code></td>
</tr>`;

const toCommands = ({ build, test }: RehearsalProject['commands']): string => {
	const count = (number: number, word: string) => `${number} ${word} command${number === 1 ? '' : 's'}`;
	return build + test === 0
		? 'No command of the project ran: it names none.'
		: `${count(build, 'build')} and ${count(test, 'test')} ran, the tests against the built artifacts.`;
};

const toProject = (project: RehearsalProject): Markup => html`
<article class="card project">
<h3>${project.name} <span class="project-version">${project.version}</span></h3>
<ul>
<li>Released over version ${project.previous.version}, ${
	project.previous.origin === 'published'
		? 'whose own bytes came from the registry you have configured.'
		: 'built for the purpose from the same files.'
}</li>
<li>${toCommands(project.commands)}</li>
${project.notes.map((note) => html`<li>${note}</li>`)}
${project.releaseId === null ? null : html`<li>Plan <code class="digest">${project.releaseId}</code></li>`}
</ul>
</article>`;

/** The projects and the bytes that were built once, tested and released, by digest. */
export const toArtifactsSection = ({ targets, projects }: RehearsalResult): Markup => html`
<section aria-labelledby="artifacts">
<h2 id="artifacts">What was released</h2>
<p class="lead">Built once; every later step, rollback and restore included, worked with exactly these bytes.</p>
<table>
<caption class="visually-hidden">Artifacts with target, version, size and SHA-256</caption>
<thead><tr><th scope="col">Artifact</th><th scope="col">Target</th><th scope="col">Version</th><th scope="col">Size</th><th scope="col">SHA-256</th></tr></thead>
<tbody>${targets.map(toRow)}</tbody>
</table>
<div class="projects">${projects.map(toProject)}</div>
</section>`;
