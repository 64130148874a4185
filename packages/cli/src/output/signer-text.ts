import { toPrintable } from '@slipway/core';
import type { VerifiedLink } from '@slipway/verify';
import type { Paint } from './paint.ts';

const toIdentity = ({ signer }: VerifiedLink): string =>
	signer.key === null
		? `${toPrintable(signer.identity ?? 'unknown', 300)} (issuer ${toPrintable(signer.issuer ?? 'unknown', 200)})`
		: `key ${signer.key.slice(0, 16)}…`;

const toOrigin = ({ certificate }: VerifiedLink): string[] => {
	if (!certificate?.sourceRepository) return [];
	const { sourceRepository, sourceRef, sourceDigest, runUrl, runnerEnvironment } = certificate;
	const at = [sourceRef, sourceDigest?.slice(0, 12)].filter((part) => part !== undefined).join(', ');
	const run = [runUrl, runnerEnvironment && `on a ${runnerEnvironment} runner`].filter(Boolean).join(' ');
	return [
		`from ${toPrintable(sourceRepository, 300)} (${toPrintable(at, 300)})`,
		...(run ? [toPrintable(run, 300)] : []),
	];
};

const toCounts = (links: readonly VerifiedLink[]): string => {
	const counts = new Map<string, number>();
	for (const { kind } of links) counts.set(kind ?? 'other', (counts.get(kind ?? 'other') ?? 0) + 1);
	return [...counts].map(([kind, count]) => (count === 1 ? kind : `${count} ${kind}`)).join(', ');
};

/** From the first to the last proven time. */
const toTimes = (links: readonly VerifiedLink[]): string => {
	const times = links.flatMap(({ signedAt }) => signedAt?.getTime() ?? []);
	if (times.length === 0) return 'no proven time';
	const [first, last] = [Math.min(...times), Math.max(...times)].map(
		(ms) => `${new Date(ms).toISOString().slice(0, 19)}Z`,
	);
	return first === last ? `${first}` : `${first} to ${last}`;
};

const toLogs = (links: readonly VerifiedLink[]): string => {
	const logs = [...new Set(links.flatMap((link) => link.logs))];
	return logs.length === 0
		? 'in no transparency log'
		: `logged at ${logs.map((log) => toPrintable(log, 100)).join(', ')}`;
};

/** One paragraph for each signer: who, where from, what, when, and where it is logged. */
export const toSignerLines = (links: readonly VerifiedLink[], paint: Paint): string[] => {
	const groups = Map.groupBy(
		links,
		(link) => `${link.signer.name}\0${toIdentity(link)}\0${toOrigin(link).join('\0')}`,
	);
	return [...groups.values()].flatMap((group) => {
		const [first] = group;
		if (!first) return [];
		return [
			`    ${paint('strong', toPrintable(first.signer.name, 100))}  ${toIdentity(first)}`,
			...toOrigin(first).map((line) => `      ${line}`),
			`      ${toCounts(group)}`,
			`      ${toTimes(group)}, ${toLogs(group)}`,
		];
	});
};
