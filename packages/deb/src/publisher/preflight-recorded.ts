import { type Context, type Finding, type Preflight, parsePurl, type Subject } from '@slipway/core';
import type { AptCode } from '../repository/error.ts';
import { parsePointer } from '../repository/offers.ts';
import { verifyStanzaBytes } from '../repository/pool-deb.ts';
import { resolveStanza } from '../repository/resolve-stanza.ts';
import { openSuite, type SuiteView } from '../repository/suite-view.ts';
import { checkTarget } from './check-target.ts';
import { attempt } from './findings.ts';
import { type Apt, parsePointerName } from './options.ts';

type Operation = 'rollback' | 'restore' | 'abort' | 'status';

/** An abort only takes files that no index names out of the pool: it needs no key and no right time. */
const signs = (operation: Operation): boolean => operation === 'rollback' || operation === 'restore';

/** Every .deb that the suite would offer afterwards must be there with its own bytes, also those it offers already. */
const checkOffers = async (
	{ repository }: Apt,
	view: SuiteView,
	{ subject, pointer }: { readonly subject: Subject; readonly pointer: string | null },
): Promise<readonly Finding[]> => {
	const { component } = parsePointerName(subject.pointer.name);
	const { name } = parsePurl(subject.id);
	const checks = parsePointer(pointer).map((offer) =>
		attempt(async () => {
			const stanza = await resolveStanza(repository, view, { component, name, offer, isNew: false });
			await verifyStanzaBytes(repository, stanza);
		}),
	);
	return (await Promise.all(checks)).flatMap(({ findings }) => findings);
};

const toMovedFinding = ({ id, pointer }: Subject, current: string | null): Finding => ({
	severity: 'warning',
	code: 'APT_POINTER_MOVED' satisfies AptCode,
	message: `${pointer.name} offers other versions of ${id} than this release left there (${current ?? 'none'}): it will be left alone`,
	hint: 'Look who published since. To go back all the same, roll back his release first.',
});

const inspect = async (
	apt: Apt,
	operation: Operation,
	{ subject, view }: { readonly subject: Subject; readonly view: SuiteView },
): Promise<{ readonly findings: readonly Finding[]; readonly current: string | null }> => {
	const { name, previous, next } = subject.pointer;
	const current = await view.pointer(parsePointerName(name).component, parsePurl(subject.id).name);
	if (!signs(operation)) return { findings: [], current };
	if (current !== previous && current !== next)
		return { findings: [toMovedFinding(subject, current)], current };
	if (operation === 'restore')
		return { findings: await checkOffers(apt, view, { subject, pointer: next }), current };
	const found = await checkOffers(apt, view, { subject, pointer: previous });
	return { findings: found.map((finding) => ({ ...finding, onlyBack: true as const })), current };
};

/**
 * What the suites offer now of the subjects of a recorded release, and whether they can be withdrawn or exposed again:
 * a rollback towards bytes that are gone or changed is refused (APT_BYTES_MISSING, APT_BYTES_CHANGED).
 */
export const preflightRecorded = async (
	apt: Apt,
	{ operation, subjects }: { readonly operation: Operation; readonly subjects: readonly Subject[] },
	context: Context,
): Promise<Preflight> => {
	const findings: Finding[] = signs(operation) ? [...(await checkTarget(apt, context))] : [];
	const found: Preflight['subjects'][number][] = [];
	const bySuite = Map.groupBy(subjects, ({ pointer }) => parsePointerName(pointer.name).suite);
	for (const [suite, group] of bySuite) {
		const opened = await attempt(async () => {
			const view = await openSuite(apt.repository, suite, { now: context.clock.now() });
			return Promise.all(
				group.map(async (subject) => ({ subject, ...(await inspect(apt, operation, { subject, view })) })),
			);
		});
		findings.push(...opened.findings, ...(opened.value ?? []).flatMap((inspected) => inspected.findings));
		found.push(...(opened.value ?? []).map(({ subject, current }) => ({ subject, current })));
	}
	return { findings, subjects: found };
};
