import { type Context, SlipwayError, toMessage } from '@slipway/core';
import type { GateFinding } from '../gate.ts';
import { findOrder } from '../osv/ecosystems.ts';
import { isAffected, toFixedVersions } from '../osv/is-affected.ts';
import type { OsvEntry } from '../osv/osv-record.ts';
import { type OsvIndex, openOsvIndex } from '../osv/read-index.ts';
import { type Component, type LookUp, toLookUp } from './component.ts';
import type { Advisories, Advisory, AdvisorySource, Match } from './source.ts';

export interface IndexSourceOptions {
	/** Absolute path of an index that `slipway gate index` wrote. */
	readonly file: string;
	/** How the file is named in messages. */
	readonly name: string;
	readonly maxAgeHours: number;
}

interface Asked extends LookUp {
	readonly component: Component;
}

const HOUR = 3600;
/** Clocks differ; data from further ahead was not made by this world's OSV. */
const MAX_AHEAD_SECONDS = HOUR;

const toAdvisory = (entry: OsvEntry): Advisory => ({
	id: entry.id,
	aliases: entry.aliases ?? [],
	summary: entry.summary ?? '',
	rating: entry.rating ?? 'unknown',
	isMalware: entry.malware ?? false,
	fixed: toFixedVersions(entry),
});

/** Without a release in the purl every release of the distribution is compared: better one too many than one too few. */
const isOfRelease = (entry: OsvEntry, release: string | undefined): boolean =>
	release === undefined || entry.release === undefined || entry.release === release;

const findMatches = (index: OsvIndex, asked: readonly Asked[]): Match[] => {
	const matches: Match[] = [];
	for (const { ecosystem, name, version, release, component } of asked) {
		const order = findOrder(ecosystem);
		for (const entry of index.find(ecosystem, name))
			if (isOfRelease(entry, release) && isAffected(version, entry, order))
				matches.push({ advisory: toAdvisory(entry), component });
	}
	return matches;
};

const REFRESH = "Get OSV's data export again and index it: slipway gate index DUMP --out FILE.";

const findAgeProblems = (age: number, { name, maxAgeHours }: IndexSourceOptions): GateFinding[] => {
	const where = { file: name };
	if (age > maxAgeHours * HOUR) {
		const message = `expected vulnerability data of at most ${maxAgeHours} h, got ${Math.floor(age / HOUR)} h`;
		return [{ id: 'database-too-old', severity: 'error', message, where, hint: REFRESH }];
	}
	if (age >= -MAX_AHEAD_SECONDS) return [];
	const message = 'expected vulnerability data from the past, got some from the future';
	return [
		{
			id: 'database-from-the-future',
			severity: 'error',
			message,
			where,
			hint: `Check this machine's clock. ${REFRESH}`,
		},
	];
};

/** npm is what is released here: without it the index is the wrong one. Others come in by merged SBOMs. */
const findCoverageProblems = (missing: ReadonlyMap<string, number>, file: string): GateFinding[] =>
	[...missing].map(([ecosystem, count]) => ({
		id: `not-covered:${ecosystem}`,
		severity: ecosystem === 'npm' ? 'error' : 'warning',
		message: `${count} components of ${ecosystem} were not looked up: the index holds nothing of ${ecosystem}`,
		where: { file },
		hint: `Index the dump of ${ecosystem} too: put the dumps into one folder and run slipway gate index FOLDER.`,
	}));

/** What has no version, or lives where no database looks, is not known to be harmless: that is told. */
const findUnknown = (components: readonly Component[], asked: readonly Asked[]): GateFinding[] => {
	const known = new Set(asked.map(({ component }) => component));
	const unknown = components.filter((component) => !component.isOwn && !known.has(component));
	if (unknown.length === 0) return [];
	const [first] = unknown;
	return [
		{
			id: 'not-looked-up',
			severity: 'note',
			message: `${unknown.length === 1 ? '1 component was' : `${unknown.length} components were`} not looked up, for example ${first?.label}: no version, or none of the ecosystems that databases know`,
			where: { file: first?.sbom ?? 'manifest.json' },
			hint: 'Nothing to do where they are dependencies on whatever version is installed; else complete the SBOM.',
		},
	];
};

const countBy = (asked: readonly Asked[]): Map<string, number> => {
	const counts = new Map<string, number>();
	for (const { ecosystem } of asked) counts.set(ecosystem, (counts.get(ecosystem) ?? 0) + 1);
	return counts;
};

const toAge = (index: OsvIndex, ecosystems: readonly string[], now: number): number => {
	const known = ecosystems.length > 0 ? ecosystems : Object.keys(index.header.ecosystems);
	const times = known.map((ecosystem) => Date.parse(index.header.ecosystems[ecosystem]?.newest ?? ''));
	const oldest = Math.min(...times.filter((time) => !Number.isNaN(time)));
	return Number.isFinite(oldest) ? Math.round((now - oldest) / 1000) : Number.MAX_SAFE_INTEGER;
};

const answer = (
	index: OsvIndex,
	components: readonly Component[],
	{ options, now }: { readonly options: IndexSourceOptions; readonly now: number },
): Advisories => {
	const asked = components.flatMap((component) => {
		const lookUp = component.purl === undefined ? undefined : toLookUp(component.purl);
		return lookUp ? [{ ...lookUp, component }] : [];
	});
	const counts = countBy(asked);
	const isHeld = (ecosystem: string): boolean => Object.hasOwn(index.header.ecosystems, ecosystem);
	const missing = new Map([...counts].filter(([ecosystem]) => !isHeld(ecosystem)));
	const dataAge = toAge(index, [...counts.keys()].filter(isHeld), now);
	return {
		matches: findMatches(index, asked),
		evidence: [{ name: `osv:${options.name}`, digest: { sha256: index.snapshot } }],
		dataAge,
		problems: [
			...findAgeProblems(dataAge, options),
			...findCoverageProblems(missing, options.name),
			...findUnknown(components, asked),
		],
	};
};

const toUnreadable = (thrown: SlipwayError, { name }: IndexSourceOptions): Advisories => ({
	matches: [],
	evidence: [],
	dataAge: null,
	problems: [
		{
			id: 'database-unreadable',
			severity: 'error',
			message: toMessage(thrown),
			where: { file: name },
			hint: thrown.hint,
		},
	],
});

/**
 * Looks up components in an index of OSV records, without a network. The age of the data is that of the newest record of
 * the ecosystem that has the oldest one, so that nobody's clock or file times count.
 */
export const indexSource = (options: IndexSourceOptions): AdvisorySource => ({
	lookUp: async (components, { clock }: Context) => {
		let index: OsvIndex | undefined;
		try {
			index = openOsvIndex(options.file);
			return answer(index, components, { options, now: clock.now() });
		} catch (thrown) {
			if (thrown instanceof SlipwayError) return toUnreadable(thrown, options);
			throw thrown;
		} finally {
			index?.close();
		}
	},
});
