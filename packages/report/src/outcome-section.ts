import { toDurationText } from './duration.ts';
import { html, type Markup, toTrustedMarkup } from './html.ts';
import type { RehearsalResult, RehearsalStep } from './rehearsal-result.ts';

/** A hull on the slip, half way to the water. Decoration only. */
const DRAWING = toTrustedMarkup(`<svg class="drawing" viewBox="0 0 420 240" aria-hidden="true">
<g class="slip"><path d="M10 96 300 192"/><path d="M10 108 300 204"/>
<path d="M34 104v120M82 120v104M130 136v88M178 152v72M226 168v56"/><path d="M4 224h252"/></g>
<g class="hull" transform="rotate(18.3 160 120)"><path d="M48 78c8 40 30 58 60 58h118c24 0 46-20 56-58z"/><path d="M62 98h212"/>
<path d="M108 78V54h92v24M126 54V34h50v20M192 54V22l16 6v26"/></g>
<g class="water"><path d="M262 214q13-12 26 0t26 0 26 0 26 0 26 0 26 0"/><path d="M288 230q13-10 26 0t26 0 26 0 26 0 26 0"/></g>
</svg>`);

const MARK = toTrustedMarkup(
	`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><path d="M3 12 29 23M7 25q3.500-4 7 0t7 0 7 0"/><path class="solid" d="M7 4.500c.6 6 3.200 8.600 7 10.200l7 3c3 1.200 5.200-.6 6-3.700z"/></svg>`,
);

const toCount = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;

const toNames = (names: readonly string[]): string =>
	new Intl.ListFormat('en', { type: 'conjunction' }).format(names);

const toSentence = ({ outcome, projects, targets, fault, chains }: RehearsalResult): string => {
	const what = toNames(projects.map(({ name, version }) => `${name} ${version}`));
	if (outcome === 'failed')
		return `The rehearsal of ${what || 'the release'} did not end as it should. Nothing outside its own folder was changed.`;
	const fault_ = fault === null ? '' : ` although it was hit by the fault “${fault.name}”`;
	return `${what}: built once, ${chains.length > 0 ? 'signed stage by stage, ' : ''}released to ${toCount(targets.length, 'target')}${fault_}, verified as a consumer, rolled back, and restored.`;
};

/** Wall time of a kind of step; side by side counts once. */
const toWallTime = (steps: readonly RehearsalStep[]): number => {
	const ordered = [...steps].sort((a, b) => a.start - b.start);
	let [wall, covered] = [0, 0];
	for (const { start, ms } of ordered) {
		wall += Math.max(0, start + ms - Math.max(start, covered));
		covered = Math.max(covered, start + ms);
	}
	return wall;
};

const toSum = (chains: RehearsalResult['chains']): number =>
	chains.reduce((sum, { signatures }) => sum + signatures, 0);

const toFact = (label: string, value: string): Markup => html`<div><dt>${label}</dt><dd>${value}</dd></div>`;

const toFacts = ({ steps, seconds, targets, chains, tampering }: RehearsalResult): readonly Markup[] => {
	const named = (name: string) => steps.filter((step) => step.name === name);
	const verified = targets.filter(({ consumerVerified }) => consumerVerified).length;
	return [
		toFact('Whole rehearsal', toDurationText(seconds * 1000)),
		...(['release', 'rollback', 'restore'] as const).flatMap((name) => {
			const found = named(name);
			const label = `${name[0]?.toUpperCase()}${name.slice(1)}`;
			return found.length === 0 ? [] : [toFact(label, toDurationText(toWallTime(found)))];
		}),
		toFact('Targets verified', `${verified} of ${targets.length}`),
		...(chains.length === 0 ? [] : [toFact('Signatures verified', String(toSum(chains)))]),
		...(tampering.length === 0 ? [] : [toFact('Tampering refused', String(tampering.length))]),
	];
};

/** The page's head: how it ended, what that means, the figures. */
export const toOutcomeSection = (result: RehearsalResult): Markup => html`
<header class="hero ${result.outcome}">
<div class="hero-inner">
<p class="brand">${MARK}<span>Slipway</span> <span class="brand-part">release rehearsal</span></p>
${DRAWING}
<h1><span class="seal" aria-hidden="true">${result.outcome === 'passed' ? '✓' : '✕'}</span> Rehearsal ${result.outcome}</h1>
<p class="sentence">${toSentence(result)}</p>
<dl class="facts">${toFacts(result)}</dl>
</div>
</header>`;
