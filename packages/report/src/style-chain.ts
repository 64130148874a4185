/** The chain of records and the table of what was tried on copies. */
export const CHAIN = `
.badge.plain { color: var(--quiet); border: 1px solid var(--line); }
.chain .badge { width: fit-content; }
.links { list-style: none; margin: 1.1rem 0 0; padding: 0; display: grid; grid-template-columns: repeat(auto-fit, minmax(7rem, 1fr)); gap: 1.2rem 0; }
.link { position: relative; display: grid; align-content: start; gap: .1rem; padding: 1.5rem .6rem 0 0; font-size: .85rem; overflow-wrap: anywhere; }
.link::before { content: ""; position: absolute; top: .5rem; left: 0; right: 0; height: 3px; background: var(--accent); }
.link:last-child::before { right: auto; width: 1rem; }
.link.open::before { background: var(--line); }
.link-dot { position: absolute; top: .05rem; left: 0; width: 17px; height: 17px; border-radius: 50%; background: var(--accent); border: 3px solid var(--accent); }
.link.open .link-dot { background: var(--card); border-color: var(--quiet); border-style: dashed; }
.link strong { font-size: .98rem; }
.link-signed { color: var(--good); font-weight: 600; }
.link-unsigned { color: var(--bad); font-weight: 600; }
.signer { margin: 1.2rem 0 0; display: grid; gap: .25rem; border-top: 1px solid var(--line); padding-top: .8rem; font-size: .9rem; }
.signer div { display: grid; grid-template-columns: 8rem minmax(0, 1fr); gap: 1rem; }
.signer dt { color: var(--quiet); }
.signer dd { margin: 0; overflow-wrap: anywhere; }
.carried { margin: .9rem 0 0; padding-left: 1.1rem; font-size: .9rem; overflow-wrap: anywhere; }
.chain details { margin-top: .9rem; }
details > table { margin-top: .8rem; }
.chain table, .tampering { font-size: .85rem; table-layout: fixed; }
.follow { display: block; }
.chain thead th:nth-child(1) { width: 6.5rem; }
.chain thead th:nth-child(2) { width: 32%; }
.how { margin-top: .7rem; font-size: .85rem; }
.tampering th:nth-child(1) { width: 34%; }
.tampering td span { display: block; }
@media (max-width: 42rem) {
	.signer div { grid-template-columns: 1fr; gap: 0; }
	.tampering th:nth-child(1) { width: auto; }
}
`;
