import { html, type Markup } from './html.ts';
import type { RehearsalTarget } from './rehearsal-result.ts';
import { isTargetGood, type Station, toStations } from './stations.ts';

const HEIGHT = { ours: 22, previous: 78, other: 50, unknown: 50 } as const;
const WIDTH = 400;

const toPoint = ({ level }: Station, index: number): readonly [x: number, y: number] => [
	WIDTH / 8 + (index * WIDTH) / 4,
	HEIGHT[level],
];

/** The pointer's way as one line: steps up to our version and down to the previous one, ending where nobody looked. */
const toPath = (stations: readonly Station[]): string => {
	const known = stations.filter(({ level }) => level !== 'unknown').map(toPoint);
	const [first, ...rest] = known;
	if (!first) return '';
	const moves = rest.map(([x, y], index) => {
		const [fromX, fromY] = known[index] ?? first;
		const middle = (fromX + x) / 2;
		return `C${middle} ${fromY} ${middle} ${y} ${x} ${y}`;
	});
	return `M${first[0]} ${first[1]}${moves.join('')}`;
};

const toSeen = ({ seen }: Station): string => (seen === undefined ? 'not looked at' : (seen ?? 'none'));

const toMark = ({ seen, good }: Station): string => {
	if (seen === undefined) return 'open';
	return good ? 'good' : 'bad';
};

const toStation = (station: Station): Markup => html`
<li class="station ${toMark(station)} at-${station.level}">
<span class="dot" aria-hidden="true"></span>
<span class="station-name">${station.name}</span>
<strong class="version">${toSeen(station)}</strong>
${station.good || station.seen === undefined ? null : html`<span class="expected">expected ${station.expected ?? 'none'}</span>`}
</li>`;

const toVerdict = (target: RehearsalTarget): Markup =>
	isTargetGood(target)
		? html`<p class="badge good">${target.verifiedBy.length > 0 ? `Verified with ${target.verifiedBy.join(', ')}` : 'Verified as a consumer'}</p>`
		: html`<p class="badge bad">Not as expected</p>`;

const toCard = (target: RehearsalTarget): Markup => {
	const stations = toStations(target);
	return html`
<article class="card target">
<header>
<h3><span class="registry">${target.type}</span> ${decodeURIComponent(target.subject.replace(/^pkg:[a-z]+\//, ''))}</h3>
<p class="quiet">${target.pointer}</p>
${toVerdict(target)}
</header>
<div class="track">
<svg viewBox="0 0 ${WIDTH} 100" preserveAspectRatio="none" aria-hidden="true"><path d="${toPath(stations)}"/></svg>
<ol>${stations.map(toStation)}</ol>
</div>
${target.remains.length > 0 ? html`<div class="remains quiet"><p>What no rollback undoes:</p><ul>${target.remains.map((text) => html`<li>${text}</li>`)}</ul></div>` : null}
</article>`;
};

/** What the default version of each package was, at four moments. */
export const toTargetsSection = (targets: readonly RehearsalTarget[]): Markup => html`
<section aria-labelledby="targets">
<h2 id="targets">What your users would have got</h2>
<p class="lead">The version that a plain install resolves to, read with the real clients at four moments.</p>
<div class="targets">${targets.map(toCard)}</div>
</section>`;
