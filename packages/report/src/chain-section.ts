import { html, type Markup } from './html.ts';
import type { ChainSignature, ChainStage, RehearsalChain } from './rehearsal-chain.ts';

const toShort = (sha256: string): string => sha256.slice(0, 12);

const toClock = (time: string): string => /T(\d\d:\d\d:\d\d)/.exec(time)?.[1] ?? time;

const toCount = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;

const toMaterials = ({ inputs, outputs }: ChainStage): string =>
	[inputs === 0 ? 'from source' : `${toCount(inputs, 'file')} in`, outputs === 0 ? '' : `${outputs} out`]
		.filter((text) => text !== '')
		.join(', ');

const toSeal = (signature: ChainSignature | null): Markup =>
	signature === null
		? html`<span class="link-unsigned">not signed</span>`
		: html`<span class="link-signed">signed ${signature.signedAt === null ? '' : toClock(signature.signedAt)}</span>`;

const toLink = (stage: ChainStage): Markup => html`
<li class="link ${stage.signature ? 'signed' : 'open'}">
<span class="link-dot" aria-hidden="true"></span>
<strong>${stage.name}</strong>
<code>${toShort(stage.sha256)}</code>
<span class="quiet">${toMaterials(stage)}</span>
${toSeal(stage.signature)}
</li>`;

const toSigners = (stages: readonly ChainStage[]): readonly ChainSignature[] => {
	const all = stages.flatMap(({ signature }) => signature ?? []);
	return [...new Map(all.map((signature) => [`${signature.identity} ${signature.run}`, signature])).values()];
};

const toFact = (label: string, value: string | null): Markup | null =>
	value === null ? null : html`<div><dt>${label}</dt><dd>${value}</dd></div>`;

const toSource = ({ repository, ref, commit }: ChainSignature): string | null =>
	repository === null ? null : [repository, ref, commit && `commit ${commit}`].filter(Boolean).join(', ');

const toSigner = (signature: ChainSignature): Markup => html`
<dl class="signer">
${toFact('Signed by', signature.identity)}
${toFact('Vouched for by', signature.issuer)}
${toFact('Built from', toSource(signature))}
${toFact('Run', signature.run === null ? null : `${signature.run}${signature.runner ? `, ${signature.runner}` : ''}`)}
</dl>`;

/** The stage in a record's name. */
const toName = (path: string): string => /^records\/([a-z0-9]+)-/.exec(path)?.[1] ?? path;

const toFollows = ({ follows }: ChainStage): Markup | string =>
	follows.length === 0
		? 'none: the first'
		: html`${follows.map(({ path, sha256 }) => html`<span class="follow">${toName(path)} <code>${toShort(sha256)}</code></span>`)}`;

const toRecordRow = (stage: ChainStage): Markup => html`
<tr>
<th scope="row">${stage.name}</th>
<td data-label="Record"><span class="follow">${stage.path} <code class="digest">${stage.sha256}</code></span></td>
<td data-label="Names">${toFollows(stage)}</td>
<td data-label="Made by">${stage.tool}<br>${toClock(stage.start)} to ${toClock(stage.end)}</td>
<td data-label="Signature">${stage.signature?.path ?? 'none'}</td>
</tr>`;

const toArtifactLine = ({ name, sha256, attestations }: RehearsalChain['artifacts'][number]): Markup => html`
<li><code>${name}</code> <code class="quiet">${toShort(sha256)}</code> carries ${attestations.join(', ') || 'nothing'}</li>`;

const toChain = (chain: RehearsalChain): Markup => html`
<article class="card chain">
<h3>${chain.project}</h3>
<p class="badge ${chain.offline ? 'good' : 'plain'}">${toCount(chain.signatures, 'signature')} verified ${chain.offline ? 'without a network' : 'without asking anyone'}</p>
<ol class="links">${chain.stages.map(toLink)}</ol>
${toSigners(chain.stages).map(toSigner)}
<ul class="carried">${chain.artifacts.map(toArtifactLine)}</ul>
<details>
<summary>Every record by digest, and what it names</summary>
<table>
<caption class="visually-hidden">Records of the stages of ${chain.project}</caption>
<thead><tr><th scope="col">Stage</th><th scope="col">Record</th><th scope="col">Names</th><th scope="col">Made by</th><th scope="col">Signature</th></tr></thead>
<tbody>${chain.stages.map(toRecordRow)}</tbody>
</table>
<p class="quiet how">Verified with ${chain.verifiedWith}; policy <code>${toShort(chain.policy)}</code>.</p>
</details>
</article>`;

/** Stage by stage what was signed: by whom, when, where from, and how each record names those before it. */
export const toChainSection = (chains: readonly RehearsalChain[]): Markup | null =>
	chains.length === 0
		? null
		: html`
<section aria-labelledby="chain">
<h2 id="chain">The chain</h2>
<p class="lead">Each stage left a signed record that names by digest the records before it, what it took in and what it gave out. Times are UTC.</p>
${chains.map(toChain)}
</section>`;
