/** Colours and type: light by default, dark and print by what the reader's device says. Text contrast is at least 4.5 : 1. */
export const THEME = `
:root {
	color-scheme: light dark;
	--paper: #f6f5f1; --card: #fff; --ink: #15233b; --quiet: #556175; --line: #dfdcd3; --grid: #ecebe5;
	--deep: #10284a; --deep-ink: #f2f6fc; --deep-quiet: #b9c9e0; --deep-line: #ffffff2e;
	--accent: #1a5fa8; --good: #11694a; --good-soft: #e2f0e9; --bad: #ac2318; --bad-soft: #fbe8e5;
	--sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
	--serif: Charter, "Bitstream Charter", "Iowan Old Style", "Sitka Text", Cambria, Georgia, "DejaVu Serif", serif;
	--mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
	:root {
		--paper: #0c1320; --card: #131d2e; --ink: #e5ebf5; --quiet: #9dabc1; --line: #28364d; --grid: #1d2a3f;
		--deep: #0a1a31; --deep-line: #ffffff24;
		--accent: #78b4f5; --good: #66d3a4; --good-soft: #12312a; --bad: #ff9d92; --bad-soft: #3b1d20;
	}
}
@media print {
	:root {
		color-scheme: light;
		--paper: #fff; --card: #fff; --ink: #000; --quiet: #444; --line: #bbb; --grid: #e4e4e4;
		--deep: #fff; --deep-ink: #000; --deep-quiet: #333; --deep-line: #999;
		--accent: #1a5fa8; --good: #11694a; --good-soft: #fff; --bad: #ac2318; --bad-soft: #fff;
	}
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 var(--sans); -webkit-text-size-adjust: 100%; }
h1, h2, h3 { font-family: var(--serif); font-weight: 600; line-height: 1.2; text-wrap: balance; }
h2 { font-size: 1.6rem; margin: 0 0 .3rem; }
h2 + .card { margin-top: .8rem; }
h3 { font-size: 1.15rem; margin: 0; overflow-wrap: anywhere; }
p { margin: 0; }
code { font-family: var(--mono); font-size: .86em; overflow-wrap: anywhere; }
.quiet { color: var(--quiet); }
.lead { color: var(--quiet); max-width: 44rem; margin-bottom: 1.1rem; text-wrap: pretty; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;
