import { basename } from 'node:path/posix';
import type { Context, Finding, Preflight, Subject } from '@slipway/core';
import { compareDebianVersions, parseDebianVersion } from '../package/debian-version.ts';
import { toDebianVersion } from '../package/release-version.ts';
import type { AptCode } from '../repository/error.ts';
import { toPointer, toVersions } from '../repository/offers.ts';
import type { IndexStanza } from '../repository/packages-index.ts';
import { openSuite, type SuiteView, toOffer } from '../repository/suite-view.ts';
import { checkTarget } from './check-target.ts';
import { toArtifact, toDebSubjectId } from './deb-purl.ts';
import { attempt } from './findings.ts';
import { type Apt, toPointerName, toSuiteOf } from './options.ts';

/** Whether a Debian version is one of the release: its upstream part, whatever the epoch and revision. */
const isOfRelease = (version: string, release: string): boolean => {
	const wanted = parseDebianVersion(toDebianVersion({ version: release })).upstream;
	const { upstream } = parseDebianVersion(version);
	return upstream === wanted || upstream.startsWith(`${wanted}+really`);
};

const findHighest = (stanzas: readonly IndexStanza[], release: string): string | undefined =>
	toVersions(stanzas.map(toOffer).filter(({ version }) => isOfRelease(version, release))).at(-1);

const readSize = async ({ repository }: Apt, { filename }: IndexStanza): Promise<number> =>
	(await repository.store.read(filename))?.bytes.length ?? 0;

const toMissing = (name: string, release: string, suite: string): Finding => ({
	severity: 'error',
	code: 'APT_PACKAGE_UNKNOWN' satisfies AptCode,
	message: `${suite} does not offer ${name} of release ${release}`,
	hint: 'Name a release that the suite offers; older ones may have been dropped by `keep`.',
});

const toSubject = async (
	apt: Apt,
	{ name, version, suite }: { readonly name: string; readonly version: string; readonly suite: string },
	{ stanzas, to }: { readonly stanzas: readonly IndexStanza[]; readonly to: string },
): Promise<Subject> => {
	const offers = stanzas.map(toOffer);
	const before = offers.filter((offer) => compareDebianVersions(offer.version, to) <= 0);
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
			previous: toPointer(before),
			next: toPointer(offers) ?? '',
		},
		dependsOn: [],
	};
};

interface Request {
	readonly version: string;
	readonly to: string;
}

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
	return toSubject(apt, { name, version, suite }, { stanzas, to });
};

/**
 * The subjects of a release of which there is no record, made from what the suite offers of this project's packages:
 * `previous` is what it offers up to release `to`, which apt then resolves to.
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
