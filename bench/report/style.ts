/** Light and dark as the reader's system has it. */
export const STYLE = `
:root { color-scheme: light dark; --text: #1c2430; --soft: #566274; --page: #fff; --panel: #f4f6f9; --line: #d5dbe4;
	--own: #1f6feb; --peer: #9aa6b6; --spread: #10151d; --good: #17703a; --bad: #b42318; }
@media (prefers-color-scheme: dark) { :root { --text: #e4e9f0; --soft: #a0acbc; --page: #12161c; --panel: #1b212a;
	--line: #313a46; --own: #58a0ff; --peer: #66727f; --spread: #f2f5f9; --good: #5fd08a; --bad: #ff8f85; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 2rem 1.25rem 4rem; background: var(--page); color: var(--text);
	font: 16px/1.55 system-ui, sans-serif; }
h1 { margin: 0 0 .25rem; font-size: 1.9rem; }
h2 { margin: 2.5rem 0 .5rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); font-size: 1.35rem; }
h3 { margin: 0 0 .6rem; font-size: 1rem; }
p { margin: .4rem 0; }
.soft { color: var(--soft); font-size: .9rem; }
code { font: .88em ui-monospace, monospace; overflow-wrap: anywhere; }
figure { margin: 1rem 0; padding: 1rem 1.1rem; background: var(--panel); border-radius: 8px; }
figcaption { margin-top: .5rem; color: var(--soft); font-size: .9rem; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--text); font: 13px system-ui, sans-serif; dominant-baseline: central; }
.own { fill: var(--own); } .peer { fill: var(--peer); }
.spread { stroke: var(--spread); stroke-width: 1.4; fill: none; }
.limit { stroke: var(--bad); stroke-width: 1.4; stroke-dasharray: 4 4; fill: none; }
.met { color: var(--good); font-weight: 600; } .missed { color: var(--bad); font-weight: 600; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { padding: .35rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
td.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
`;
