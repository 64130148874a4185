/** The sections: tracks of the targets, time line, tables, journal, problems. */
export const PARTS = `
.targets { display: grid; gap: .9rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); }
.targets .card + .card, .projects .card + .card { margin-top: 0; }
.target header { display: grid; grid-template-columns: 1fr auto; gap: .1rem .8rem; align-items: start; }
.target header .quiet { grid-column: 1; font-size: .9rem; }
.registry { font: 600 .74rem/1 var(--mono); color: var(--accent); border: 1px solid currentColor; border-radius: 4px; padding: .2em .45em; vertical-align: .18em; margin-right: .3em; }
.badge { grid-column: 1 / -1; font-size: .85rem; font-weight: 550; margin-top: .45rem; justify-self: start; padding: .12rem .6rem; border-radius: 99px; overflow-wrap: anywhere; }
.badge.good { color: var(--good); background: var(--good-soft); }
.badge.bad { color: var(--bad); background: var(--bad-soft); }
.track { position: relative; margin-top: .9rem; }
.track svg { position: absolute; inset: 0 0 auto; width: 100%; height: 6rem; }
.track path { fill: none; stroke: var(--accent); stroke-width: 2.5; vector-effect: non-scaling-stroke; opacity: .55; }
.track ol { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); position: relative; }
.station { padding: 6rem .1rem 0; overflow-wrap: anywhere; text-align: center; position: relative; display: grid; gap: .05rem; align-content: start; font-size: .85rem; }
.dot { position: absolute; left: 50%; width: 17px; height: 17px; margin: -8.5px; border-radius: 50%; background: var(--card); border: 3px solid var(--accent); }
.at-ours .dot { top: calc(6rem * .22); background: var(--accent); }
.at-previous .dot { top: calc(6rem * .78); }
.at-other .dot, .at-unknown .dot { top: 3rem; }
.station.bad .dot { border-color: var(--bad); background: var(--bad); }
.station.open .dot { border-style: dashed; border-color: var(--quiet); }
.station-name { color: var(--quiet); }
.version { font: 600 .92rem/1.3 var(--mono); overflow-wrap: anywhere; }
.station.bad .version, .expected { color: var(--bad); }
.station.open .version { color: var(--quiet); font: italic 400 .85rem/1.3 var(--sans); }
.remains { border-top: 1px solid var(--line); margin-top: 1rem; padding-top: .7rem; font-size: .85rem; overflow-wrap: anywhere; }
.remains ul { margin: .2rem 0 0; padding-left: 1rem; }
.axis, .row { display: grid; grid-template-columns: 13.5rem 1fr 5.5rem; gap: 0 1rem; }
.axis-track { grid-column: 2; position: relative; height: 1.3rem; font-size: .78rem; color: var(--quiet); }
.axis-track span { position: absolute; transform: translateX(-50%); white-space: nowrap; font-variant-numeric: tabular-nums; }
.axis-track span:first-child { transform: none; }
.lane h3 { font: 600 .95rem/1.3 var(--sans); padding-bottom: .2rem; border-bottom: 1px solid var(--line); margin-top: 1rem; }
.rows { list-style: none; margin: .3rem 0 0; padding: 0; }
.row { align-items: center; font-size: .9rem; padding: .12rem 0; }
.row-name { overflow-wrap: anywhere; }
.row-time { text-align: right; font-variant-numeric: tabular-nums; color: var(--quiet); }
.bar-track { position: relative; height: .8rem; background: var(--grid); border-radius: 3px; }
.bar { position: absolute; top: 0; bottom: 0; min-width: 3px; border-radius: 3px; background: var(--accent); }
.row.failed .bar { background: var(--bad); }
.failed-word { color: var(--bad); font-weight: 600; }
table { width: 100%; border-collapse: collapse; background: var(--card); font-size: .92rem; border: 1px solid var(--line); border-radius: 10px; border-spacing: 0; }
th, td { text-align: left; vertical-align: top; overflow-wrap: anywhere; padding: .55rem .8rem; border-bottom: 1px solid var(--line); font-weight: 400; }
[data-label=Target], [data-label=Size], thead th { white-space: nowrap; }
thead th { color: var(--quiet); font-size: .82rem; }
tbody tr:last-child > * { border-bottom: 0; }
.digest { line-height: 1.45; }
.projects { display: grid; gap: .9rem; margin-top: .9rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); }
.project-version { color: var(--quiet); font-weight: 400; }
.project ul { margin: .5rem 0 0; padding-left: 1.1rem; font-size: .92rem; }
.project li { margin: .2rem 0; overflow-wrap: anywhere; }
summary { cursor: pointer; overflow-wrap: anywhere; }
summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 4px; border-radius: 4px; }
.records { list-style: none; margin: .8rem 0 0; padding: 0; font-size: .9rem; }
.record { display: grid; grid-template-columns: 6.5rem 1fr; gap: 0 1rem; padding: .4rem 0; border-top: 1px solid var(--line); }
.record .time { font-family: var(--mono); font-size: .82rem; color: var(--quiet); padding-top: .1rem; }
.record-body { display: grid; overflow-wrap: anywhere; }
.record .path { color: var(--quiet); }
.failure { border-color: var(--bad); border-left-width: 5px; }
.failure code { color: var(--bad); }
.failure .message { margin: .5rem 0; overflow-wrap: anywhere; }
.failure p { overflow-wrap: anywhere; }
.fault ol { margin: .7rem 0 0; padding-left: 1.2rem; overflow-wrap: anywhere; }
@media (max-width: 42rem) {
	.axis { display: none; }
	.row { grid-template-columns: 1fr auto; padding: .3rem 0; }
	.bar-track { grid-row: 2; grid-column: 1 / -1; height: .55rem; }
	thead { display: none; }
	tbody tr { display: block; padding: .7rem 1rem; border-bottom: 1px solid var(--line); }
	tbody tr:last-child { border-bottom: 0; }
	tbody th, tbody td { display: grid; grid-template-columns: 4.5rem minmax(0, 1fr); gap: .6rem; padding: .12rem 0; border: 0; }
	tbody th { display: block; font-weight: 600; padding-bottom: .25rem; }
	td::before { content: attr(data-label); color: var(--quiet); }
	table { display: block; }
	.record { grid-template-columns: 1fr; }
}
`;
