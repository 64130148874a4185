/** The page's frame: head, column, cards, foot, print. */
export const LAYOUT = `
.hero { background: var(--deep); color: var(--deep-ink); border-bottom: 4px solid var(--good); }
.hero.failed { border-bottom-color: var(--bad); }
.hero-inner, main, footer { max-width: 66rem; margin: 0 auto; padding-inline: clamp(1rem, 4vw, 2rem); }
.hero-inner { position: relative; padding-block: 1.4rem 2rem; overflow: hidden; }
.brand { display: flex; align-items: center; gap: .55rem; font-weight: 650; letter-spacing: .01em; }
.brand-part { color: var(--deep-quiet); font-weight: 400; }
.mark { width: 1.7rem; height: 1.7rem; fill: none; stroke: currentColor; stroke-width: 2; stroke-linecap: round; }
.mark .solid { fill: currentColor; stroke: none; }
.hero h1 { font-size: clamp(2rem, 6.5vw, 3.1rem); margin: 2.4rem 0 .6rem; display: flex; align-items: center; gap: .35em; }
.seal { display: inline-grid; place-items: center; flex: none; width: 1.25em; height: 1.25em; border-radius: 50%; background: #147a53; color: #fff;
	font: 700 .62em/1 var(--sans); }
.failed .seal { background: #b93226; }
.sentence { font-size: 1.12rem; max-width: 38rem; color: var(--deep-ink); position: relative; }
.facts { display: flex; flex-wrap: wrap; gap: 1.1rem 2.4rem; margin: 1.7rem 0 0; padding-top: 1.2rem; border-top: 1px solid var(--deep-line); position: relative; }
.facts dt { color: var(--deep-quiet); font-size: .85rem; }
.facts dd { margin: 0; font: 600 1.5rem/1.2 var(--serif); font-variant-numeric: tabular-nums; }
.drawing { position: absolute; right: 1rem; top: .4rem; width: 25rem; opacity: .5; fill: none; stroke: var(--deep-quiet); stroke-width: 1.6;
	stroke-linecap: round; stroke-linejoin: round; }
@media (max-width: 60rem) { .drawing { display: none; } }
main { padding-block: 2.6rem 1rem; display: grid; gap: 3rem; }
main > section { min-width: 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.15rem 1.25rem; }
.card + .card { margin-top: .8rem; }
footer { color: var(--quiet); font-size: .88rem; padding-block: 1.4rem 3rem; display: grid; gap: .5rem; }
footer p { max-width: 46rem; overflow-wrap: anywhere; }
@media print {
	body { font-size: 10.5pt; }
	.drawing { display: none; }
	.hero h1 { margin-top: 1rem; }
	main { gap: 1.6rem; padding-block: 1rem; }
	.card, tr, .record { break-inside: avoid; }
	h2 { break-after: avoid; }
	details::details-content { content-visibility: visible; height: auto; }
	* { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
