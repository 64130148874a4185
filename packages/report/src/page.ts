import { toArtifactsSection } from './artifacts-section.ts';
import { toChainSection } from './chain-section.ts';
import { html, toTrustedMarkup } from './html.ts';
import { toJournalSection } from './journal-section.ts';
import { toOutcomeSection } from './outcome-section.ts';
import { toFailuresSection, toFaultSection } from './problems-section.ts';
import type { RehearsalResult } from './rehearsal-result.ts';
import { STYLE } from './style.ts';
import { toTamperingSection } from './tampering-section.ts';
import { toTargetsSection } from './targets-section.ts';
import { toTimeLineSection } from './time-line-section.ts';

/** Nothing is fetched, run or sent: the browser is told so, whatever a foreign text might hold. */
const CONTENT_POLICY =
	"default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'";
const ICON =
	"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32' fill='none' stroke='%231b6ec2' stroke-width='3'%3E%3Cpath d='M3 10 29 21M4 27q4-4 8 0t8 0 8 0'/%3E%3C/svg%3E";

/**
 * The page people look at after a rehearsal: one HTML file without scripts and without anything from the network.
 * Every text in it is escaped.
 */
export const toReportHtml = (result: RehearsalResult): string => {
	const names = result.projects.map(({ name, version }) => `${name} ${version}`).join(', ');
	return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Rehearsal ${result.outcome}: ${names}</title>
<link rel="icon" href="${toTrustedMarkup(ICON)}">
<style>${toTrustedMarkup(STYLE)}</style>
</head>
<body>
${toOutcomeSection(result)}
<main>
${toFailuresSection(result.failures)}
${toFaultSection(result.fault)}
${toTargetsSection(result.targets)}
${toChainSection(result.chains)}
${toTamperingSection(result.tampering)}
${toTimeLineSection(result)}
${toArtifactsSection(result)}
${toJournalSection(result.journal)}
</main>
<footer>
<p>Everything happened on this machine: the npm registry, the apt repository and the Sigstore were embedded and are gone, the keys were made for this run, and no credential was read. Names of repositories, runs and runners on certificates are made up.</p>
<p>${result.startedAt} · ${result.tools.join(' · ')}</p>
</footer>
</body>
</html>
`.markup;
};
