import { basename } from 'node:path/posix';
import type { Context, Finding, Preflight, Subject } from '@slipway/core';
import { compareDebianVersions, parseDebianVersion } from '../package/debian-version.ts';
import { toDebianVersion } from '../package/release-version.ts';
import type { AptCode } from '../repository/error.ts';
import { type Offer, toPointer, toVersions } from '../repository/offers.ts';
import type { IndexStanza } from '../repository/packages-index.ts';
import { openSuite, type SuiteView, toOffer } from '../repository/suite-view.ts';
import { checkTarget } from './check-target.ts';
import { toArtifact, toDebSubjectId } from './deb-purl.ts';
import { attempt } from './findings.ts';
import { type Apt, toPointerName, toSuiteOf } from './options.ts';

/** Versions of releases, not of Debian. */
interface Request {
	readonly version: string;
	readonly to: string;
}

/** Whether a Debian version is one of the release: its upstream part, whatever the epoch and revision. */
const isOfRelease = (version: string, release: string): boolean => {
	const wanted = parseDebianVersion(toDebianVersion({ version: release })).upstream;
	const { upstream } = parseDebianVersion(version);
	return upstream === wanted || upstream.startsWith(`${wanted}+really`);
};

/** The highest Debian version of the release among stanzas. */
const findHighest = (stanzas: readonly IndexStanza[], release: string): string | undefined =>
	toVersions(stanzas.map(toOffer).filter(({ version }) => isOfRelease(version, release))).at(-1);

const readSize = async ({ repository }: Apt, { filename }: IndexStanza): Promise<number> =>
	(await repository.store.read(filename))?.bytes.length ?? 0;

const toError = (code: AptCode, message: string, hint: string): Finding => ({
	severity: 'error',
	code,
	message,
	hint,
});

const toMissing = (name: string, release: string, suite: string): Finding =>
	toError(
		'APT_PACKAGE_UNKNOWN',
		`${suite} does not offer ${name} of release ${release}`,
		'Name a release that the suite offers; older ones may have been dropped by `keep`.',
	);

interface Ends {
	readonly name: string;
	readonly suite: string;
	/** The Debian version that is taken out. */
	readonly version: string;
	/** The Debian version that apt is to resolve to then. */
	readonly to: string;
}

/**
 * Only what the release itself offers is taken out, so that the versions beside it decide: none may be above it (apt's
 * default is another release's then), and the highest one below it must be `to`.
 */
const checkWay = (
	{ name, suite, version, to }: Ends,
	others: readonly Offer[],
	{ version: release }: Request,
): Finding | undefined => {
	if (compareDebianVersions(to, version) >= 0)
		return toError(
			'APT_VERSION_LOWER',
			`${name}: expected a version below ${version} to go back to, got ${to}`,
			`Name an older release: \`slipway rollback ${release} --to OLDER --reason TEXT\`.`,
		);
	const highest = toVersions(others).at(-1) ?? to;
	if (compareDebianVersions(highest, version) > 0)
		return toError(
			'APT_POINTER_MOVED',
			`${suite} offers ${name} ${highest} by default, expected ${version}`,
			'Nothing resolves to this release by default. Roll the higher one back first if it shall go too.',
		);
	if (compareDebianVersions(highest, to) <= 0) return undefined;
	return toError(
		'APT_VERSION_LOWER',
		`without ${version}, ${suite} offers ${name} ${highest}, which apt prefers to ${to}`,
		`Go back release by release: \`slipway rollback ${release} --to OLDER --reason TEXT\`, where OLDER is that of ${highest}.`,
	);
};

const toSubject = async (
	apt: Apt,
	{ name, version, suite }: Ends,
	{ stanzas, others }: { readonly stanzas: readonly IndexStanza[]; readonly others: readonly Offer[] },
): Promise<Subject> => {
	const ours = stanzas.filter((stanza) => stanza.version === version);
	const artifacts = ours.map(async (stanza) =>
		toArtifact(stanza, {
			name: basename(stanza.filename),
			size: await readSize(apt, stanza),
			sha256: stanza.sha256,
		}),
	);
	return {
		target: apt.options.id,
		id: toDebSubjectId(name),
		version,
		artifacts: await Promise.all(artifacts),
		mode: { name: 'pool', hides: true },
		pointer: {
			name: toPointerName(suite, apt.options.target.component),
			previous: toPointer(others),
			next: toPointer(stanzas.map(toOffer)) ?? '',
		},
		dependsOn: [],
	};
};

const recoverOne = async (
	apt: Apt,
	name: string,
	{ view, request }: { readonly view: SuiteView; readonly request: Request },
): Promise<Subject | Finding> => {
	const stanzas = await view.stanzas(apt.options.target.component, name);
	const suite = view.suite.name;
	const version = findHighest(stanzas, request.version);
	const to = findHighest(stanzas, request.to);
	if (version === undefined) return toMissing(name, request.version, suite);
	if (to === undefined) return toMissing(name, request.to, suite);
	const ends = { name, suite, version, to };
	const others = stanzas.map(toOffer).filter((offer) => !isOfRelease(offer.version, request.version));
	return checkWay(ends, others, request) ?? toSubject(apt, ends, { stanzas, others });
};

/**
 * The subjects of a release of which there is no record, made from what the suite offers of this project's packages:
 * `previous` is what it offers besides this release, and apt must resolve to release `to` then.
 */
export const preflightRecover = async (apt: Apt, request: Request, context: Context): Promise<Preflight> => {
	const { options, repository } = apt;
	const version = toDebianVersion({ version: request.version });
	const suite = toSuiteOf(options.target, version) ?? options.target.suite;
	const opened = await attempt(async () => {
		const view = await openSuite(repository, suite, { now: context.clock.now() });
		return Promise.all(options.packages.map((name) => recoverOne(apt, name, { view, request })));
	});
	const found = opened.value ?? [];
	return {
		findings: [
			...(await checkTarget(apt, context)),
			...opened.findings,
			...found.filter((item) => 'code' in item),
		],
		subjects: found
			.filter((item) => 'pointer' in item)
			.map((subject) => ({ subject, current: subject.pointer.next })),
	};
};
